/**
 * A database without the routes of an application around it.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import { dependency, martlet, type Use } from "martlet";
import { database, type DatabaseOf, type DatabaseOptions, type Dialect } from "martlet/db";

/** A database that is open. */
export interface OpenedDatabase<
  R extends AnyRelations = EmptyRelations,
  D extends Dialect = "postgresql",
> {
  readonly db: DatabaseOf<D, R>;
  readonly close: () => Promise<void>;
}

/** Starts an application that has a database and nothing else. */
export async function openDatabase<
  R extends AnyRelations = EmptyRelations,
  U extends Use = {},
  D extends Dialect = "postgresql",
>(options: DatabaseOptions<R, U, D>): Promise<OpenedDatabase<R, D>>;
// The last one is that of `ReturnType<typeof openDatabase>`.
export async function openDatabase<R extends AnyRelations = EmptyRelations, U extends Use = {}>(
  options: DatabaseOptions<R, U>,
): Promise<OpenedDatabase<R>>;
export async function openDatabase<
  R extends AnyRelations = EmptyRelations,
  U extends Use = {},
  D extends Dialect = "postgresql",
>(options: DatabaseOptions<R, U, D>): Promise<OpenedDatabase<R, D>> {
  let found: DatabaseOf<D, R> | undefined;
  const errors: unknown[] = [];
  const keep = dependency({ use: { db: database(options) }, scope: "app" }, ({ db }) => {
    found = db;
  });
  const app = martlet({}, { lifespan: keep, report: ({ error }) => errors.push(error) });
  await app.start();
  if (found === undefined) throw new Error("The application started without its database");
  const close = async (): Promise<void> => {
    await app.stop();
    if (errors.length > 0) throw new AggregateError(errors);
  };
  return { db: found, close };
}
