/**
 * The columns that a model has, so that nothing else is read from the database.
 *
 * @module
 */
import { getColumns } from "drizzle-orm";
import type * as z from "zod";
import type { ChosenColumns, ColumnsOf, Source } from "./model-shape.ts";

/**
 * The columns of a table that a model has: for `db.select(…)` and `.returning(…)`. What the model does
 * not have is not read, and what it has beyond the table is the program's to add.
 *
 * @example
 * ```ts
 * import { integer, pgTable, text } from "drizzle-orm/pg-core";
 * import { columnsOf, selectModel } from "martlet/db/models";
 *
 * const users = pgTable("users", { id: integer(), name: text(), passwordHash: text() });
 * const User = selectModel(users, { pick: ["id", "name"] });
 * // await db.select(columnsOf(User, users)).from(users)
 * expect(columnsOf(User, users)).toEqual({ id: users.id, name: users.name });
 * ```
 */
export function columnsOf<M extends z.ZodObject, T extends Source>(
  model: M,
  table: T,
): ChosenColumns<M, T> {
  const columns = Object.entries(getColumns(table) as Record<string, unknown>);
  const chosen = columns.filter(([name]) => Object.hasOwn(model.shape, name));
  // What is left of the columns are those that the model names.
  return Object.fromEntries(chosen) as ChosenColumns<M, T>;
}

/** The names of chosen columns, as relational queries want them. */
export type ChosenNames<M extends z.ZodObject, T extends Source> = {
  readonly [K in keyof M["shape"] & keyof ColumnsOf<T>]: true;
};

/**
 * The same as {@link columnsOf} for relational queries, which take names: `{ id: true, name: true }`.
 *
 * @example
 * ```ts
 * import { integer, pgTable, text } from "drizzle-orm/pg-core";
 * import { columnNamesOf, selectModel } from "martlet/db/models";
 *
 * const users = pgTable("users", { id: integer(), name: text(), passwordHash: text() });
 * const User = selectModel(users, { omit: ["passwordHash"] });
 * // await db.query.users.findMany({ columns: columnNamesOf(User, users) })
 * expect(columnNamesOf(User, users)).toEqual({ id: true, name: true });
 * ```
 */
export function columnNamesOf<M extends z.ZodObject, T extends Source>(
  model: M,
  table: T,
): ChosenNames<M, T> {
  const names = Object.keys(columnsOf(model, table)).map((name) => [name, true] as const);
  return Object.fromEntries(names) as ChosenNames<M, T>;
}
