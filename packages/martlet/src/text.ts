/**
 * The coercion table: what a text of a path, query, header, cookie or form stands for. One table
 * for every place; `docs/coercion.md` shows it with examples.
 *
 * | declared  | text that fits                                                                   |
 * | --------- | -------------------------------------------------------------------------------- |
 * | `integer` | an optional sign and digits, with `.0` at the most; exact up to 2^53 - 1          |
 * | `number`  | a decimal number with an optional exponent, finite                                |
 * | `boolean` | `true t yes y on 1` and `false f no n off 0`, in any case                         |
 * | `bigint`  | an optional sign and digits                                                       |
 * | `date`    | an ISO 8601 date, or date and time; UTC unless it has an offset                   |
 * | `text`    | everything                                                                        |
 *
 * Blanks around a number are ignored. A text that fits nothing is left as it is: the schema says
 * what it wanted.
 *
 * @module
 */
import type { Issue } from "./errors.ts";
import type { TextKind } from "./schema/text-shape.ts";

const integer = /^[+-]?\d+(?:\.0+)?$/;
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const whole = /^[+-]?\d+$/;
const isoDate =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[Tt ](?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?<zone>[Zz]|[+-]\d\d:\d\d)?)?$/;
const booleans: Readonly<Record<string, boolean>> = Object.assign(Object.create(null), {
  true: true,
  t: true,
  yes: true,
  y: true,
  on: true,
  "1": true,
  false: false,
  f: false,
  no: false,
  n: false,
  off: false,
  "0": false,
});

/**
 * Reads one text as the first of `kinds` that it fits; the text itself when it fits none.
 *
 * @example
 * ```ts
 * import { decodeText } from "martlet";
 *
 * expect(decodeText("7", ["integer"])).toBe(7);
 * expect(decodeText("seven", ["integer"])).toBe("seven");
 * ```
 */
export function decodeText(text: string, kinds: readonly TextKind[]): unknown {
  for (const kind of kinds) {
    const value = decoders[kind](text);
    // Where plain text is welcome too, a number must be written the one way that loses nothing.
    const exact = kinds.at(-1) !== "text" || kind === "text" || String(value) === text;
    if (value !== undefined && exact) return value;
  }
  return text;
}

/** Tells that a text is none of the declared kind; `undefined` where any text would do. */
export function parsingIssue(
  text: string,
  kinds: readonly TextKind[],
): Pick<Issue, "code" | "message"> | undefined {
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1 || kind === "text") return undefined;
  if (kind === "number" && notFinite(text)) {
    return { code: "finite_number", message: "This is no finite number." };
  }
  if ((kind === "integer" || kind === "number") && whole.test(text.trim())) {
    return { code: "int_parsing_size", message: "This number is too large to be kept exactly." };
  }
  return { code: parsingCodes[kind], message: `This is no valid ${parsingNouns[kind]}.` };
}

/** Numbers that JSON cannot tell, by name or by size. */
function notFinite(text: string): boolean {
  const bare = text.trim();
  return /^[+-]?(?:nan|inf(?:inity)?)$/i.test(bare) || (decimal.test(bare) && !whole.test(bare));
}

const parsingCodes: Readonly<Record<TextKind, string>> = {
  integer: "int_parsing",
  number: "float_parsing",
  boolean: "bool_parsing",
  bigint: "int_parsing",
  date: "datetime_from_date_parsing",
  text: "string_type",
};

const parsingNouns: Readonly<Record<TextKind, string>> = {
  integer: "integer",
  number: "number",
  boolean: "boolean",
  bigint: "integer",
  date: "date or time",
  text: "text",
};

const decoders: Readonly<Record<TextKind, (text: string) => unknown>> = {
  integer: (text) => {
    const bare = text.trim();
    if (!integer.test(bare)) return undefined;
    const value = Number(bare);
    return Number.isSafeInteger(value) ? value : undefined;
  },
  number: (text) => {
    const bare = text.trim();
    if (!decimal.test(bare)) return undefined;
    const value = Number(bare);
    if (!Number.isFinite(value)) return undefined;
    // A whole number that cannot be kept exactly is refused, never rounded.
    return whole.test(bare) && !Number.isSafeInteger(value) ? undefined : value;
  },
  boolean: (text) => booleans[text.trim().toLowerCase()],
  bigint: (text) =>
    whole.test(text.trim()) && text.length <= 400 ? BigInt(text.trim()) : undefined,
  date: (text) => {
    const { day, time = "00:00", zone = "Z" } = isoDate.exec(text)?.groups ?? {};
    // The 31st of February is refused: `Date` itself would move it into March.
    if (day === undefined || !isDay(day)) return undefined;
    const value = new Date(`${day}T${time}${zone.toUpperCase()}`);
    return Number.isNaN(value.getTime()) ? undefined : value;
  },
  text: (text) => text,
};

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
