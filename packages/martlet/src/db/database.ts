/**
 * The database as a dependency: opened when the application starts, closed when it stops.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Pool } from "pg";
import { dependency, type Dependency, type Use, type ValueOf } from "../index.ts";
import { openEmbedded } from "./embedded.ts";
import { loadDrizzle } from "./packages.ts";
import { openPglite } from "./pglite.ts";
import { type Notice, type Opened, openPool, type PoolOptions, type PoolSettings } from "./pool.ts";
import { type Place, placeOf } from "./url.ts";

/** A Drizzle database that knows the relations it was made with, over a pool of `pg`, `$client`. */
export type Database<R extends AnyRelations = EmptyRelations> = NodePgDatabase<R> & {
  readonly $client: Pool;
};

/** A database URL, as a text or as a secret setting. */
export type DatabaseUrl = string | { readonly reveal: () => string };

/** What {@link database} is told. */
export interface DatabaseOptions<R extends AnyRelations = EmptyRelations, U extends Use = {}> {
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
   */
  readonly url: DatabaseUrl | ((values: { readonly [K in keyof U]: ValueOf<U[K]> }) => DatabaseUrl);
  /** App-scoped dependencies that the URL is read from, such as the settings. */
  readonly use?: U;
  /** What Drizzle's `defineRelations` gives; the database is typed by it. */
  readonly relations?: R;
  /** The limits of the pool of connections. */
  readonly pool?: PoolOptions;
  /**
   * After how many milliseconds PostgreSQL gives a statement up; 0 for never. PGlite cannot.
   *
   * @default 30000
   */
  readonly statementTimeout?: number;
  /** What it is called in messages. @default "database" */
  readonly name?: string;
  /** `"production"` makes the engines that are for development say so. @default process.env.NODE_ENV */
  readonly environment?: string | undefined;
  /** Receives lines that an operator should read. @default writes to standard error */
  readonly notice?: Notice;
}

/**
 * Makes the database dependency of an application: a Drizzle database that is connected at start
 * and closed at stop.
 *
 * @example
 * ```ts no-run
 * import { get, martlet } from "martlet";
 * import { database } from "martlet/db";
 * import { sql } from "drizzle-orm";
 *
 * const db = database({ url: "embedded:" });
 * const now = get("/now", { use: { db } }, async ({ db }) => {
 *   const [row] = await db.execute(sql`select now() as time`, "objects");
 *   return row;
 * });
 * const app = martlet({ now });
 * await app.start();
 * ```
 *
 * @throws Fault M015 at start, when the URL cannot be read or needs a package that is missing
 */
export function database<R extends AnyRelations = EmptyRelations, U extends Use = {}>(
  options: DatabaseOptions<R, U>,
): Dependency<Database<R>> {
  const { relations, name = "database" } = options;
  return dependency(
    { use: options.use ?? {}, scope: "app", name },
    async function* (values: object): AsyncGenerator<Database<R>> {
      const opened = await open(urlOf(options, values), options);
      try {
        const { drizzle } = await loadDrizzle();
        yield drizzle({ client: opened.pool, ...(relations && { relations }) });
      } finally {
        await opened.close();
      }
    },
  );
}

/** `values` is what the plan made of `use`, and so of the type that `url` takes. */
function urlOf<R extends AnyRelations, U extends Use>(
  { url }: DatabaseOptions<R, U>,
  values: object,
): string {
  const found = typeof url === "function" ? url(values as never) : url;
  return typeof found === "string" ? found : found.reveal();
}

type OpenOptions = Pick<
  DatabaseOptions,
  "pool" | "statementTimeout" | "environment" | "notice" | "name"
>;

function open(url: string, options: OpenOptions): Promise<Opened> {
  const { name = "database", environment = process.env.NODE_ENV } = options;
  const { notice = print(name) } = options;
  const { pool = {}, statementTimeout = 30_000 } = options;
  const settings: PoolSettings = { pool, statementTimeout, notice };
  const place = placeOf(url, name);
  if (place.engine !== "postgres" && environment === "production") {
    notice(`${place.engine}: is for development and tests; in production, use a postgres: URL`);
  }
  return openPlace(place, settings);
}

function openPlace(place: Place, settings: PoolSettings): Promise<Opened> {
  switch (place.engine) {
    case "postgres":
      return openPool({ connectionString: place.url }, place.shown, settings);
    case "embedded":
      return openEmbedded(place.directory, settings);
    case "pglite":
      return openPglite(place.directory, settings);
  }
}

function print(name: string): Notice {
  // oxlint-disable-next-line no-console -- the one place that speaks for a database without a log
  return (line) => console.error(`${name}: ${line}`);
}
