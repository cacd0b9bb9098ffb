/**
 * Columns of intervals.
 *
 * @module
 */
import * as z from "zod";
import type { AnyColumn } from "./column.ts";
import { coded, isRefusal, type Refusal, refuse } from "./coded.ts";
import { cut, durationOf, type Interval, intervalOf, isoText, postgresText } from "./interval.ts";

/** The format "duration" has no signs. */
const schema = {
  type: "string",
  pattern: "^[+-]?P[0-9YMWDTHS.,+-]+$",
  description: "A duration (ISO 8601); each part may have a sign.",
};

/**
 * A duration: ISO 8601 in JSON, PostgreSQL's own text in the program. What is finer than the column's
 * fields and precision is cut off.
 */
export function intervalField(column: AnyColumn): z.ZodType<string> {
  return coded({
    given: schema,
    value: z.string(),
    read: (wire) => {
      if (typeof wire !== "string") return refuse("time_delta_type", "This is no duration.");
      return told(durationOf(wire), (each) => postgresText(cutTo(column, each)));
    },
    write: (text) => told(intervalOf(text), isoText),
  });
}

function told(
  interval: Interval | Refusal,
  tell: (interval: Interval) => string,
): string | Refusal {
  return isRefusal(interval) ? interval : tell(interval);
}

function cutTo({ fields, precision = 6 }: AnyColumn, interval: Interval): Interval {
  return cut(interval, fields, precision);
}
