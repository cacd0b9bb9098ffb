/**
 * Engines of MySQL and SQLite, without what is above them.
 *
 * @module
 */
import type { DatabaseOptions, Engine } from "martlet/db";
import { openDatabase } from "./opened.ts";

/** How an engine is opened. */
export type Opening = Pick<DatabaseOptions, "pool" | "statementTimeout" | "notice">;

/** Opens MySQL or MariaDB at a URL. */
export async function mysqlEngine(url: string, opening: Opening = {}): Promise<Engine> {
  return (await openDatabase({ dialect: "mysql", url, notice: ignored, ...opening })).db.$engine;
}

/** Opens SQLite in a file, or in memory. */
export async function sqliteEngine(file = ":memory:", opening: Opening = {}): Promise<Engine> {
  const url = `sqlite:${file}`;
  return (await openDatabase({ dialect: "sqlite", url, notice: ignored, ...opening })).db.$engine;
}

function ignored(): void {}
