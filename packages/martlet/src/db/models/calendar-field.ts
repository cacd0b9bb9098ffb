/**
 * Columns of days, moments and times of day.
 *
 * @module
 */
import * as z from "zod";
import { plainDate } from "../../models/index.ts";
import { type AnyColumn, dialectOf, type Side } from "./column.ts";
import { coded, isRefusal, judged, readBy, type Refusal, refuse } from "./coded.ts";
import { type Moment, momentOf, pointed, withoutZeros } from "./moment.ts";

/** A day, as text in JSON and in the program: `2026-02-28`. */
export function dayTextField(column: AnyColumn, side: Side): z.ZodType<string, string | Date> {
  const [first, last] = daysOf(column);
  if (side === "read") return plainDate();
  return plainDate().check(
    judged<string>((day) =>
      day < first || day > last ? outside(day < first, first, last) : undefined,
    ),
  );
}

/** A day that the program has as a `Date` at midnight UTC. */
export function dayField(column: AnyColumn, side: Side): z.ZodType<Date, string | Date> {
  const text = dayTextField(column, side);
  return coded<Date, string | Date>({
    given: { type: "string", format: "date" },
    value: z.date(),
    read: (wire) => {
      const day = readBy(text, wire);
      return isRefusal(day) ? day : new Date(`${day}T00:00:00Z`);
    },
    write: (date) => readBy(plainDate(), date),
  });
}

/** The days that a column of the dialect holds, and that four digits of a year can tell. */
function daysOf(column: AnyColumn): readonly [first: string, last: string] {
  return [dialectOf(column) === "mysql" ? "1000-01-01" : "0001-01-01", "9999-12-31"];
}

function outside(isBefore: boolean, first: string, last: string): Refusal {
  return isBefore
    ? refuse("greater_than_equal", `Not before ${first}.`, { min: first })
    : refuse("less_than_equal", `Not after ${last}.`, { max: last });
}

/** A moment that the program has as a `Date`. What is finer than the column's precision is cut off. */
export function momentField(column: AnyColumn, side: Side): z.ZodDate {
  if (side === "read") return z.date();
  const [first, last] = momentsOf(column);
  const step = 10 ** Math.max(0, 3 - precisionOf(column));
  const cut = (date: Date): Date => new Date(Math.floor(date.getTime() / step) * step);
  return z
    .date()
    .overwrite(cut)
    .min(new Date(`${first}Z`))
    .max(new Date(`${last}Z`));
}

/**
 * A moment that the program has as the database's own text, in UTC: `2026-02-28 10:00:00.123456+00`.
 * In JSON it is a date-time of RFC 3339. No digit is lost that the column has.
 */
export function momentTextField(column: AnyColumn, side: Side): z.ZodType<string> {
  const [first, last] = side === "write" ? momentsOf(column) : ["0000", "9999-12-31T24"];
  return coded({
    given: { type: "string", format: "date-time" },
    value: z.string(),
    read: (wire) => {
      const moment = readMoment(wire);
      if (isRefusal(moment)) return moment;
      const { second } = moment;
      const isInside = second >= first && second <= last;
      return isInside ? textOf(moment, column) : outside(second < first, `${first}Z`, `${last}Z`);
    },
    write: (text) => {
      const moment = readMoment(text);
      return isRefusal(moment) ? moment : `${moment.second}${pointed(moment.fraction)}Z`;
    },
  });
}

function readMoment(wire: unknown): Moment | Refusal {
  return typeof wire === "string"
    ? momentOf(wire)
    : refuse("datetime_type", "This is no date and time.");
}

/** As the database itself writes it. */
function textOf({ second, fraction }: Moment, column: AnyColumn): string {
  const precision = precisionOf(column);
  const digits = withoutZeros(fraction, precision);
  const filled = dialectOf(column) === "mysql" ? digits.padEnd(precision, "0") : digits;
  const zone = column.withTimezone === true ? "+00" : "";
  return `${second.replace("T", " ")}${pointed(filled)}${zone}`;
}

/** The moments that a column holds. */
function momentsOf(column: AnyColumn): readonly [first: string, last: string] {
  const { columnType } = column;
  // MySQL counts the seconds since 1970, in 31 bits.
  if (columnType.startsWith("MySqlTimestamp"))
    return ["1970-01-01T00:00:01", "2038-01-19T03:14:07"];
  const [first, last] = daysOf(column);
  // Drizzle reads the years before 100 as years of the last century.
  const from = columnType === "PgTimestamp" ? "0100-01-01" : first;
  return [`${from}T00:00:00`, `${last}T23:59:59`];
}

/** How many digits of a second's fraction a column keeps. */
function precisionOf({ columnType, precision = 6, fsp = 0, mode }: AnyColumn): number {
  if (columnType.startsWith("MySql")) return fsp;
  if (!columnType.startsWith("SQLite")) return precision;
  return mode === "timestamp" ? 0 : 3;
}
