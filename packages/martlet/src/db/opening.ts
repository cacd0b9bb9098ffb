/**
 * Opening a database: from its URL to a driver.
 *
 * @module
 */
import type { Pool } from "pg";
import { Fault } from "../index.ts";
import type { Dialect, Driver } from "./driver.ts";
import { openEmbedded } from "./embedded.ts";
import { openMysql } from "./mysql.ts";
import { openPglite } from "./pglite.ts";
import { type Notice, type Opened, openPool, type PoolOptions, type PoolSettings } from "./pool.ts";
import { readPooler } from "./pooler.ts";
import { postgresqlDriver } from "./postgresql.ts";
import { openSqlite } from "./sqlite.ts";
import { dialectOf, type Place, placeOf } from "./url.ts";

/** How a database is opened. */
export interface OpenOptions {
  /** The limits of the pool of connections. */
  readonly pool?: PoolOptions;
  /**
   * After how many milliseconds the server gives a statement up; 0 for never. PGlite and SQLite
   * cannot; MySQL itself does so for SELECT only, and others lose their connection a second later.
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

/** What a URL has to lead to. */
export interface Expected {
  /** @default any */
  readonly dialect?: Dialect;
}

/** A driver, and its pool of `pg` if it is PostgreSQL's. */
export interface OpenedDriver {
  readonly driver: Driver;
  readonly pool: Pool | undefined;
}

/** Opens the database at a URL and proves that it connects. */
export async function openDriver(
  url: string,
  options: OpenOptions & Expected,
): Promise<OpenedDriver> {
  const { name = "database", environment = process.env["NODE_ENV"] } = options;
  const { notice = printed(name), pool = {}, statementTimeout = 30_000 } = options;
  const { url: plain, isPooled } = readPooler(url);
  const place = placeOf(plain, name);
  refuseOther(place, options);
  if (isForDevelopment(place) && environment === "production") {
    notice(`${place.engine}: is for development and tests; in production, use a postgres: URL`);
  }
  const { maxWaiting = 1000 } = pool;
  const settings = { pool, statementTimeout, notice, isPooled };
  if (place.engine === "mysql") return alone(await openMysql(place.url, settings));
  if (place.engine === "sqlite") return alone(await openSqlite(place.file, settings));
  const limits = { maxWaiting, isPooled, statementTimeout };
  const driver = postgresqlDriver(await openPlace(place, settings), limits);
  return { driver, pool: driver.pool };
}

function alone(driver: Driver): OpenedDriver {
  return { driver, pool: undefined };
}

function isForDevelopment({ engine }: Place): boolean {
  return engine === "embedded" || engine === "pglite";
}

/** Whose Drizzle a database is, its type says already: the URL has to keep to that. */
function refuseOther(place: Place, { dialect, name = "database" }: OpenOptions & Expected): void {
  const found = dialectOf(place);
  if (dialect === undefined || found === dialect) return;
  throw new Fault("M015", `The database URL leads to ${found}, and the database is ${dialect}`, {
    trail: [name],
    hint: `Write database({ dialect: "${found}", … }), or another URL.`,
  });
}

function openPlace(
  place: Exclude<Place, { readonly engine: "mysql" | "sqlite" }>,
  settings: PoolSettings,
): Promise<Opened> {
  switch (place.engine) {
    case "postgres":
      return openPool({ connectionString: place.url }, place.shown, settings);
    case "embedded":
      return openEmbedded(place.directory, settings);
    case "pglite":
      return openPglite(place.directory, settings);
  }
}

/** Writes lines to standard error under a name. */
export function printed(name: string): Notice {
  // oxlint-disable-next-line no-console -- the one place that speaks for a database without a log
  return (line) => console.error(`${name}: ${line}`);
}
