/**
 * Days, times of day and instants.
 *
 * @module
 */
import type * as z from "zod";
import { answering, type Answering } from "./answering.ts";
import { reading, type Refusal, refuse } from "./reading.ts";

/** A schema of one value that is read from text, or taken as the program has it. */
type Read<Value, Wire> = z.ZodPipe<z.ZodType<Value, Wire>, z.ZodType<Value>>;

const day = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)([Zz]|[+-]\d\d:\d\d)?)?$/;

/**
 * A day without a time, as text: `"2026-02-28"`. Beyond `z.iso.date()` it takes a midnight, and, in an
 * answer, a `Date` of the program, of which it tells the day in UTC.
 *
 * Codes: `date_from_datetime_parsing`, `date_from_datetime_inexact`, `date_type`.
 *
 * @example
 * ```ts
 * import { plainDate } from "martlet/models";
 *
 * expect(plainDate().parse("2026-02-28T00:00:00Z")).toBe("2026-02-28");
 * expect(plainDate().parse(new Date(0))).toBe("1970-01-01");
 * expect(plainDate().safeParse("2026-02-31").success).toBe(false);
 * ```
 */
export function plainDate(): Read<string, string | Date> {
  return reading<string, string | Date>({
    taken: { type: "string", format: "date" },
    read: readDay,
  });
}

function readDay(value: unknown): string | Refusal {
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    return value.toISOString().slice(0, 10);
  }
  if (typeof value !== "string") return refuse("date_type", "This is no date.");
  const [, text, time = ""] = day.exec(value) ?? [];
  if (text === undefined || !isDay(text)) {
    return refuse("date_from_datetime_parsing", "This is no date such as 2026-02-28.");
  }
  // A time would be lost without a word.
  return /[1-9]/.test(time)
    ? refuse("date_from_datetime_inexact", "This has a time, where a day is asked for.")
    : text;
}

/** The 31st of February is refused: `Date` itself would move it into March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What a date is compared with. */
export interface ClockOptions {
  /** The present moment. @default the clock of the machine */
  readonly now?: () => Date;
}

/**
 * A day before today, in UTC. An answer may have any: what was in the future may have passed.
 *
 * Code: `date_past`, beside those of {@link plainDate}.
 *
 * @example
 * ```ts
 * import { pastDate } from "martlet/models";
 *
 * const born = pastDate({ now: () => new Date("2026-03-01T12:00Z") });
 * expect(born.parse("2026-02-28")).toBe("2026-02-28");
 * expect(born.safeParse("2026-03-01").success).toBe(false);
 * ```
 */
export function pastDate(options: ClockOptions = {}): DateOfClock {
  return dateOfClock(options, (text, today) =>
    text < today ? text : refuse("date_past", "This date has to be in the past."),
  );
}

/**
 * A day after today, in UTC. See {@link pastDate}; the code is `date_future`.
 *
 * @example
 * ```ts
 * import { futureDate } from "martlet/models";
 *
 * const due = futureDate({ now: () => new Date("2026-02-28T12:00Z") });
 * expect(due.safeParse("2026-02-28").success).toBe(false);
 * expect(due.parse("2026-03-01")).toBe("2026-03-01");
 * ```
 */
export function futureDate(options: ClockOptions = {}): DateOfClock {
  return dateOfClock(options, (text, today) =>
    text > today ? text : refuse("date_future", "This date has to be in the future."),
  );
}

/** A day that is compared with the present when it comes in. */
export type DateOfClock = Answering<Read<string, string | Date>, Read<string, string | Date>>;

function dateOfClock(
  { now = () => new Date() }: ClockOptions,
  judge: (text: string, today: string) => string | Refusal,
): DateOfClock {
  const read = reading<string, string | Date>({
    taken: { type: "string", format: "date" },
    read: (value) => {
      const text = readDay(value);
      return typeof text === "string" ? judge(text, now().toISOString().slice(0, 10)) : text;
    },
  });
  return answering(read, plainDate());
}

/**
 * A moment in time, as a `Date`. Unlike that of `z.date()` its text has to have an offset from UTC, so
 * that nobody has to guess.
 *
 * Codes: `datetime_from_date_parsing`, `datetime_type`, `timezone_aware`.
 *
 * @example
 * ```ts
 * import { instant } from "martlet/models";
 *
 * expect(instant().parse("2026-02-28T10:00:00+02:00")).toEqual(new Date("2026-02-28T08:00Z"));
 * expect(instant().safeParse("2026-02-28T10:00:00").success).toBe(false);
 * ```
 */
export function instant(): Read<Date, string | Date> {
  return reading<Date, string | Date>({
    taken: { type: "string", format: "date-time" },
    read: readInstant,
  });
}

function readInstant(value: unknown): Date | Refusal {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  if (typeof value !== "string") return refuse("datetime_type", "This is no date and time.");
  const [, text, time, zone] = day.exec(value.trim()) ?? [];
  const moment = new Date(`${text}T${time}${zone?.toUpperCase() ?? "Z"}`);
  if (text === undefined || time === undefined || !isDay(text) || Number.isNaN(moment.getTime())) {
    return refuse(
      "datetime_from_date_parsing",
      "This is no date and time such as 2026-02-28T10:00:00Z.",
    );
  }
  return zone === undefined ? refuse("timezone_aware", "This has no offset from UTC.") : moment;
}

const clock =
  /^(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d(?:\.\d{1,9})?))?(?<zone>[Zz]|[+-]\d\d:\d\d)?$/;

/**
 * A time of day, as text: `"10:30:00"`. Beyond `z.iso.time()` it gives every time its seconds, so that
 * texts compare as times do, and takes an offset from UTC.
 *
 * Codes: `time_parsing`, `time_type`.
 *
 * @example
 * ```ts
 * import { timeOfDay } from "martlet/models";
 *
 * expect(timeOfDay().parse("10:30")).toBe("10:30:00");
 * expect(timeOfDay().safeParse("24:00").success).toBe(false);
 * ```
 */
export function timeOfDay(): Read<string, string> {
  return reading<string>({
    taken: { type: "string", format: "time" },
    read: (value) => {
      if (typeof value !== "string") return refuse("time_type", "This is no time of day.");
      const { hour, minute, second = "00", zone = "" } = clock.exec(value.trim())?.groups ?? {};
      return hour === undefined
        ? refuse("time_parsing", "This is no time of day such as 10:30:00.")
        : `${hour}:${minute}:${second}${zone.toUpperCase()}`;
    },
  });
}
