import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { dateTime, day, time, timedelta, uuid } from "../src/python.ts";

/** What a text is read as, or the code of what is wrong with it. */
function read(schema: z.ZodType, value: unknown): unknown {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  return issue?.code === "custom" ? issue.params?.["code"] : issue?.code;
}

describe("what Python's clients send", () => {
  test.for([
    ["2026-01-02", "2026-01-02T00:00:00"],
    ["2026-01-02 03:04", "2026-01-02T03:04:00"],
    ["2026-01-02t03:04:05z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03:04:05+0200", "2026-01-02T03:04:05+02:00"],
    ["2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456Z"],
    ["1700000000", "2023-11-14T22:13:20Z"],
    ["1700000000000", "2023-11-14T22:13:20Z"],
    [1_700_000_000.5, "2023-11-14T22:13:20.500000Z"],
    ["2026-01-02T25:00:00", "datetime_from_date_parsing"],
    ["2026-02-30", "datetime_from_date_parsing"],
    ["2026-01-02T03:04:60Z", "datetime_from_date_parsing"],
    ["2026-01-02T03:04:05 02:00", "datetime_from_date_parsing"],
    [true, "datetime_type"],
    [undefined, "missing"],
  ] as const)("a moment: %j", ([sent, expected]) => {
    expect(read(dateTime, sent)).toBe(expected);
  });

  test.for([
    ["2026-02-28", "2026-02-28"],
    ["2026-02-28T00:00:00", "2026-02-28"],
    ["2026-02-28T00:00:01", "date_from_datetime_inexact"],
    ["0", "1970-01-01"],
    [1.5, "date_from_datetime_inexact"],
    ["20260228", "date_from_datetime_inexact"],
    ["2026-2-1", "date_from_datetime_parsing"],
    ["", "date_from_datetime_parsing"],
  ] as const)("a day: %j", ([sent, expected]) => {
    expect(read(day, sent)).toBe(expected);
  });

  test.for([
    ["03:04", "03:04:00"],
    ["03:04:05.5", "03:04:05.500000"],
    ["03:04:05Z", "03:04:05Z"],
    [3600, "01:00:00Z"],
    ["24:00", "time_parsing"],
    ["10", "time_parsing"],
    ["x", "time_parsing"],
  ] as const)("a time: %j", ([sent, expected]) => {
    expect(read(time, sent)).toBe(expected);
  });

  test.for([
    ["P1DT2H", "P1DT2H"],
    ["P1Y", "P365D"],
    ["-P1D", "-P1D"],
    ["1 day, 02:00:00", "P1DT2H"],
    ["02:30", "PT2H30M"],
    [1.5, "PT1.5S"],
    ["30", "time_delta_parsing"],
    ["P", "time_delta_parsing"],
    ["", "time_delta_parsing"],
  ] as const)("a length of time: %j", ([sent, expected]) => {
    expect(read(timedelta, sent)).toBe(expected);
  });

  test.for([
    "3FA85F64-5717-4562-B3FC-2C963F66AFA6",
    "3fa85f6457174562b3fc2c963f66afa6",
    "{3fa85f64-5717-4562-b3fc-2c963f66afa6}",
    "urn:uuid:3fa85f64-5717-4562-b3fc-2c963f66afa6",
  ])("a UUID: %s", (sent) => {
    expect(read(uuid, sent)).toBe("3fa85f64-5717-4562-b3fc-2c963f66afa6");
  });

  test("what is no UUID", () => {
    expect(read(uuid, "3fa85f64-5717-4562-b3fc-2c963f66afaz")).toBe("uuid_parsing");
    expect(read(uuid, 1)).toBe("uuid_type");
  });
});
