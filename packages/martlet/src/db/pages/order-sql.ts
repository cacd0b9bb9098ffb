/**
 * Orders and conditions for Drizzle, on the table itself or on another name of it.
 *
 * @module
 */
import type { SQL } from "drizzle-orm";
import { Fault } from "../../index.ts";
import { isDrizzle, type PageColumn } from "./column.ts";
import { drizzled, type Fragment } from "./fragment.ts";
import { type Drizzle, propertyOf } from "./keys.ts";

/** Puts fragments into Drizzle's words. */
export type ToDrizzle = (fragment: Fragment) => SQL;

/** The words for the columns of the tables themselves, or of `table` in their place. */
export function inDrizzle(drizzle: Drizzle, table?: object): ToDrizzle {
  const tag = drizzle.sql;
  if (table === undefined) return (fragment) => drizzled(fragment, tag);
  return (fragment) => drizzled(fragment, tag, (column) => standIn(column, table, drizzle));
}

/** The column of another table that stands for one. */
function standIn(column: PageColumn, table: object, drizzle: Drizzle): PageColumn {
  if (!isDrizzle(column)) return column;
  const property = propertyOf(column, drizzle);
  const found = (table as Readonly<Record<string, PageColumn | undefined>>)[property];
  if (found !== undefined) return found;
  throw new Fault("M031", `The other table has no "${property}" to order or filter by`, {
    hint: "Name an alias of the table that the columns were declared with.",
  });
}
