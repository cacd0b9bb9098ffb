/**
 * Columns of times of day, which in MySQL are durations as well.
 *
 * @module
 */
import * as z from "zod";
import { type AnyColumn, dialectOf, type Side } from "./column.ts";
import { coded, isRefusal, type Refusal, refuse } from "./coded.ts";
import { pointed, withoutZeros } from "./moment.ts";

/** The parts of a time of day. */
interface Clock {
  readonly sign: string;
  readonly hours: number;
  readonly minutes: string;
  readonly seconds: string;
  readonly fraction: string;
  /** In minutes; `undefined` where there is none. */
  readonly offset: number | undefined;
}

/**
 * A time of day as text: `10:30:00`, with an offset from UTC where the column has a time zone. What is
 * finer than the column's precision is cut off.
 */
export function clockField(column: AnyColumn, side: Side): z.ZodType<string> {
  const read = (wire: unknown): Clock | Refusal => {
    const time = parse(wire, column);
    if (isRefusal(time)) return time;
    return side === "read" || isInside(time, column) ? time : unreadable;
  };
  return coded({
    given: schemaOf(column),
    value: z.string(),
    read: (wire) => told(read(wire), (time) => databaseText(time, column)),
    write: (text) => told(read(text), jsonText),
  });
}

function schemaOf(column: AnyColumn): { type: string; format?: string; pattern?: string } {
  // RFC 3339 has a name for times with an offset, and the registry of OpenAPI one for those without.
  if (column.withTimezone === true) return { type: "string", format: "time" };
  const rest = String.raw`:[0-5]\d(:[0-5]\d(\.\d+)?)?$`;
  return dialectOf(column) === "mysql"
    ? { type: "string", pattern: String.raw`^-?\d{2,3}${rest}` }
    : { type: "string", format: "time-local", pattern: String.raw`^([01]\d|2[0-4])${rest}` };
}

function told(result: Clock | Refusal, tell: (time: Clock) => string): string | Refusal {
  return isRefusal(result) ? result : tell(result);
}

const unreadable = refuse("time_parsing", "This is no time of day such as 10:30:00.");

const syntax =
  /^(?<sign>-?)(?<hours>\d{2,3}):(?<minutes>[0-5]\d)(?::(?<seconds>[0-5]\d)(?:\.(?<fraction>\d{1,30}))?)?(?<zone>[Zz]|[+-]\d\d(?::?[0-5]\d)?)?$/;

function parse(wire: unknown, column: AnyColumn): Clock | Refusal {
  if (typeof wire !== "string") return refuse("time_type", "This is no time of day.");
  const found = syntax.exec(wire.trim())?.groups;
  const { sign, zone } = found ?? {};
  const isZoned = (zone !== undefined) === (column.withTimezone === true);
  const isSigned = sign === "" || dialectOf(column) === "mysql";
  if (found === undefined || !isZoned || !isSigned) return unreadable;
  return clockOf(found, column.precision ?? column.fsp ?? defaultDigits(column));
}

function clockOf(found: Readonly<Record<string, string | undefined>>, digits: number): Clock {
  const { sign = "", hours = "", minutes = "", seconds = "00", fraction = "", zone } = found;
  const rest = withoutZeros(fraction, digits);
  const isZero = !/[1-9]/.test(hours + minutes + seconds + rest);
  return {
    sign: isZero ? "" : sign,
    hours: Number(hours),
    minutes,
    seconds,
    fraction: rest,
    offset: zone === undefined ? undefined : minutesOf(zone),
  };
}

function defaultDigits(column: AnyColumn): number {
  return dialectOf(column) === "mysql" ? 0 : 6;
}

function minutesOf(zone: string): number {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return sign === "-" ? -total : total;
}

/** Whether a column of the dialect holds a time: a day of PostgreSQL, 35 days of MySQL. */
function isInside(time: Clock, column: AnyColumn): boolean {
  const { hours, minutes, seconds, fraction, offset = 0 } = time;
  if (dialectOf(column) !== "mysql") return hours < 24 && Math.abs(offset) < 960;
  const total = hours * 3600 + Number(minutes) * 60 + Number(seconds);
  return total < 3_020_399 || (total === 3_020_399 && fraction === "");
}

function jsonText({ offset, ...time }: Clock): string {
  const text = plainText(time);
  if (offset === undefined) return text;
  return offset === 0
    ? `${text}Z`
    : `${text}${signOf(offset)}${two(hoursOf(offset))}:${rest(offset)}`;
}

/** As the database itself writes it. */
function databaseText({ offset, ...time }: Clock, column: AnyColumn): string {
  const text = plainText(time);
  if (dialectOf(column) === "mysql" && (column.fsp ?? 0) > 0) {
    return plainText({ ...time, fraction: time.fraction.padEnd(column.fsp ?? 0, "0") });
  }
  if (offset === undefined) return text;
  const zone = `${signOf(offset)}${two(hoursOf(offset))}`;
  return rest(offset) === "00" ? `${text}${zone}` : `${text}${zone}:${rest(offset)}`;
}

function plainText({ sign, hours, minutes, seconds, fraction }: Omit<Clock, "offset">): string {
  return `${sign}${two(hours)}:${minutes}:${seconds}${pointed(fraction)}`;
}

function signOf(offset: number): string {
  return offset < 0 ? "-" : "+";
}

function hoursOf(offset: number): number {
  return Math.floor(Math.abs(offset) / 60);
}

/** The minutes beyond whole hours. */
function rest(offset: number): string {
  return two(Math.abs(offset) % 60);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
