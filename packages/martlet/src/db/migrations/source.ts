/**
 * What a database is told of its migrations, and what tools find of that.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import type { Schema } from "./diff.ts";
import { type Migrations, migrations } from "./migrations.ts";

/** What a database is told of its schema. */
export interface MigrationSourceOptions<D> {
  /**
   * Drizzle's tables, enums and so on, by any names: `import * as schema`. `martlet db revision`
   * writes migrations from it.
   */
  readonly schema?: Schema;
  /** The folder of migrations, relative to the working directory, or as a `file:` URL. @default "migrations" */
  readonly migrations?: string | URL;
  /** Fills a database with data to work with, in one transaction, when `martlet db seed` is run. */
  readonly seed?: (db: D) => unknown;
}

/** What tools need of a database. */
export interface MigrationSource<D> {
  readonly migrations: Migrations;
  readonly seed: ((db: D) => unknown) | undefined;
}

/** What tools need, of what a database was told. */
export function migrationSource<D>(
  options: MigrationSourceOptions<D>,
  dialect: Dialect,
): MigrationSource<D> {
  const { schema, migrations: directory = "migrations", seed } = options;
  return { migrations: migrations({ directory, schema, dialect }), seed };
}
