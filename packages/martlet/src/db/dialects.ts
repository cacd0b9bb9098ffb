/**
 * Drizzle for each dialect. Beside PostgreSQL's, it is loaded when one of them is opened.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import type { Pool } from "pg";
import type { Dialect } from "./driver.ts";
import type { MysqlDatabase } from "./drizzle-mysql.ts";
import type { SqliteDatabase } from "./drizzle-sqlite.ts";
import { type Database, drizzleOver } from "./drizzle.ts";
import type { Engine } from "./engine.ts";
import { load } from "./packages.ts";

/** The Drizzle database of each dialect. */
interface Databases<R extends AnyRelations> {
  readonly postgresql: Database<R>;
  readonly mysql: MysqlDatabase<R>;
  readonly sqlite: SqliteDatabase<R>;
}

/** The Drizzle database of a dialect, which knows the relations it was made with. */
export type DatabaseOf<
  D extends Dialect,
  R extends AnyRelations = EmptyRelations,
> = Databases<R>[D];

/** What a Drizzle database is made of. */
export interface DrizzleParts<R extends AnyRelations> {
  /** PostgreSQL's, and only its. */
  readonly pool: Pool | undefined;
  readonly relations?: R | undefined;
}

/** Makes the Drizzle database of the dialect that an engine speaks. */
export async function drizzleOf<R extends AnyRelations>(
  engine: Engine,
  { pool, relations }: DrizzleParts<R>,
): Promise<DatabaseOf<Dialect, R>> {
  // Where none are given, their type is that of none.
  const known = relations ?? ({} as R);
  if (engine.dialect === "mysql") {
    const { drizzleOverMysql } = await load("drizzle-orm", () => import("./drizzle-mysql.ts"));
    return drizzleOverMysql(engine, known);
  }
  if (engine.dialect === "sqlite") {
    const { drizzleOverSqlite } = await load("drizzle-orm", () => import("./drizzle-sqlite.ts"));
    return drizzleOverSqlite(engine, known);
  }
  if (pool === undefined) throw new Error("PostgreSQL has a pool");
  return drizzleOver(engine, { pool, relations });
}
