/**
 * One table on every database, to be paged through: its rows are many duplicates, nulls, and times
 * that differ by a microsecond.
 *
 * @module
 */
import type { AnyColumn } from "drizzle-orm";
import { drizzle as overMysql } from "drizzle-orm/mysql2";
import * as my from "drizzle-orm/mysql-core";
import { drizzle as overSqlite } from "drizzle-orm/node-sqlite";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";
import { type CursorPage, sorting, type Sorting, type SortingDependency } from "martlet/db";
import { createConnection } from "mysql2/promise";
import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { type Engine, postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";

/** The names that a store can be sorted by. */
export const sortNames = ["created", "price", "name", "score", "active", "big"] as const;
export type SortName = (typeof sortNames)[number];

interface StoreRow {
  readonly id: number;
}

/** A table that is open. */
export interface Store {
  readonly sort: SortingDependency<SortName, AnyColumn>;
  readonly page: (page: CursorPage) => Promise<readonly StoreRow[]>;
  readonly all: (sort: Sorting<SortName>) => Promise<readonly StoreRow[]>;
  readonly run: (statement: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** A database that may be missing. */
export interface StoreEngine extends Pick<Engine, "title" | "isSkipped"> {
  /** How many random walks its speed allows. */
  readonly walks: number;
  readonly open: () => Promise<Store>;
}

function tableName(): string {
  return `pages_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** PostgreSQL and what speaks like it. */
function postgresEngine(engine: Engine): StoreEngine {
  const { title, isSkipped, url } = engine;
  return { title, isSkipped, walks: url === "pglite:" ? 2 : 5, open: () => openPostgres(url) };
}

async function openPostgres(url: string): Promise<Store> {
  const { db, close } = await openDatabase({ url, environment: "test", notice: () => {} });
  const items = pg.pgTable(tableName(), {
    id: pg.integer().primaryKey(),
    createdAt: pg.timestamp("created_at", { withTimezone: true }).notNull(),
    price: pg.numeric({ precision: 30, scale: 10 }),
    name: pg.text(),
    score: pg.doublePrecision().notNull(),
    active: pg.boolean().notNull(),
    big: pg.bigint({ mode: "bigint" }).notNull(),
  });
  const { name } = pg.getTableConfig(items);
  await db.execute(`create table "${name}" (id int primary key, created_at timestamptz not null,
    price numeric(30, 10), name text, score float8 not null, active boolean not null, big int8 not null)`);
  return {
    sort: sortOf(items),
    page: ({ where, orderBy, limit, position }) =>
      db
        .select({ id: items.id, ...position })
        .from(items)
        .where(where)
        .orderBy(...orderBy)
        .limit(limit),
    all: ({ orderBy }) =>
      db
        .select({ id: items.id })
        .from(items)
        .orderBy(...orderBy),
    run: (statement) => db.execute(statement.replaceAll("TABLE", `"${name}"`)),
    close: async () => {
      await db.execute(`drop table "${name}"`);
      await close();
    },
  };
}

/** What a store is sorted by; `id` decides between equals. */
function sortOf(items: {
  readonly id: AnyColumn;
  readonly createdAt: AnyColumn;
  readonly price: AnyColumn;
  readonly name: AnyColumn;
  readonly score: AnyColumn;
  readonly active: AnyColumn;
  readonly big: AnyColumn;
}): SortingDependency<SortName, AnyColumn> {
  const { id, createdAt: created, price, name, score, active, big } = items;
  return sorting({ created, price, name, score, active, big }, { default: "created", last: id });
}

export const mariaUrl = "mysql://root@127.0.0.1:3306/test";

async function openMaria(): Promise<Store> {
  const client = await createConnection({ uri: mariaUrl, timezone: "Z" });
  const db = overMysql({ client });
  const items = my.mysqlTable(tableName(), {
    id: my.int().primaryKey(),
    createdAt: my.datetime("created_at", { fsp: 6 }).notNull(),
    price: my.decimal({ precision: 30, scale: 10 }),
    name: my.varchar({ length: 100 }),
    score: my.double().notNull(),
    active: my.boolean().notNull(),
    big: my.bigint({ mode: "bigint" }).notNull(),
  });
  const { name } = my.getTableConfig(items);
  await client.query(`create table \`${name}\` (id int primary key, created_at datetime(6) not null,
    price decimal(30, 10), name varchar(100), score double not null, active boolean not null,
    big bigint not null) character set utf8mb4`);
  return {
    sort: sortOf(items),
    page: ({ where, orderBy, limit, position }) =>
      db
        .select({ id: items.id, ...position })
        .from(items)
        .where(where)
        .orderBy(...orderBy)
        .limit(limit),
    all: ({ orderBy }) =>
      db
        .select({ id: items.id })
        .from(items)
        .orderBy(...orderBy),
    run: (statement) => client.query(statement.replaceAll("TABLE", `\`${name}\``)),
    close: async () => {
      await client.query(`drop table \`${name}\``);
      await client.end();
    },
  };
}

async function probeMaria(): Promise<Pick<Engine, "title" | "isSkipped">> {
  const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
  try {
    await (await createConnection({ uri: mariaUrl, connectTimeout: 3000 })).end();
    return { title: "a MariaDB server", isSkipped: false };
  } catch {
    return { title: "a MariaDB server (none at 127.0.0.1:3306)", isSkipped: !isRequired };
  }
}

export const mariaTitle: Pick<Engine, "title" | "isSkipped"> = await probeMaria();

/** SQLite, whose rows have all of a value: no position is selected. */
async function openSqlite(): Promise<Store> {
  const client = new DatabaseSync(":memory:");
  const db = overSqlite({ client });
  const items = lite.sqliteTable(tableName(), {
    id: lite.integer().primaryKey(),
    createdAt: lite.integer("created_at", { mode: "timestamp_ms" }).notNull(),
    price: lite.numeric(),
    name: lite.text(),
    score: lite.real().notNull(),
    active: lite.integer({ mode: "boolean" }).notNull(),
    big: lite.integer().notNull(),
  });
  const { name } = lite.getTableConfig(items);
  client.exec(`create table "${name}" (id integer primary key, created_at integer not null,
    price numeric, name text, score real not null, active integer not null, big integer not null)`);
  return {
    sort: sortOf(items),
    page: async ({ where, orderBy, limit }) =>
      db
        .select()
        .from(items)
        .where(where)
        .orderBy(...orderBy)
        .limit(limit),
    all: async ({ orderBy }) =>
      db
        .select({ id: items.id })
        .from(items)
        .orderBy(...orderBy),
    run: async (statement) => client.exec(statement.replaceAll("TABLE", `"${name}"`)),
    close: async () => client.close(),
  };
}

const pglite: Engine = { title: "PGlite", isSkipped: false, url: "pglite:" };

export const engines: readonly StoreEngine[] = [
  postgresEngine(postgres),
  postgresEngine(pglite),
  { ...mariaTitle, walks: 5, open: openMaria },
  { title: "SQLite", isSkipped: false, walks: 5, open: openSqlite },
];
