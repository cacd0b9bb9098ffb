/**
 * Columns as Drizzle describes them, across its dialects.
 *
 * @module
 */
import { type Column, getColumnTable, getTableName, is, Table } from "drizzle-orm";
import type { Dialect } from "../driver.ts";

/**
 * Whether a model is of what is read from the database or of what is written to it: what is written
 * is checked so that the database takes it, what is read was checked when it was written.
 */
export type Side = "read" | "write";

/** A column with what only some kinds of columns have. */
export type AnyColumn = Column & {
  readonly dimensions?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly unsigned?: boolean | undefined;
  /** Digits of the fraction of a second, of MySQL. */
  readonly fsp?: number | undefined;
  readonly withTimezone?: boolean | undefined;
  /** The fields of an interval: `"day to second"`. */
  readonly fields?: string | undefined;
  readonly mode?: string | undefined;
  readonly charSet?: string | undefined;
  /** The enumerated type of PostgreSQL. */
  readonly enum?: { readonly enumName: string } | undefined;
  readonly vectorDimensions?: number | undefined;
  /** How Drizzle reads it: `"blob:buffer"`. */
  readonly codec?: string | undefined;
};

const prefixes: readonly (readonly [prefix: string, dialect: Dialect])[] = [
  ["Pg", "postgresql"],
  ["MySql", "mysql"],
  ["SQLite", "sqlite"],
];

/** The dialect of a column; `undefined` for one that Martlet has no engine for. */
export function dialectOf({ columnType }: Column): Dialect | undefined {
  return prefixes.find(([prefix]) => columnType.startsWith(prefix))?.[1];
}

/** `users.email`, for messages. */
export function nameOf(column: Column): string {
  const table = getColumnTable(column);
  return is(table, Table) ? `${getTableName(table)}.${column.name}` : column.name;
}

/** Whether the database alone makes the values of a column. */
export function isGenerated({ generated, generatedIdentity }: Column): boolean {
  return (
    generatedIdentity?.type === "always" || (generated && generated.type !== "byDefault") === true
  );
}
