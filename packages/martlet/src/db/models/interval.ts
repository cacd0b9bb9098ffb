/**
 * Intervals: text of PostgreSQL and durations of ISO 8601.
 *
 * @module
 */
import { type Refusal, refuse } from "./coded.ts";

/**
 * An interval as PostgreSQL keeps it: a month has no fixed number of days, nor a day of hours, so that
 * the three are counted apart, each with a sign of its own.
 */
export interface Interval {
  readonly months: bigint;
  readonly days: bigint;
  readonly microseconds: bigint;
}

const iso =
  /^(?<sign>[+-]?)P(?!$)(?:(?<years>[+-]?\d{1,10})Y)?(?:(?<months>[+-]?\d{1,10})M)?(?:(?<weeks>[+-]?\d{1,10})W)?(?:(?<days>[+-]?\d{1,10})D)?(?:T(?!$)(?:(?<hours>[+-]?\d{1,10})H)?(?:(?<minutes>[+-]?\d{1,12})M)?(?:(?<seconds>[+-]?\d{1,14}(?:[.,]\d{1,30})?)S)?)?$/;
const postgres =
  /^(?:(?<years>[+-]?\d+) years? ?)?(?:(?<months>[+-]?\d+) mons? ?)?(?:(?<days>[+-]?\d+) days? ?)?(?:(?<clock>[+-]?)(?<hours>\d+):(?<minutes>\d\d):(?<seconds>\d\d(?:\.\d+)?))?$/;

const minute = 60_000_000n;
const hour = 60n * minute;

/** Reads a duration of ISO 8601; a year has 12 months. */
export function durationOf(text: string): Interval | Refusal {
  return intervalIn(iso.exec(text.trim())?.groups);
}

/** Reads what PostgreSQL writes, in its own style or in that of ISO 8601. */
export function intervalOf(text: string): Interval | Refusal {
  const found = text === "" ? null : (postgres.exec(text) ?? iso.exec(text));
  return intervalIn(found?.groups);
}

function intervalIn(
  found: Readonly<Record<string, string | undefined>> | undefined,
): Interval | Refusal {
  if (found === undefined) return unreadable;
  const whole = found["sign"] === "-" ? -1n : 1n;
  const clock = found["clock"] === "-" ? -1n : whole;
  const count = (name: string): bigint => BigInt((found[name] ?? "0").replace("+", ""));
  const time = count("hours") * hour + count("minutes") * minute + micros(found["seconds"] ?? "0");
  const interval = {
    months: whole * (count("years") * 12n + count("months")),
    days: whole * (count("weeks") * 7n + count("days")),
    microseconds: clock * time,
  };
  return isKept(interval) ? interval : refuse("time_delta_parsing", "This is too long.");
}

const unreadable = refuse("time_delta_parsing", "This is no ISO 8601 duration such as P1DT2H.");

function micros(seconds: string): bigint {
  const [, sign = "", whole = "0", part = ""] = /^([+-]?)(\d+)(?:[.,](\d+))?$/.exec(seconds) ?? [];
  const total = BigInt(whole) * 1_000_000n + BigInt(part.slice(0, 6).padEnd(6, "0"));
  return sign === "-" ? -total : total;
}

/** Months and days are of 32 bits, microseconds of 64. */
function isKept({ months, days, microseconds }: Interval): boolean {
  return size(months) < 2n ** 31n && size(days) < 2n ** 31n && size(microseconds) < 2n ** 63n;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Without what is finer than the last of its fields, or than so many digits of a second. */
export function cut(interval: Interval, fields: string | undefined, digits: number): Interval {
  const { months, days, microseconds } = interval;
  const last = fields?.split(" ").at(-1) ?? "second";
  const step = { hour, minute, second: 10n ** BigInt(6 - digits) }[last];
  const time = step === undefined ? 0n : microseconds - (microseconds % step);
  if (step !== undefined || last === "day") return { months, days, microseconds: time };
  return { months: last === "year" ? months - (months % 12n) : months, days: 0n, microseconds: 0n };
}

/** As a duration of ISO 8601; signs that differ stand on the parts: `P1MT-2H`. */
export function isoText({ months, days, microseconds }: Interval): string {
  const parts = [months, days, microseconds].filter((each) => each !== 0n);
  if (parts.length === 0) return "PT0S";
  const isNegative = parts.every((each) => each < 0n);
  const sign = isNegative ? -1n : 1n;
  const date = units([
    [(sign * months) / 12n, "Y"],
    [(sign * months) % 12n, "M"],
    [sign * days, "D"],
  ]);
  const time = sign * microseconds;
  const clock = units([
    [time / hour, "H"],
    [(time % hour) / minute, "M"],
  ]).concat(secondsText(time % minute));
  return `${isNegative ? "-" : ""}P${date}${clock === "" ? "" : `T${clock}`}`;
}

function units(parts: readonly (readonly [amount: bigint, unit: string])[]): string {
  return parts.map(([amount, unit]) => (amount === 0n ? "" : `${amount}${unit}`)).join("");
}

function secondsText(time: bigint): string {
  if (time === 0n) return "";
  return `${time < 0n ? "-" : ""}${decimalOf(size(time))}S`;
}

/** Seconds of microseconds, without zeros at the end. */
function decimalOf(time: bigint): string {
  const part = String(time % 1_000_000n)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${time / 1_000_000n}${part === "" ? "" : `.${part}`}`;
}

/** As PostgreSQL writes it in its own style. */
export function postgresText({ months, days, microseconds }: Interval): string {
  const words: string[] = [];
  let isBeforeNegative = false;
  const add = (amount: bigint, word: string): void => {
    if (amount === 0n) return;
    const sign = isBeforeNegative && amount > 0n ? "+" : "";
    words.push(`${sign}${amount} ${word}${amount === 1n ? "" : "s"}`);
    isBeforeNegative = amount < 0n;
  };
  add(months / 12n, "year");
  add(months % 12n, "mon");
  add(days, "day");
  if (microseconds !== 0n || words.length === 0) {
    words.push(`${clockSign(microseconds, isBeforeNegative)}${clockText(size(microseconds))}`);
  }
  return words.join(" ");
}

function clockSign(time: bigint, isBeforeNegative: boolean): string {
  if (time < 0n) return "-";
  return isBeforeNegative ? "+" : "";
}

function two(part: bigint): string {
  return String(part).padStart(2, "0");
}

function clockText(time: bigint): string {
  const seconds = decimalOf(time % minute);
  const padded = /^\d(?:\.|$)/.test(seconds) ? `0${seconds}` : seconds;
  return `${two(time / hour)}:${two((time % hour) / minute)}:${padded}`;
}
