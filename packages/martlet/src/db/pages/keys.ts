/**
 * Keys of an order: its columns, with what their tables tell of them.
 *
 * @module
 */
import type { AnyColumn } from "drizzle-orm";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { loadDrizzleCore } from "../packages.ts";
import { isDrizzle, type PageColumn, shapeOf } from "./column.ts";
import type { Key } from "./keyset.ts";
import type { Ordering } from "./ordering.ts";

/** Drizzle, as far as pages need it. */
export type Drizzle = Awaited<ReturnType<typeof loadDrizzleCore>>;

/** Loads Drizzle, if any of the columns is one of its. */
export async function drizzleFor(orderings: readonly Ordering[]): Promise<Drizzle | undefined> {
  return orderings.some(({ column }) => isDrizzle(column)) ? loadDrizzleCore() : undefined;
}

/** The dialect of the columns; what is written by hand has the one that is given. */
export function dialectOf(orderings: readonly Ordering[], given: Dialect | undefined): Dialect {
  const dialects = new Set(orderings.flatMap(({ column }) => shapeOf(column).dialect ?? []));
  if (given !== undefined) dialects.add(given);
  const [dialect = "postgresql"] = dialects;
  if (dialects.size <= 1) return dialect;
  throw new Fault("M031", `The columns are of several databases: ${[...dialects].join(", ")}`, {
    hint: "Name columns of one database, and `dialect` only where there are none of Drizzle's.",
  });
}

/** Makes a key of what is sorted by. */
export function keyOf(ordering: Ordering, drizzle: Drizzle | undefined): Key {
  const { column, isDescending, nullable, unique } = ordering;
  const shape = shapeOf(column);
  const isNullable = nullable ?? shape.isNullable;
  const isUnique = unique ?? (shape.isUnique && !isNullable);
  const path = pathOf(column, drizzle);
  const property = isDrizzle(column) ? propertyOf(column, given(drizzle)) : column.property;
  return { column, shape, path, property, isDescending, isNullable, isUnique };
}

/** The name of a column in SQL, part by part. */
export function pathOf(column: PageColumn, drizzle: Drizzle | undefined): readonly string[] {
  if (!isDrizzle(column)) return column.name.split(".");
  const { getColumnTable, getTableName } = given(drizzle);
  return [getTableName(getColumnTable(column)), column.name];
}

/** What {@link drizzleFor} loads whenever there is a column of Drizzle's. */
function given(drizzle: Drizzle | undefined): Drizzle {
  if (drizzle === undefined) throw new TypeError("A column of Drizzle's came without Drizzle");
  return drizzle;
}

/** What a column is called in its table, and so in the rows. */
export function propertyOf(column: AnyColumn, { getColumns, getColumnTable }: Drizzle): string {
  const columns = Object.entries(getColumns(getColumnTable(column)));
  const found = columns.find(([, each]) => isDrizzle(each as AnyColumn) && sameName(each, column));
  return found?.[0] ?? column.name;
}

function sameName(each: unknown, { name }: AnyColumn): boolean {
  return (each as AnyColumn).name === name;
}
