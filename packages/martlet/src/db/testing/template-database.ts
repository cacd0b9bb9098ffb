/**
 * Template databases: prepared once, and copied by all test files and workers.
 *
 * @module
 */
import type { DatabaseDependency } from "../database.ts";
import type { Engine } from "../engine.ts";
import { emptyDatabase, type Template } from "./fresh-database.ts";
import { openAt } from "./opened.ts";
import { prepare, type TestDatabaseOptions, usualUrl } from "./test-database.ts";

/** What a template database is made of. */
export type TemplateDatabaseOptions<D> = Pick<TestDatabaseOptions<D>, "url" | "prepare">;

/** A database to be copied. */
export interface TemplateDatabase {
  /** What `testDatabase()` takes: plain data, which a test runner can hand to its workers. */
  readonly template: Template;
  /** Drops it, and ends the server if it is one of its own. */
  readonly stop: () => Promise<void>;
}

/**
 * Makes a database that is ready for tests, on PostgreSQL, for the global set-up of a test runner:
 * to copy it takes a fraction of the time that all migrations take. Of `embedded:`, all workers use
 * one server then.
 *
 * @example
 * ```ts no-run
 * import { database } from "martlet/db";
 * import { templateDatabase } from "martlet/db/testing";
 *
 * const db = database({ url: "postgres://localhost/shop" });
 *
 * export async function setup(): Promise<() => Promise<void>> {
 *   const { template, stop } = await templateDatabase(db);
 *   process.env["TEST_TEMPLATE"] = JSON.stringify(template);
 *   return stop;
 * }
 * ```
 *
 * @throws when the database at the URL cannot be copied
 */
export async function templateDatabase<D extends { readonly $engine: Engine }>(
  db: DatabaseDependency<D>,
  options: TemplateDatabaseOptions<D> = {},
): Promise<TemplateDatabase> {
  const { server, name, url, drop } = await emptyDatabase(
    options.url ?? usualUrl(db.migrations.dialect),
  );
  try {
    if (server === undefined || db.migrations.dialect !== "postgresql") {
      throw new Error("Only a PostgreSQL server copies databases: prepare each by itself");
    }
    const opened = await openAt(db, url);
    try {
      await prepare(db, opened.db, options.prepare);
    } finally {
      // Nobody may be connected to what is copied.
      await opened.close();
    }
    return { template: { server, database: name }, stop: drop };
  } catch (error) {
    await drop();
    throw error;
  }
}
