/**
 * Dates, times and identifiers as Python's clients send them: many spellings in, one out, all of them
 * text. What a new API would not take, an API that is ported may have to.
 *
 * @module
 */
import { duration } from "martlet/models";
import { z } from "zod";

/** What JSON and a query have for such a value. */
type Sent = string | number | boolean;
/** A code for what is wrong. */
interface Refusal {
  readonly refused: string;
}
type Spelling = z.ZodPipe<z.ZodType<Sent, Sent>, z.ZodTransform<string, Sent>>;

/** Text that is read by a function. */
function spelling(read: (value: Sent) => string | Refusal): Spelling {
  const sent = z
    .custom<Sent>((value) => value !== undefined, { params: { code: "missing" } })
    .meta({ type: "string" });
  return sent.transform((value, context) => {
    const result = read(value);
    if (typeof result === "string") return result;
    const params = { code: result.refused };
    context.addIssue({
      code: "custom",
      message: "This is written in no way that is known.",
      params,
    });
    return z.NEVER;
  });
}

const moment =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[Tt _](?<clock>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?<zone>[Zz]|[+-]\d\d:?\d\d)?)?$/;

/** A day and a time. Digits are seconds since 1970, or milliseconds where that would be in a far future. */
export const dateTime: Spelling = spelling((value) => {
  if (typeof value === "boolean") return { refused: "datetime_type" };
  return readMoment(value) ?? { refused: "datetime_from_date_parsing" };
});

/** A day; a moment at midnight is one, too. */
export const day: Spelling = spelling((value) => {
  if (typeof value === "boolean") return { refused: "date_type" };
  const found = readMoment(value);
  if (found === undefined) return { refused: "date_from_datetime_parsing" };
  const [date = "", time = ""] = found.split("T");
  return /[1-9]/.test(time) ? { refused: "date_from_datetime_inexact" } : date;
});

function readMoment(value: string | number): string | undefined {
  const number = typeof value === "number" ? value : epoch(value.trim());
  if (number !== undefined) return fromEpoch(number);
  const { day, clock = "00:00", zone = "" } = moment.exec(String(value).trim())?.groups ?? {};
  const time = readClock(clock);
  if (day === undefined || time === undefined || !isDay(day)) return undefined;
  return `${day}T${time}${writeZone(zone)}`;
}

function epoch(text: string): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function fromEpoch(number: number): string | undefined {
  const date = new Date(Math.abs(number) > 2e10 ? number : number * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return date
    .toISOString()
    .replace(/\.(\d+)Z$/, (_all, part: string) =>
      part === "000" ? "Z" : `.${part.padEnd(6, "0")}Z`,
    );
}

/** The 31st of February is refused: `Date` itself would move it into March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A time of day; a number is seconds since midnight in UTC. */
export const time: Spelling = spelling((value) => {
  if (typeof value === "number") return `${fromEpoch(value)?.split("T")[1]}`;
  const found = /^(?<clock>[\d:.,]+)(?<zone>[Zz]|[+-]\d\d:?\d\d)?$/.exec(String(value).trim());
  const { clock = "", zone = "" } = found?.groups ?? {};
  const read = readClock(clock);
  return read === undefined ? { refused: "time_parsing" } : `${read}${writeZone(zone)}`;
});

/** `03:04` gives `03:04:00`; a fraction has six digits. */
function readClock(text: string): string | undefined {
  const [, minutes, seconds = "00", part] =
    /^((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?$/.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  return `${minutes}:${seconds}${part === undefined ? "" : `.${part.padEnd(6, "0").slice(0, 6)}`}`;
}

function writeZone(zone: string): string {
  if (/^(?:[Zz]|[+-]00:?00)$/.test(zone)) return "Z";
  return zone.includes(":") ? zone : zone.replace(/(\d\d)$/, ":$1");
}

const iso =
  /^(?<sign>[+-]?)P(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;
const counted =
  /^(?<sign>[+-]?)(?:(?<days>\d+) ?(?:d|days?),? )?(?<hours>\d\d?):(?<minutes>\d\d)(?::(?<seconds>\d\d(?:\.\d+)?))?$/i;
const lengths: Readonly<Record<string, number>> = {
  years: 365 * 86_400,
  months: 30 * 86_400,
  weeks: 7 * 86_400,
  days: 86_400,
  hours: 3600,
  minutes: 60,
  seconds: 1,
};

/** A length of time, written as ISO 8601 does; a number is seconds. */
export const timedelta: Spelling = spelling((value) => {
  if (typeof value === "boolean") return { refused: "time_delta_type" };
  const seconds = typeof value === "number" ? value : readSeconds(value.trim());
  return seconds === undefined
    ? { refused: "time_delta_parsing" }
    : z.encode(duration(), seconds * 1000);
});

function readSeconds(text: string): number | undefined {
  const { sign, ...parts } = (iso.exec(text) ?? counted.exec(text))?.groups ?? {};
  const given = Object.entries(parts).filter(([, amount]) => amount !== undefined);
  if (given.length === 0) return undefined;
  const total = given.reduce(
    (sum, [unit, amount]) => sum + Number(amount) * (lengths[unit] ?? 0),
    0,
  );
  return sign === "-" ? -total : total;
}

/** A UUID with or without its hyphens, in braces or as a URN. */
export const uuid: Spelling = spelling((value) => {
  if (typeof value !== "string") return { refused: "uuid_type" };
  const digits = /^(?:urn:uuid:)?(?:\{(.*)\}|(.*))$/i.exec(value)?.slice(1).join("") ?? "";
  const bare = digits.replaceAll("-", "").toLowerCase();
  if (!/^[\da-f]{32}$/.test(bare)) return { refused: "uuid_parsing" };
  return bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
});

/** Bytes that come as text, and stand for its UTF-8. */
export const bytes: Spelling = spelling((value) =>
  typeof value === "string" ? value : { refused: "bytes_type" },
);

/** As Python writes the moments and times that no model writes: UTC is `+00:00`. */
export function isoformat(text: string): string {
  return text.replace(/Z$/, "+00:00");
}

/** The seconds of an ISO 8601 duration. */
export function totalSeconds(text: string): number {
  return z.decode(duration(), text) / 1000;
}
