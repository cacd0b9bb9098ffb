/**
 * Drizzle for the dialects beside PostgreSQL's, loaded when one of them is opened.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import type { MysqlDatabase } from "./drizzle-mysql.ts";
import type { SqliteDatabase } from "./drizzle-sqlite.ts";
import type { Engine } from "./engine.ts";
import { load } from "./packages.ts";

/** Makes a Drizzle database of MySQL or MariaDB over an engine. */
export async function mysqlOver<R extends AnyRelations = EmptyRelations>(
  engine: Engine,
  relations: R | undefined,
): Promise<MysqlDatabase<R>> {
  const { drizzleOverMysql } = await load("drizzle-orm", () => import("./drizzle-mysql.ts"));
  // Where none are given, their type is that of none.
  return drizzleOverMysql(engine, relations ?? ({} as R));
}

/** Makes a Drizzle database of SQLite over an engine. */
export async function sqliteOver<R extends AnyRelations = EmptyRelations>(
  engine: Engine,
  relations: R | undefined,
): Promise<SqliteDatabase<R>> {
  const { drizzleOverSqlite } = await load("drizzle-orm", () => import("./drizzle-sqlite.ts"));
  return drizzleOverSqlite(engine, relations ?? ({} as R));
}
