/**
 * Keys of an order: its columns, with what their tables tell of them.
 *
 * @module
 */
import type { AnyColumn } from "drizzle-orm";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { loadDrizzleCore } from "../packages.ts";
import { isDrizzle, shapeOf } from "./column.ts";
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
  const rest = { column, shape, isDescending, isNullable, isUnique };
  if (!isDrizzle(column)) {
    return { ...rest, path: column.name.split("."), property: column.property };
  }
  if (drizzle === undefined) throw new TypeError("Drizzle's columns came without Drizzle");
  const table = drizzle.getColumnTable(column);
  return {
    ...rest,
    path: [drizzle.getTableName(table), column.name],
    property: propertyOf(column, drizzle),
  };
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
