/**
 * Test databases in the hooks of a test runner.
 *
 * @module
 */
import type { DatabaseDependency } from "../database.ts";
import type { Engine } from "../engine.ts";
import { type TestDatabase, testDatabase, type TestDatabaseOptions } from "./test-database.ts";

/** Registers work to be run around tests; most runners take a limit in milliseconds too, Node's own does not. */
export type TestHook = (run: () => Promise<void>, timeout?: never) => unknown;

/** The hooks of a test runner, by the names that most of them have. */
export interface TestHooks {
  readonly beforeAll: TestHook;
  readonly beforeEach: TestHook;
  readonly afterEach: TestHook;
  readonly afterAll: TestHook;
}

/** How long, in milliseconds, a database may take to be there. A runner that takes no number ignores it. */
const patience = 60_000 as never;

/**
 * Makes a database for the tests of a file, and has the runner's hooks start it, keep the tests
 * apart, and stop it.
 *
 * @example
 * ```ts no-run
 * import { database } from "martlet/db";
 * import { useTestDatabase } from "martlet/db/testing";
 * import { afterAll, afterEach, beforeAll, beforeEach, test } from "vitest";
 *
 * const db = database({ url: "postgres://localhost/shop" });
 * const tested = useTestDatabase({ beforeAll, beforeEach, afterEach, afterAll }, db);
 *
 * test("is empty for each test", async () => {
 *   await tested.db.execute("insert into items (name) values ('pencil')");
 * });
 * ```
 */
export function useTestDatabase<D extends { readonly $engine: Engine }>(
  hooks: TestHooks,
  db: DatabaseDependency<D>,
  options: TestDatabaseOptions<D> = {},
): TestDatabase<D> {
  const database = testDatabase(db, options);
  hooks.beforeAll(() => database.start(), patience);
  hooks.beforeEach(() => database.begin());
  hooks.afterEach(() => database.end());
  hooks.afterAll(() => database.stop(), patience);
  return database;
}
