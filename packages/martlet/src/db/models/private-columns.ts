/**
 * Columns that are the program's alone.
 *
 * @module
 */
import { getColumns, type Table } from "drizzle-orm";
import { privateMark } from "./private-mark.ts";

/** A table some of whose columns are private; to Drizzle it is the same table. */
export type WithPrivateColumns<T extends Table, Name extends string> = T & {
  readonly [privateMark]: readonly Name[];
};

/** The names of a table's private columns. */
export type PrivateColumn<T> = T extends { readonly [privateMark]: readonly (infer Name)[] }
  ? Name
  : never;

/**
 * Marks columns of a table as private: they are in no model that is made of it, neither of what is
 * answered nor of what a client may send. Wrap the table where it is defined, so that nobody has the
 * unmarked one.
 *
 * The marks stand on the columns themselves, so that aliases and views of the table keep them.
 *
 * @example
 * ```ts
 * import { integer, pgTable, text } from "drizzle-orm/pg-core";
 * import { privateColumns, selectModel } from "martlet/db/models";
 *
 * const users = privateColumns(
 *   pgTable("users", {
 *     id: integer().primaryKey(),
 *     name: text().notNull(),
 *     passwordHash: text().notNull(),
 *   }),
 *   ["passwordHash"],
 * );
 * expect(Object.keys(selectModel(users).shape)).toEqual(["id", "name"]);
 * ```
 */
export function privateColumns<
  T extends Table,
  const Name extends keyof T["_"]["columns"] & string,
>(table: T, names: readonly Name[]): WithPrivateColumns<T, Name> {
  const columns = getColumns(table as Table);
  for (const name of names) Object.defineProperty(columns[name], privateMark, { value: true });
  return table as WithPrivateColumns<T, Name>;
}
