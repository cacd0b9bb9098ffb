/**
 * Opening a database: from its URL to a driver.
 *
 * @module
 */
import type { Pool } from "pg";
import type { Driver } from "./driver.ts";
import { openEmbedded } from "./embedded.ts";
import { openPglite } from "./pglite.ts";
import { type Notice, type Opened, openPool, type PoolOptions, type PoolSettings } from "./pool.ts";
import { readPooler } from "./pooler.ts";
import { postgresqlDriver } from "./postgresql.ts";
import { type Place, placeOf } from "./url.ts";

/** How a database is opened. */
export interface OpenOptions {
  /** The limits of the pool of connections. */
  readonly pool?: PoolOptions;
  /**
   * After how many milliseconds the server gives a statement up; 0 for never. PGlite and SQLite
   * cannot.
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

/** A driver, and its pool of `pg`. */
export interface OpenedDriver {
  readonly driver: Driver;
  readonly pool: Pool;
}

/** Opens the database at a URL and proves that it connects. */
export async function openDriver(url: string, options: OpenOptions): Promise<OpenedDriver> {
  const { name = "database", environment = process.env["NODE_ENV"] } = options;
  const { notice = printed(name), pool = {}, statementTimeout = 30_000 } = options;
  const { url: plain, isPooled } = readPooler(url);
  const place = placeOf(plain, name);
  if (place.engine !== "postgres" && environment === "production") {
    notice(`${place.engine}: is for development and tests; in production, use a postgres: URL`);
  }
  const { maxWaiting = 1000 } = pool;
  const settings = { pool, statementTimeout, notice, isPooled };
  const limits = { maxWaiting, isPooled, statementTimeout };
  const driver = postgresqlDriver(await openPlace(place, settings), limits);
  return { driver, pool: driver.pool };
}

function openPlace(place: Place, settings: PoolSettings): Promise<Opened> {
  switch (place.engine) {
    case "postgres":
      return openPool({ connectionString: place.url }, place.shown, settings);
    case "embedded":
      return openEmbedded(place.directory, settings);
    case "pglite":
      return openPglite(place.directory, settings);
    case "mysql":
    case "sqlite":
      throw new Error(`${place.engine}: cannot be opened yet`);
  }
}

/** Writes lines to standard error under a name. */
export function printed(name: string): Notice {
  // oxlint-disable-next-line no-console -- the one place that speaks for a database without a log
  return (line) => console.error(`${name}: ${line}`);
}
