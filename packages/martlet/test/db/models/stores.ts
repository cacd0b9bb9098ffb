/**
 * The three dialects, each with its table of all types, behind one small interface.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { eq, getTableName } from "drizzle-orm";
import { drizzle as overMysql } from "drizzle-orm/mysql2";
import { drizzle as overSqlite } from "drizzle-orm/node-sqlite";
import { createConnection, createPool } from "mysql2/promise";
import { postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { colour, creation, mysqlTypes, pgTypes, sqliteTypes } from "./tables.ts";

/** A row as the program has it. */
export type Row = Record<string, unknown> & { id: number };

/** A database with the table of its dialect. */
export interface Store {
  readonly insert: (row: Row) => Promise<void>;
  readonly change: (id: number, values: Record<string, unknown>) => Promise<void>;
  readonly select: (id: number) => Promise<Row>;
  readonly close: () => Promise<void>;
}

/** How to come by one. */
export interface StoreKind {
  readonly title: string;
  readonly isSkipped: boolean;
  readonly table: typeof pgTypes | typeof mysqlTypes | typeof sqliteTypes;
  readonly open: () => Promise<Store>;
}

async function openPg(): Promise<Store> {
  const { db, close } = await openDatabase({ url: postgres.url, pool: { max: 2 } });
  const values = colour.enumValues.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
  await db.execute(`create type ${colour.enumName} as enum (${values})`);
  await db.execute(creation(pgTypes));
  return {
    insert: async (row) => void (await db.insert(pgTypes).values(row)),
    change: async (id, values) =>
      void (await db.update(pgTypes).set(values).where(eq(pgTypes.id, id))),
    select: async (id) => one(await db.select().from(pgTypes).where(eq(pgTypes.id, id))),
    close: async () => {
      await db.execute(`drop table ${getTableName(pgTypes)}`);
      await db.execute(`drop type ${colour.enumName}`);
      await close();
    },
  };
}

const mysqlUrl = "mysql://root@127.0.0.1:3306/test";

async function openMysql(): Promise<Store> {
  const pool = createPool({ uri: mysqlUrl, connectionLimit: 2, timezone: "Z" });
  const db = overMysql({ client: pool });
  await db.execute(creation(mysqlTypes, "`"));
  const { id: key } = mysqlTypes;
  return {
    insert: async (row) => void (await db.insert(mysqlTypes).values(row)),
    change: async (id, values) => void (await db.update(mysqlTypes).set(values).where(eq(key, id))),
    select: async (id) => one(await db.select().from(mysqlTypes).where(eq(key, id))),
    close: async () => {
      await db.execute(`drop table ${getTableName(mysqlTypes)}`);
      await pool.end();
    },
  };
}

async function openSqlite(): Promise<Store> {
  const client = new DatabaseSync(":memory:");
  const db = overSqlite({ client });
  client.exec(creation(sqliteTypes));
  const { id: key } = sqliteTypes;
  return {
    insert: async (row) => void db.insert(sqliteTypes).values(row).run(),
    change: async (id, values) => void db.update(sqliteTypes).set(values).where(eq(key, id)).run(),
    select: async (id) => one(db.select().from(sqliteTypes).where(eq(key, id)).all()),
    close: async () => client.close(),
  };
}

function one(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("There is no such row");
  return row;
}

async function lacksMysql(): Promise<string | undefined> {
  try {
    await (await createConnection({ uri: mysqlUrl, connectTimeout: 3000 })).end();
    return undefined;
  } catch {
    return "none at 127.0.0.1:3306";
  }
}

const lacking = await lacksMysql();
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";

export const stores: readonly StoreKind[] = [
  { title: postgres.title, isSkipped: postgres.isSkipped, table: pgTypes, open: openPg },
  {
    title: lacking === undefined ? "a MariaDB server" : `a MariaDB server (${lacking})`,
    isSkipped: lacking !== undefined && !isRequired,
    table: mysqlTypes,
    open: openMysql,
  },
  { title: "SQLite", isSkipped: false, table: sqliteTypes, open: openSqlite },
];
