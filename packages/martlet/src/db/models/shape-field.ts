/**
 * Columns of points, lines and vectors.
 *
 * @module
 */
import * as z from "zod";
import type { AnyColumn, Side } from "./column.ts";
import { judged, type Refusal, refuse } from "./coded.ts";
import { singlePrecision } from "./number-field.ts";

/** A point: `[x, y]`. */
export function pointField(): z.ZodType {
  return z.tuple([z.number(), z.number()]);
}

/** A point: `{ x, y }`. */
export function pointObjectField(): z.ZodType {
  return z.object({ x: z.number(), y: z.number() });
}

/** The line `ax + by + c = 0`: `[a, b, c]`. */
export function lineField(_column: AnyColumn, side: Side): z.ZodType {
  const line = z.tuple([z.number(), z.number(), z.number()]);
  return side === "read" ? line : line.check(judged(([a, b]) => noLine(a, b)));
}

/** The same: `{ a, b, c }`. */
export function lineObjectField(_column: AnyColumn, side: Side): z.ZodType {
  const line = z.object({ a: z.number(), b: z.number(), c: z.number() });
  return side === "read" ? line : line.check(judged(({ a, b }) => noLine(a, b)));
}

/** PostgreSQL takes what is as close to zero as this for zero. */
const nothing = 1e-6;

function noLine(a: number, b: number): Refusal | undefined {
  return Math.abs(a) <= nothing && Math.abs(b) <= nothing
    ? refuse("value_error", "A line's first two numbers may not both be zero.")
    : undefined;
}

/** The greatest number of four bytes, and of two. */
const greatest = { vector: 3.4028235e38, halfvector: 65_504 };

/** A vector of pgvector: as many numbers as the column has dimensions. */
export function vectorField({ dataType, length }: AnyColumn): z.ZodType {
  const isSingle = dataType === "array vector";
  const max = greatest[isSingle ? "vector" : "halfvector"];
  const bounded = z.number().min(-max).max(max);
  const element = isSingle ? bounded.overwrite(singlePrecision) : bounded;
  return length === undefined ? z.array(element) : z.array(element).length(length);
}
