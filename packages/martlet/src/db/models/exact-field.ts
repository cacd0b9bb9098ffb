/**
 * Columns of numbers that JSON cannot tell exactly: there they are text.
 *
 * @module
 */
import * as z from "zod";
import type { JsonSchema } from "../../index.ts";
import { decimal } from "../../models/index.ts";
import { type AnyColumn, dialectOf, type Side } from "./column.ts";
import { type Coded, coded, isRefusal, readBy, type Refusal, refuse } from "./coded.ts";
import { defaultPrecision } from "./number-field.ts";

/** The least and the greatest value. */
interface Range {
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

/** A whole number of up to 64 bits or more: decimal digits in JSON, a `bigint` in the program. */
export function bigintField(column: AnyColumn, side: Side): Coded<bigint, string | number> {
  const range = side === "write" ? rangeOf(column) : unlimited;
  return coded({
    ...schemas(column),
    value: z.bigint(),
    read: (wire) => readInteger(wire, range),
    write: String,
  });
}

/** The same, and digits in the program, too. */
export function bigintTextField(column: AnyColumn, side: Side): z.ZodType<string> {
  const range = side === "write" ? rangeOf(column) : unlimited;
  const read = (wire: unknown): string | Refusal => {
    const value = readInteger(wire, range);
    return isRefusal(value) ? value : String(value);
  };
  return coded({ ...schemas(column), value: z.string(), read, write: read });
}

const unlimited: Range = { min: undefined, max: undefined };

function schemas({ dataType }: AnyColumn): { given: JsonSchema; taken: JsonSchema } {
  const isUnsigned = dataType.endsWith(" uint64");
  const pattern = String.raw`^-?\d+$`;
  const format = isUnsigned ? "uint64" : "int64";
  const given = { type: "string", format, pattern };
  const number = { type: "integer", ...(isUnsigned && { minimum: 0 }) };
  return { given, taken: { anyOf: [given, number] } };
}

function rangeOf(column: AnyColumn): Range {
  const { dataType, precision = defaultPrecision(column) } = column;
  const isUnsigned = dataType.endsWith(" uint64");
  const isDecimal = /(?:Decimal|Numeric)BigInt$/.test(column.columnType);
  if (isDecimal && dialectOf(column) !== "sqlite") {
    if (precision === undefined) return unlimited;
    const max = 10n ** BigInt(precision) - 1n;
    return { min: isUnsigned ? 0n : -max, max };
  }
  return isUnsigned ? { min: 0n, max: 2n ** 64n - 1n } : { min: -(2n ** 63n), max: 2n ** 63n - 1n };
}

/** Longer ones are no numbers that anybody counts to. */
const integer = /^-?\d{1,400}$/;

function readInteger(wire: unknown, { min, max }: Range): bigint | Refusal {
  const value = parse(wire);
  if (isRefusal(value)) return value;
  if (min !== undefined && value < min) {
    return refuse("greater_than_equal", `At least ${min}.`, { min: String(min) });
  }
  return max !== undefined && value > max
    ? refuse("less_than_equal", `At most ${max}.`, { max: String(max) })
    : value;
}

function parse(wire: unknown): bigint | Refusal {
  if (typeof wire === "bigint") return wire;
  if (typeof wire === "string") {
    return integer.test(wire) ? BigInt(wire) : refuse("int_parsing", "This is no whole number.");
  }
  if (typeof wire !== "number") return refuse("int_type", "This is no whole number.");
  if (Number.isSafeInteger(wire)) return BigInt(wire);
  return Number.isInteger(wire)
    ? refuse("int_parsing_size", "This number is not exact: send it as text.")
    : refuse("int_from_float", "This is no whole number.");
}

/** An exact decimal: text in JSON and in the program, with as many places as the column has. */
export function decimalField(column: AnyColumn, side: Side): z.ZodType<string, string | number> {
  if (dialectOf(column) === "sqlite") return realDecimalField(side);
  const { precision = defaultPrecision(column), scale = 0 } = column;
  const isUnsigned = column.unsigned === true;
  const read = side === "write" ? constraintOf(precision, scale, isUnsigned) : decimal();
  const filled = precision === undefined ? as : (text: string) => withPlaces(text, scale);
  return coded<string, string | number>({
    taken: { anyOf: [{ type: "string", format: "decimal" }, { type: "number" }] },
    given: { type: "string", format: "decimal", pattern: patternOf(precision, scale) },
    value: z.string(),
    read: (wire) => changed(readBy(read, wire), (text) => filled(text)),
    write: (text) => (/^-?\d+(?:\.\d+)?$/.test(text) ? filled(text) : notFinite),
  });
}

const notFinite = refuse("finite_number", "This is no finite number.");

function constraintOf(
  precision: number | undefined,
  scale: number,
  isUnsigned: boolean,
): z.ZodType<string> {
  const min = isUnsigned ? { min: 0 } : {};
  // PostgreSQL 15 can have fewer places than none, and more than digits, which need not be explained.
  const isPlain = precision !== undefined && scale >= 0 && scale <= precision;
  return decimal(isPlain ? { digits: precision, places: scale, ...min } : min);
}

function patternOf(precision: number | undefined, scale: number): string {
  if (precision === undefined) return String.raw`^-?\d+(\.\d+)?$`;
  return scale > 0 ? String.raw`^-?\d+\.\d{${scale}}$` : String.raw`^-?\d+$`;
}

function as(text: string): string {
  return text;
}

function changed(result: string | Refusal, change: (text: string) => string): string | Refusal {
  return isRefusal(result) ? result : change(result);
}

/** As the database fills it up: `19.9` is `19.90`. */
function withPlaces(text: string, scale: number): string {
  const [whole = "", part = ""] = text.split(".");
  return scale > 0 ? `${whole}.${part.padEnd(scale, "0")}` : whole;
}

/** SQLite keeps a decimal as a whole number or in eight bytes, which are exact to 15 digits. */
function realDecimalField(side: Side): z.ZodType<string, string | number> {
  const read = decimal(side === "write" ? { digits: 15 } : {});
  return coded<string, string | number>({
    taken: { anyOf: [{ type: "string", format: "decimal" }, { type: "number" }] },
    given: { type: "string", format: "decimal", pattern: patternOf(undefined, 0) },
    value: z.string(),
    read: (wire) => changed(readBy(read, wire), withoutZeros),
    write: (text) => {
      const shortest = integer.test(text) ? text : String(Number(text));
      return changed(readBy(decimal(), shortest), withoutZeros);
    },
  });
}

function withoutZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
