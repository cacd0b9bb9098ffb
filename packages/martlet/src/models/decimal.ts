/**
 * Decimal numbers as text: exact, because no arithmetic is done.
 *
 * @module
 */
import type * as z from "zod";
import { reading, type Refusal, refuse } from "./reading.ts";

/** What a decimal number may be. */
export interface DecimalOptions {
  /** The most digits in all, before and after the point. */
  readonly digits?: number;
  /** The most digits after the point. */
  readonly places?: number;
  /** The least value: a number, or text where that would not be exact. */
  readonly min?: string | number;
  /** The greatest value. */
  readonly max?: string | number;
}

/**
 * An exact decimal number, as text: `"19.90"`. A JSON number is taken as well, where it is exact, which
 * is to say with at most 15 digits. The text is answered as it was written, without an exponent.
 *
 * Codes: `decimal_parsing`, `decimal_type`, `finite_number`, `decimal_max_digits`, `decimal_max_places`,
 * `decimal_whole_digits`, `greater_than_equal`, `less_than_equal`.
 *
 * @example
 * ```ts
 * import { decimal } from "martlet/models";
 *
 * const Price = decimal({ digits: 8, places: 2, min: 0 });
 * expect(Price.parse("19.90")).toBe("19.90");
 * expect(Price.parse(1e2)).toBe("100");
 * expect(Price.safeParse("0.001").success).toBe(false);
 * ```
 */
export function decimal(
  options: DecimalOptions = {},
): z.ZodPipe<z.ZodType<string, string | number>, z.ZodType<string>> {
  const text = { type: "string", pattern: "^-?\\d+(\\.\\d+)?$" };
  return reading<string, string | number>({
    taken: { anyOf: [{ type: "number" }, { type: "string", format: "decimal" }] },
    given: { ...text, format: "decimal" },
    read: (value) => {
      const number = parse(value);
      return "refused" in number ? number : (broken(number, options) ?? write(number));
    },
  });
}

/** The digits before and after the point, and whether it is negative. */
interface Digits {
  readonly sign: "" | "-";
  readonly whole: string;
  readonly part: string;
}

const syntax = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<part>\d*))?(?:[eE](?<power>[+-]?\d{1,3}))?$/;

/** The longest text that is taken, and the largest exponent: nobody counts further. */
const longest = 400;

function parse(value: unknown): Digits | Refusal {
  if (typeof value === "number") return parseNumber(value);
  return typeof value === "string"
    ? parseText(value.trim())
    : refuse("decimal_type", "This is no decimal number.");
}

function parseText(text: string): Digits | Refusal {
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(text)) {
    return refuse("finite_number", "This is no finite number.");
  }
  const found = text.length > longest ? undefined : syntax.exec(text)?.groups;
  const { sign, whole = "", part = "", power = "0" } = found ?? {};
  if (whole + part === "" || Math.abs(Number(power)) > longest) {
    return refuse("decimal_parsing", "This is no decimal number.");
  }
  return shifted({ sign: sign === "-" ? "-" : "", whole, part }, Number(power));
}

function parseNumber(value: number): Digits | Refusal {
  if (!Number.isFinite(value)) return refuse("finite_number", "This is no finite number.");
  const text = String(value);
  const { length } = text.replace(/e.*$/i, "").replaceAll(/^-?0*\.?0*|\./g, "");
  return length > 15
    ? refuse("decimal_parsing", "This number is not exact: send it as text.")
    : parse(text);
}

/** Moves the point, as an exponent says. */
function shifted({ sign, whole, part }: Digits, power: number): Digits {
  const digits = power < 0 ? whole.padStart(1 - power, "0") : whole;
  const after = power > 0 ? part.padEnd(power, "0") : part;
  const all = digits + after;
  const point = digits.length + power;
  const bare = all.slice(0, point).replace(/^0+(?=\d)/, "");
  const rest = all.slice(point);
  const isZero = /^0*$/.test(all);
  return { sign: isZero ? "" : sign, whole: bare === "" ? "0" : bare, part: rest };
}

function write({ sign, whole, part }: Digits): string {
  return `${sign}${whole}${part === "" ? "" : `.${part}`}`;
}

function broken(number: Digits, options: DecimalOptions): Refusal | undefined {
  return tooLong(number, options) ?? outOfRange(number, options);
}

function tooLong({ whole, part }: Digits, { digits, places }: DecimalOptions): Refusal | undefined {
  const before = whole === "0" ? 0 : whole.length;
  if (digits !== undefined && before + part.length > digits) {
    return refuse("decimal_max_digits", `At most ${digits} digits.`, { max: digits });
  }
  if (places !== undefined && part.length > places) {
    return refuse("decimal_max_places", `At most ${places} digits after the point.`, {
      max: places,
    });
  }
  const most = digits === undefined || places === undefined ? Infinity : digits - places;
  return before > most
    ? refuse("decimal_whole_digits", `At most ${most} digits before the point.`, { max: most })
    : undefined;
}

function outOfRange(number: Digits, { min, max }: DecimalOptions): Refusal | undefined {
  if (min !== undefined && compare(number, min) < 0) {
    return refuse("greater_than_equal", `At least ${min}.`, { min: String(min) });
  }
  if (max !== undefined && compare(number, max) > 0) {
    return refuse("less_than_equal", `At most ${max}.`, { max: String(max) });
  }
  return undefined;
}

/** Compares as integers of one scale. Throws a `TypeError` for a limit that is no number. */
function compare(number: Digits, limit: string | number): number {
  const other = parse(String(limit));
  if ("refused" in other) throw new TypeError(`"${limit}" is no decimal number`);
  const scale = Math.max(number.part.length, other.part.length);
  const [one, two] = [number, other].map(({ sign, whole, part }) =>
    BigInt(`${sign}${whole}${part.padEnd(scale, "0")}`),
  ) as [bigint, bigint];
  return one < two ? -1 : Number(one > two);
}
