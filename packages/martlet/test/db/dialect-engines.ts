/**
 * Engines of MySQL and SQLite, without the application around them.
 *
 * @module
 */
import { Engine } from "martlet/db";
import { openMysql } from "../../src/db/mysql.ts";
import type { PoolOptions } from "../../src/db/pool.ts";
import { openSqlite } from "../../src/db/sqlite.ts";

/** How an engine is opened. */
export interface Opening {
  readonly pool?: PoolOptions;
  readonly statementTimeout?: number;
  readonly notice?: (line: string) => void;
}

/** Opens MySQL or MariaDB at a URL. */
export async function mysqlEngine(url: string, opening: Opening = {}): Promise<Engine> {
  const { pool = {}, statementTimeout = 30_000, notice = () => undefined } = opening;
  return new Engine({ driver: await openMysql(url, { pool, statementTimeout, notice }), notice });
}

/** Opens SQLite in a file, or in memory. */
export async function sqliteEngine(file?: string, opening: Opening = {}): Promise<Engine> {
  const { pool = {}, statementTimeout = 30_000, notice = () => undefined } = opening;
  return new Engine({ driver: await openSqlite(file, { pool, statementTimeout, notice }), notice });
}
