/**
 * A database without the routes of an application around it.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import { dependency, martlet, type Use } from "martlet";
import { type Database, database, type DatabaseOptions } from "martlet/db";

/** A database that is open. */
export interface OpenedDatabase<R extends AnyRelations> {
  readonly db: Database<R>;
  readonly close: () => Promise<void>;
}

/** Starts an application that has a database and nothing else. */
export async function openDatabase<R extends AnyRelations = EmptyRelations, U extends Use = {}>(
  options: DatabaseOptions<R, U>,
): Promise<OpenedDatabase<R>> {
  let found: Database<R> | undefined;
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
