/**
 * Moments in time as texts of any precision: those of JSON (RFC 3339) and those of databases.
 *
 * @module
 */
import { type Refusal, refuse } from "./coded.ts";

/** A moment in UTC. */
export interface Moment {
  /** To the second: `2026-02-28T10:00:00`. */
  readonly second: string;
  /** The digits after it, without zeros at the end. */
  readonly fraction: string;
}

const syntax =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[Tt ](?<time>\d\d:\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,30}))?)? ?(?<zone>[Zz]|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?)?$/;

/** Reads a text; one without an offset is in UTC, one without a time is midnight. */
export function momentOf(text: string): Moment | Refusal {
  const found = syntax.exec(text.trim())?.groups;
  const { day = "", time = "00:00", second = "00", fraction = "", zone = "Z" } = found ?? {};
  const local = new Date(`${day}T${time}:${second}Z`);
  // The 31st of February would be moved into March, and 24:00 to the next day.
  if (Number.isNaN(local.getTime()) || local.toISOString().slice(0, 16) !== `${day}T${time}`) {
    return unreadable;
  }
  const offset = secondsOf(zone);
  if (Math.abs(offset) > furthest) return unreadable;
  const moment = new Date(local.getTime() - offset * 1000).toISOString();
  return moment.length === 24
    ? { second: moment.slice(0, 19), fraction: withoutZeros(fraction) }
    : unreadable;
}

const unreadable = refuse(
  "datetime_from_date_parsing",
  "This is no date and time such as 2026-02-28T10:00:00Z.",
);

/** The greatest offset from UTC in seconds: PostgreSQL takes none of 16 hours. */
const furthest = 57_599;

function secondsOf(zone: string): number {
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -total : total;
}

/** The digits of a fraction up to so many, without zeros at the end. */
export function withoutZeros(fraction: string, most: number = Infinity): string {
  return fraction.slice(0, most).replace(/0+$/, "");
}

/** `.5` of `5`, and nothing of nothing. */
export function pointed(fraction: string): string {
  return fraction === "" ? "" : `.${fraction}`;
}
