/**
 * The database as a dependency: opened when the application starts, closed when it stops.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import type { Pool } from "pg";
import {
  around,
  dependency,
  type Dependency,
  HttpProblem,
  type Use,
  type ValueOf,
} from "../index.ts";
import type { CallSource } from "./call.ts";
import { type ClusterOptions, type ClusterUrls, openCluster } from "./cluster.ts";
import { type DatabaseOf, drizzleOf } from "./dialects.ts";
import type { Dialect } from "./driver.ts";
import { Engine } from "./engine.ts";
import {
  type MigrationSource,
  migrationSource,
  type MigrationSourceOptions,
} from "./migrations/source.ts";
import { printed } from "./opening.ts";
import { withoutDrizzle } from "./without-drizzle.ts";
import {
  databaseProblem,
  type DatabaseProblemOptions,
  DatabaseTimeout,
  DatabaseUnavailable,
} from "./problems.ts";

import { repeatsFault } from "./watch/repeats.ts";
import { timed } from "./watch/server-timing.ts";
import { type WatchOptions, watching } from "./watch/watches.ts";

/** A database URL, as a text or as a secret setting. */
export type DatabaseUrl = string | { readonly reveal: () => string };

/** What the dependencies of a `use` section give. */
type Values<U extends Use> = { readonly [K in keyof U]: ValueOf<U[K]> };

/** What {@link database} is told. */
export interface DatabaseOptions<
  R extends AnyRelations = EmptyRelations,
  U extends Use = {},
  D extends Dialect = "postgresql",
>
  extends
    ClusterOptions,
    WatchOptions,
    DatabaseProblemOptions,
    MigrationSourceOptions<DatabaseOf<D, R>> {
  /**
   * Which SQL the database speaks, and so which Drizzle it is. `"mysql"` is MariaDB's too.
   *
   * @default "postgresql"
   */
  readonly dialect?: D;
  /**
   * Where the database is, or a function that says so when the application starts, from what `use`
   * names.
   *
   * | URL | engine |
   * | --- | --- |
   * | `postgres://user:password@host:5432/name` | a PostgreSQL server |
   * | `embedded:./directory` | PostgreSQL 18 from npm, started and stopped with the application |
   * | `embedded:` | the same, in `.martlet/postgres` |
   * | `embedded:memory` | the same, in a temporary directory that is removed at the stop |
   * | `pglite:./directory` | PGlite, PostgreSQL as WebAssembly in this process |
   * | `pglite:` | the same, in memory |
   * | `mysql://user:password@host:3306/name` | a MySQL or MariaDB server, with `dialect: "mysql"` |
   * | `sqlite:./file` | SQLite, which comes with Node, with `dialect: "sqlite"` |
   * | `sqlite:` | the same, in `.martlet/database.sqlite` |
   * | `sqlite::memory:` | the same, in memory |
   */
  readonly url: DatabaseUrl | ((values: Values<U>) => DatabaseUrl);
  /**
   * Databases that follow the one at `url`, which `db.$replica` reads from.
   *
   * @default none, and `db.$replica` is the same as `db`
   */
  readonly replicas?: readonly DatabaseUrl[] | ((values: Values<U>) => readonly DatabaseUrl[]);
  /**
   * For how many milliseconds after a write a call reads from `url` whatever it asks for, so that it
   * sees what it wrote.
   *
   * @default as long as the call lasts
   */
  readonly sticky?: number;
  /**
   * Where the server itself is, when `url` says `?pooler=transaction`: for locks that outlive a
   * transaction, which migrations take.
   *
   * @default `url`
   */
  readonly directUrl?: DatabaseUrl | ((values: Values<U>) => DatabaseUrl | undefined);
  /** App-scoped dependencies that the URL is read from, such as the settings. */
  readonly use?: U;
  /** What Drizzle's `defineRelations` gives; the database is typed by it. */
  readonly relations?: R;
}

/** What may happen to every statement. */
export type AlwaysPossible = typeof DatabaseUnavailable | typeof DatabaseTimeout;

/** A database as a dependency, with what tools need of it. */
export type DatabaseDependency<D> = Dependency<D, {}, AlwaysPossible> &
  MigrationSource<D> & {
    /** The engine below it, as the same application opens it. */
    readonly engine: Dependency<Engine>;
    /** What a test puts its own in the place of. */
    readonly "~opening": DatabaseOpening;
  };

/** How an application comes by its database. */
interface DatabaseOpening {
  /** A text is the database with nothing behind it. */
  readonly url: Dependency<string | ClusterUrls>;
  readonly opened: Dependency<OpenedDatabase>;
}

/** A database that is open, below what is made of it. */
export interface OpenedDatabase {
  readonly engine: Engine;
  readonly pool: Pool | undefined;
}

/**
 * Makes the database dependency of an application: a Drizzle database that is connected at start
 * and closed at stop.
 *
 * It stands around every call that uses it: an error of the database becomes a problem, and a
 * statement that nobody waits for any more is cancelled.
 *
 * @example
 * ```ts no-run
 * import { get, martlet } from "martlet";
 * import { database } from "martlet/db";
 * import { sql } from "drizzle-orm";
 *
 * const db = database({ url: "embedded:" });
 * const now = get("/now", { use: { db } }, async ({ db }) => {
 *   const { rows } = await db.execute<{ time: Date }>(sql`select now() as time`);
 *   return rows[0];
 * });
 * const app = martlet({ now });
 * await app.start();
 * ```
 *
 * @throws Fault M015 at start, when the URL cannot be read, and M017 when a package is missing
 */
export function database<
  R extends AnyRelations = EmptyRelations,
  U extends Use = {},
  D extends Dialect = "postgresql",
>(options: DatabaseOptions<R, U, D>): DatabaseDependency<DatabaseOf<D, R>> {
  const {
    relations,
    dialect = "postgresql",
    name = "database",
    environment = process.env["NODE_ENV"],
  } = options;
  const { notice = printed(name), serverTiming = environment === "development" } = options;
  const url = dependency({ use: options.use ?? {}, scope: "app", name }, (values: object) =>
    urlsOf(options, values),
  );
  const opened = dependency(
    { use: { url }, scope: "app", name },
    async function* ({ url }): AsyncGenerator<OpenedDatabase> {
      const { pool, ...parts } = await openCluster(url, { ...options, dialect });
      const { sticky } = options;
      const watched = watching(options, { name, dialect, environment, notice });
      const rest = { notice, ...watched, ...(sticky !== undefined && { sticky }) };
      const engine = new Engine({ ...parts, ...rest });
      try {
        yield { engine, pool };
      } finally {
        await engine.close();
      }
    },
  );
  const engine = dependency({ use: { opened }, scope: "app", name }, ({ opened }) => opened.engine);
  const throws = [DatabaseUnavailable, DatabaseTimeout] as const;
  const made = dependency({ use: { opened }, scope: "app", name, throws }, ({ opened }) =>
    drizzleOf(opened.engine, { pool: opened.pool, relations }).catch((error: unknown) =>
      withoutDrizzle(opened.engine, error),
    ),
  );
  // A URL that leads to another dialect was refused.
  const value = made as unknown as Dependency<DatabaseOf<D, R>, {}, AlwaysPossible>;
  const surrounding = around(value, ({ $engine }, next, source) => {
    const rest = serverTiming ? () => timed($engine, next, source) : next;
    return answering($engine, () => $engine.during(source as CallSource, rest), options);
  });
  const tools = migrationSource(options, dialect);
  return Object.assign(surrounding, { engine, "~opening": { url, opened }, ...tools });
}

/** Runs the rest of a call; an error of the database becomes the problem that it is to the client. */
function answering(engine: Engine, run: () => unknown, options: DatabaseProblemOptions): unknown {
  const told = (error: unknown): unknown => {
    // A problem that a handler made of an error says better what is wrong.
    if (error instanceof HttpProblem) return error;
    if (!engine.hasThrown(error)) return repeatsFault(error) ?? error;
    return databaseProblem(error, options) ?? error;
  };
  try {
    const done = run();
    if (!(done instanceof Promise)) return done;
    return done.catch((error: unknown) => {
      throw told(error);
    });
  } catch (error) {
    throw told(error);
  }
}

/** `values` is what the plan made of `use`, and so of the type that the functions take. */
function urlsOf<U extends Use>(
  {
    url,
    replicas = [],
    directUrl,
  }: Pick<DatabaseOptions<EmptyRelations, U>, "url" | "replicas" | "directUrl">,
  values: object,
): string | ClusterUrls {
  const read = <T>(told: T | ((values: Values<U>) => T)): T =>
    typeof told === "function" ? (told as (values: Values<U>) => T)(values as Values<U>) : told;
  const direct = read<DatabaseUrl | undefined>(directUrl);
  return {
    url: textOf(read<DatabaseUrl>(url)),
    replicas: read<readonly DatabaseUrl[]>(replicas).map(textOf),
    directUrl: direct && textOf(direct),
  };
}

function textOf(url: DatabaseUrl): string {
  return typeof url === "string" ? url : url.reveal();
}
