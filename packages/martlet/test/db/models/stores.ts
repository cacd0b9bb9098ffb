/**
 * The three dialects, each with its table of all types, behind one small interface.
 *
 * @module
 */
import { eq, getTableName, sql } from "drizzle-orm";
import { embedded, type Engine, mariadb, postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { colour, creation, mysqlTypes, pgTypes, sqliteTypes } from "./tables.ts";

/** A row as the program has it. */
export type Row = Record<string, unknown> & { id: number };

/** A database with the table of its dialect. */
export interface Store {
  readonly insert: (row: Row) => Promise<void>;
  readonly select: (id: number) => Promise<Row>;
  readonly close: () => Promise<void>;
}

/** How to come by one. */
export interface StoreKind extends Pick<Engine, "title" | "isSkipped"> {
  readonly table: typeof pgTypes | typeof mysqlTypes | typeof sqliteTypes;
  readonly open: () => Promise<Store>;
}

async function openPg(url: string): Promise<Store> {
  const { db, close } = await openDatabase({ url });
  const values = colour.enumValues.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
  await db.execute(`create type ${colour.enumName} as enum (${values})`);
  await db.execute(creation(pgTypes));
  return {
    insert: async (row) => void (await db.insert(pgTypes).values(row)),
    select: async (id) => one(await db.select().from(pgTypes).where(eq(pgTypes.id, id))),
    close: async () => {
      await db.execute(`drop table ${getTableName(pgTypes)}`);
      await db.execute(`drop type ${colour.enumName}`);
      await close();
    },
  };
}

async function openMysql(): Promise<Store> {
  const { db, close } = await openDatabase({ dialect: "mysql", url: mariadb.url });
  await db.execute(creation(mysqlTypes, "`"));
  return {
    insert: async (row) => void (await db.insert(mysqlTypes).values(row)),
    select: async (id) => one(await db.select().from(mysqlTypes).where(eq(mysqlTypes.id, id))),
    close: async () => {
      await db.execute(`drop table ${getTableName(mysqlTypes)}`);
      await close();
    },
  };
}

async function openSqlite(): Promise<Store> {
  const { db, close } = await openDatabase({ dialect: "sqlite", url: "sqlite::memory:" });
  await db.run(sql.raw(creation(sqliteTypes)));
  return {
    insert: async (row) => void (await db.insert(sqliteTypes).values(row)),
    select: async (id) => one(await db.select().from(sqliteTypes).where(eq(sqliteTypes.id, id))),
    close,
  };
}

function one(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("There is no such row");
  return row;
}

const pg = postgres.isSkipped ? embedded : postgres;

export const stores: readonly StoreKind[] = [
  { title: pg.title, isSkipped: pg.isSkipped, table: pgTypes, open: () => openPg(pg.url) },
  { title: mariadb.title, isSkipped: mariadb.isSkipped, table: mysqlTypes, open: openMysql },
  { title: "SQLite", isSkipped: false, table: sqliteTypes, open: openSqlite },
];
