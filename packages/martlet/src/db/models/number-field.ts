/**
 * Columns of numbers that are numbers in JSON.
 *
 * @module
 */
import * as z from "zod";
import { decimal } from "../../models/index.ts";
import { type AnyColumn, dialectOf, type Side } from "./column.ts";
import { isRefusal, judged, readBy, type Refusal } from "./coded.ts";

const integers: Readonly<Record<string, readonly [min: number, max: number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int24: [-(2 ** 23), 2 ** 23 - 1],
  uint24: [0, 2 ** 24 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

/** A whole number within the range of its column, and of those that are exact in JavaScript. */
export function integerField({ dataType }: AnyColumn): z.ZodInt {
  const kind = dataType.replace("number ", "");
  const range = integers[kind];
  if (range !== undefined) return z.int().min(range[0]).max(range[1]);
  return kind.startsWith("u") ? z.int().min(0) : z.int();
}

/** A year of MySQL; 0 is what it makes of one that is out of its range. */
export function yearField(_column: AnyColumn, side: Side): z.ZodInt {
  return z
    .int()
    .min(side === "write" ? 1901 : 0)
    .max(2155);
}

/** The greatest number of four bytes, as databases write it, and one that MySQL takes as well. */
const greatestFloat = { read: 3.4028235e38, write: 3.4028234e38 };

/** A finite number, as exact as its column. */
export function floatField(column: AnyColumn, side: Side): z.ZodNumber {
  const { precision = 0, scale, dataType } = column;
  const least = dataType.includes(" u") ? 0 : -Infinity;
  if (scale !== undefined) return fixedField(precision, scale, least);
  // Drizzle reads eight bytes as four, too, where MySQL has a `float(40)`.
  const isSingle = dataType.endsWith("float");
  const format = isSingle ? "float" : "double";
  const max = isSingle ? greatestFloat[dialectOf(column) === "mysql" ? side : "read"] : Infinity;
  const field = z.number().min(Math.max(least, -max)).max(max).meta({ format });
  return isSingle ? field.overwrite(singlePrecision) : field;
}

/** `float(7, 2)` of MySQL, which rounds. */
function fixedField(precision: number, scale: number, least: number): z.ZodNumber {
  const max = nines(precision, scale);
  const bounded = z.number().min(Math.max(least, -max)).max(max);
  return bounded.overwrite((value) => Number(value.toFixed(scale)));
}

/** What becomes of a number in four bytes, in as few digits as tell it from its neighbours. */
export function singlePrecision(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return single;
}

/** An exact decimal that the program has as a number. */
export function decimalNumberField(column: AnyColumn, side: Side): z.ZodNumber {
  const { precision = defaultPrecision(column), scale = 0, unsigned = false } = column;
  const field = unsigned ? z.number().min(0) : z.number();
  if (precision === undefined) return dialectOf(column) === "sqlite" ? keptField(side) : field;
  const bounded =
    precision > 15
      ? field
      : field.min(unsigned ? 0 : -nines(precision, scale)).max(nines(precision, scale));
  if (side === "read") return bounded;
  const digits = precision > 15 ? { digits: precision } : {};
  const exact = decimal({ ...digits, places: scale });
  return bounded.check(judged<number>((value) => refusalOf(exact, value)));
}

/** The greatest number of so many digits; exact up to 15 of them. */
function nines(precision: number, scale: number): number {
  return Number(`${"9".repeat(precision - scale)}.${"9".repeat(scale)}`);
}

/** SQLite would keep a greater whole number as one that cannot be read. */
function keptField(side: Side): z.ZodNumber {
  const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number;
  return side === "read" ? z.number() : z.number().min(MIN_SAFE_INTEGER).max(MAX_SAFE_INTEGER);
}

/** MySQL's decimals have ten digits unless told otherwise; the others have no limit. */
export function defaultPrecision(column: AnyColumn): number | undefined {
  return dialectOf(column) === "mysql" ? 10 : undefined;
}

function refusalOf(schema: z.ZodType, value: number): Refusal | undefined {
  // A JSON number of more than 15 digits is refused by the schema, but is exact as its text.
  const result = readBy(schema, String(value));
  return isRefusal(result) ? result : undefined;
}
