/**
 * Test databases: fresh ones, in which each test leaves nothing.
 *
 * @module
 */
import type { Override } from "../../index.ts";
import type { DatabaseDependency } from "../database.ts";
import type { Dialect } from "../driver.ts";
import type { Engine } from "../engine.ts";
import { readFolder } from "../migrations/folder.ts";
import { Draws } from "./draws.ts";
import { type Empty, emptying } from "./emptying.ts";
import {
  copiedDatabase,
  emptyDatabase,
  type FreshDatabase,
  type Template,
} from "./fresh-database.ts";
import { type Opened, openAt, standIn } from "./opened.ts";

/** What a test database is made of. */
export interface TestDatabaseOptions<D> {
  /**
   * The server that the database is made on, and dropped from: `postgres:` and `mysql:` need a user
   * who may create databases; `embedded:`, `pglite:memory` and `sqlite:memory` need no server.
   *
   * @default "embedded:memory", or "sqlite:memory"
   */
  readonly url?: string | undefined;
  /** What the database is copied from, ready as it is, by `templateDatabase()`; PostgreSQL only. */
  readonly template?: Template | undefined;
  /** Makes the tables. @default applies the database's migrations, if there are any */
  readonly prepare?: ((db: D) => unknown) | undefined;
  /** Adds what every test finds. @default nothing */
  readonly seed?: ((db: D) => unknown) | undefined;
  /**
   * Whether tests commit for real, for what a rollback would hide: several connections, isolation,
   * triggers of a commit. After each of them, the tables that `prepare` has left empty are emptied,
   * and `seed` is run again.
   *
   * @default false
   */
  readonly isolated?: boolean | undefined;
  /** What the data of factories are drawn from: the same number, the same data. @default 1 */
  readonly draw?: number | undefined;
}

/** A fresh database, and what a test needs of it. */
export interface TestDatabase<D> {
  /** Has an application use this database: `testClient(app, { overrides: [database.override] })`. */
  readonly override: Override;
  /** The application's database, for tests to prepare and to look at what is in there. */
  readonly db: D;
  /** What stands below. */
  readonly engine: Engine;
  /** Where it is. */
  readonly url: string;
  /** What factories draw from; each test begins where the first one did. */
  readonly draws: Draws;
  /** Makes and opens it. */
  readonly start: () => Promise<void>;
  /** Begins a test. */
  readonly begin: () => Promise<void>;
  /** Ends a test: nothing of it is left. @throws when a transaction of the test was still open */
  readonly end: () => Promise<void>;
  /** Closes and drops it. Does nothing where it has not started. */
  readonly stop: () => Promise<void>;
}

/**
 * Makes a database for tests: the one of an application, at a place of its own. Each test is in a
 * transaction that is rolled back, the application's transactions being savepoints in it.
 *
 * @example
 * ```ts no-run
 * import { get, martlet } from "martlet";
 * import { database } from "martlet/db";
 * import { testDatabase } from "martlet/db/testing";
 * import { testClient } from "martlet/testing";
 *
 * const db = database({ url: "postgres://localhost/shop" });
 * const app = martlet({ now: get("/now", { use: { db } }, ({ db }) => db.execute("select now()")) });
 *
 * const database_ = testDatabase(db);
 * await database_.start();
 * await database_.begin();
 * const client = testClient(app, { overrides: [database_.override] });
 * expect((await client.get("/now")).status).toBe(200);
 * await client.close();
 * await database_.end();
 * await database_.stop();
 * ```
 */
export function testDatabase<D extends { readonly $engine: Engine }>(
  db: DatabaseDependency<D>,
  options: TestDatabaseOptions<D> = {},
): TestDatabase<D> {
  return new Fixture(db, options);
}

/** What there is from the start to the stop. */
interface Started<D> extends Opened<D> {
  readonly fresh: FreshDatabase;
  readonly empty: Empty | undefined;
}

class Fixture<D extends { readonly $engine: Engine }> implements TestDatabase<D> {
  readonly override: Override;
  readonly draws: Draws;
  readonly #db: DatabaseDependency<D>;
  readonly #options: TestDatabaseOptions<D>;
  #started: Started<D> | undefined;
  #rollBack: (() => Promise<void>) | undefined;
  #rewind: (() => void) | undefined;

  constructor(db: DatabaseDependency<D>, options: TestDatabaseOptions<D>) {
    this.#db = db;
    this.#options = options;
    this.draws = new Draws(options.draw ?? 1);
    this.override = standIn(db["~opening"].opened, () => this.#running.opened);
  }

  get db(): D {
    return this.#running.db;
  }

  get engine(): Engine {
    return this.#running.opened.engine;
  }

  get url(): string {
    return this.#running.fresh.url;
  }

  async start(): Promise<void> {
    if (this.#started !== undefined) throw new Error("The test database has started already");
    const { template, seed, isolated = false } = this.#options;
    const fresh = await (template === undefined
      ? emptyDatabase(this.#options.url ?? usualUrl(this.#db.migrations.dialect))
      : copiedDatabase(template));
    try {
      const opened = await openAt(this.#db, fresh.url);
      this.#started = { ...opened, fresh, empty: undefined };
      if (template === undefined) await prepare(this.#db, opened.db, this.#options.prepare);
      const empty = isolated ? await emptying(this.engine) : undefined;
      this.#started = { ...opened, fresh, empty };
      await seed?.(opened.db);
    } catch (error) {
      await (this.#started === undefined ? fresh.drop() : this.stop());
      throw error;
    }
  }

  async begin(): Promise<void> {
    const { empty, opened } = this.#running;
    if (empty === undefined) this.#rollBack = opened.engine.pin();
    this.#rewind = this.draws.mark();
  }

  async end(): Promise<void> {
    const rollBack = this.#rollBack;
    this.#rollBack = undefined;
    this.#rewind?.();
    await rollBack?.();
    const { empty, db } = this.#running;
    if (empty === undefined) return;
    await empty();
    await this.#options.seed?.(db);
  }

  async stop(): Promise<void> {
    const started = this.#started;
    this.#started = undefined;
    try {
      await this.#rollBack?.();
    } finally {
      this.#rollBack = undefined;
      await inOrder(started?.close, started?.fresh.drop);
    }
  }

  get #running(): Started<D> {
    if (this.#started !== undefined) return this.#started;
    throw new Error("The test database has not started: start() it, or use useTestDatabase()");
  }
}

/** Makes the tables, as told or by the migrations. */
export async function prepare<D extends { readonly $engine: Engine }>(
  { migrations }: DatabaseDependency<D>,
  db: D,
  told: ((db: D) => unknown) | undefined,
): Promise<void> {
  if (told !== undefined) await told(db);
  else if (readFolder(migrations.directory).length > 0) await migrations.upgrade(db.$engine);
}

/** Where a database for tests needs nothing to be there. */
export function usualUrl(dialect: Dialect): string {
  switch (dialect) {
    case "postgresql":
      return "embedded:memory";
    case "sqlite":
      return "sqlite:memory";
    case "mysql":
      throw new Error("MySQL needs a server for tests: give its `url`");
  }
}

async function inOrder(...steps: readonly ((() => Promise<void>) | undefined)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) await step?.().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
