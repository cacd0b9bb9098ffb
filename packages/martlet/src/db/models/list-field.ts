/**
 * Columns of arrays.
 *
 * @module
 */
import * as z from "zod";
import type { Side } from "./column.ts";
import { judged, type Refusal, refuse } from "./coded.ts";

/** Lists within lists, as deep as a column has dimensions. */
export function listField(element: z.ZodType, dimensions: number, side: Side): z.ZodType {
  let list: z.ZodType = element;
  for (let depth = 0; depth < dimensions; depth += 1) list = z.array(list);
  if (dimensions === 1 || side === "read") return list;
  return list.check(judged((value) => ragged(value, dimensions)));
}

/** An array of the database has as many elements in each row as in any other, and none that is empty. */
function ragged(value: unknown, dimensions: number): Refusal | undefined {
  const rows = value as readonly unknown[];
  if (rows.length === 0) return undefined;
  const shapes = new Set(rows.map((each) => shapeOf(each, dimensions - 1)));
  const [first = ""] = shapes;
  return shapes.size === 1 && !/\b0\b/.test(first) && !first.includes("ragged")
    ? undefined
    : refuse("list_ragged", "The lists within have to be of one length, and not empty.");
}

/** The length in each dimension: `2x3`. */
function shapeOf(value: unknown, dimensions: number): string {
  const list = value as readonly unknown[];
  if (dimensions === 1) return String(list.length);
  const shapes = new Set(list.map((each) => shapeOf(each, dimensions - 1)));
  const [first = "0"] = shapes;
  return shapes.size <= 1 ? `${list.length}x${first}` : "ragged";
}
