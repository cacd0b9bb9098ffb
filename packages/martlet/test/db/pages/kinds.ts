/**
 * A column of each kind that a database has, with values in their order.
 *
 * @module
 */
import { type AnyColumn, getColumns, type SQL } from "drizzle-orm";
import { drizzle as overMysql } from "drizzle-orm/mysql2";
import * as my from "drizzle-orm/mysql-core";
import { drizzle as overSqlite } from "drizzle-orm/node-sqlite";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";
import { createConnection } from "mysql2/promise";
import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { mariaTitle, mariaUrl } from "./stores.ts";

/** A column with three values in their order. */
interface Kind {
  /** As SQL writes them. */
  readonly values: readonly [string, string, string];
  /** The second one, as a client writes it; none can be filtered by without it. */
  readonly asked?: string;
  /** Whether rows have less than all of a value. */
  readonly isCut?: boolean;
  /** Whether it can be sorted by. @default true */
  readonly isOrdered?: boolean;
}

/** What is asked of the table. */
interface KindQuery {
  readonly columns: Readonly<Record<string, AnyColumn | SQL.Aliased<string>>>;
  readonly where?: SQL | undefined;
  readonly orderBy?: readonly SQL[];
  readonly limit?: number;
}

/** A table with a column of each kind, open. */
export interface Kinds {
  readonly table: Readonly<Record<string, AnyColumn>>;
  readonly find: (query: KindQuery) => PromiseLike<readonly { readonly id: number }[]>;
  readonly close: () => Promise<unknown>;
}

/** A database with its kinds. */
export interface KindEngine {
  readonly title: string;
  readonly isSkipped: boolean;
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly open: () => Promise<Kinds>;
}

const uuids = ["0a", "7b", "f0"].map((each) => `'${each}a85f64-5717-4562-b3fc-2c963f66afa6'`);
const micros = [
  "'2024-05-06 07:08:09.123455'",
  "'2024-05-06 07:08:09.123456'",
  "'2024-05-06 07:08:09.123457'",
] as const;
const instants = { values: micros, asked: "2024-05-06T09:08:09.123456%2B02:00" } as const;
const millis = [
  "'2024-05-06 07:08:09.1'",
  "'2024-05-06 07:08:09.12'",
  "'2024-05-06 07:08:09.123'",
] as const;
const dates = {
  values: ["'0987-01-01'", "'2024-02-29'", "'2024-03-01'"],
  asked: "2024-02-29",
} as const;
const longs = {
  values: ["-9223372036854775808", "9223372036854775806", "9223372036854775807"],
  asked: "9223372036854775806",
} as const;
const texts = { values: ["'a'", "'b%_'", "'c b!'"], asked: "b%25_" } as const;
const tens = { values: ["-10", "9", "10"], asked: "9" } as const;

function tableName(): string {
  return `kinds_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** The rows of a table, one for each value. */
function insertion(name: string, kinds: Readonly<Record<string, Kind>>): string {
  const kept = Object.values(kinds);
  const rows = ([0, 1, 2] as const).map((at) =>
    [String(at + 1)].concat(kept.map(({ values }) => values[at])),
  );
  return `insert into ${name} values ${rows.map((each) => `(${each.join(", ")})`).join(", ")}`;
}

function inPostgres(): KindEngine {
  const mood = pg.pgEnum(`mood_${randomUUID().slice(0, 8)}`, ["sad", "ok", "happy"]);
  const columns = {
    small: pg.smallint(),
    long: pg.bigint({ mode: "bigint" }),
    longText: pg.bigint({ mode: "string" }),
    longNumber: pg.bigint({ mode: "number" }),
    amount: pg.numeric(),
    amountNumber: pg.numeric({ mode: "number" }),
    real: pg.real(),
    double: pg.doublePrecision(),
    varchar: pg.varchar({ length: 20 }),
    fixed: pg.char({ length: 5 }),
    uuid: pg.uuid(),
    day: pg.date({ mode: "string" }),
    dayDate: pg.date({ mode: "date" }),
    clock: pg.time({ precision: 6 }),
    local: pg.timestamp({ mode: "string" }),
    zoned: pg.timestamp({ mode: "string", withTimezone: true }),
    date: pg.timestamp(),
    exactDate: pg.timestamp({ precision: 3, withTimezone: true }),
    span: pg.interval(),
    address: pg.inet(),
    mood: mood(),
    word: pg.text({ enum: ["a", "b", "c"] }),
  };
  const kinds: Readonly<Record<keyof typeof columns, Kind>> = {
    small: { values: ["-32768", "0", "32767"], asked: "0" },
    long: longs,
    longText: longs,
    longNumber: {
      values: ["-1", "4503599627370497", "9007199254740991"],
      asked: "4503599627370497",
    },
    amount: {
      values: ["1.10000000000000000001", "1.10000000000000000002", "'NaN'"],
      asked: "1.10000000000000000002",
    },
    amountNumber: { values: ["1.10000000000000000001", "1.5", "1e30"], asked: "1.5", isCut: true },
    real: { values: ["-1.1", "0.1", "'NaN'"] },
    double: { values: ["0.1", "0.30000000000000004", "'Infinity'"], asked: "0.30000000000000004" },
    varchar: texts,
    fixed: { values: ["'a'", "'b'", "'c'"], asked: "b" },
    uuid: { values: uuids as unknown as Kind["values"], asked: (uuids[1] ?? "").slice(1, -1) },
    day: dates,
    dayDate: dates,
    clock: {
      values: ["'00:00'", "'12:30:00.000001'", "'12:30:00.000002'"],
      asked: "12:30:00.000001",
    },
    local: instants,
    zoned: {
      values: ["'-infinity'", "'2024-05-06 07:08:09.123456Z'", "'infinity'"],
      asked: instants.asked,
    },
    date: { values: micros, isCut: true },
    exactDate: {
      values: [
        "'2024-05-06 07:08:09.1Z'",
        "'2024-05-06 07:08:09.12Z'",
        "'2024-05-06 07:08:09.123Z'",
      ],
      asked: "2024-05-06T07:08:09.12Z",
    },
    span: { values: ["'1 day'", "'1 mon'", "'1 year 2 mons'"] },
    address: { values: ["'10.0.0.1'", "'10.0.0.2'", "'192.168.0.0/16'"] },
    mood: { values: ["'sad'", "'ok'", "'happy'"], asked: "ok" },
    word: { values: ["'a'", "'b'", "'c'"], asked: "b" },
  };
  const open = async (): Promise<Kinds> => {
    const { db, close } = await openDatabase({ url: postgres.url });
    const table = pg.pgTable(tableName(), { id: pg.integer().primaryKey(), ...columns });
    const { name, columns: all } = pg.getTableConfig(table);
    await db.execute(`create type "${mood.enumName}" as enum ('sad', 'ok', 'happy')`);
    const declared = all.map(
      (each) =>
        `"${each.name}" ${each.columnType.startsWith("PgEnum") ? `"${mood.enumName}"` : each.getSQLType()}`,
    );
    await db.execute(`create table "${name}" (${declared.join(", ")})`);
    await db.execute(insertion(`"${name}"`, kinds));
    return {
      table: getColumns(table),
      find: ({ columns, where, orderBy = [], limit = 99 }) =>
        db
          .select({ ...columns, id: table.id })
          .from(table)
          .where(where)
          .orderBy(...orderBy)
          .limit(limit),
      close: async () => {
        await db.execute(`drop table "${name}"`);
        await db.execute(`drop type "${mood.enumName}"`);
        await close();
      },
    };
  };
  return { title: postgres.title, isSkipped: postgres.isSkipped, kinds, open };
}

function inMaria(): KindEngine {
  const columns = {
    tiny: my.tinyint(),
    long: my.bigint({ mode: "bigint", unsigned: true }),
    longText: my.bigint({ mode: "string" }),
    amount: my.decimal({ precision: 40, scale: 20 }),
    amountNumber: my.decimal({ precision: 40, scale: 20, mode: "number" }),
    single: my.float(),
    double: my.double(),
    varchar: my.varchar({ length: 20 }),
    day: my.date({ mode: "string" }),
    dayDate: my.date({ mode: "date" }),
    clock: my.time({ fsp: 6 }),
    local: my.datetime({ mode: "string", fsp: 6 }),
    date: my.datetime({ fsp: 6 }),
    exactDate: my.datetime({ fsp: 3 }),
    stamp: my.timestamp({ mode: "string", fsp: 6 }),
    year: my.year(),
    mood: my.mysqlEnum(["sad", "ok", "happy"]),
  };
  const kinds: Readonly<Record<keyof typeof columns, Kind>> = {
    tiny: { values: ["-128", "0", "127"], asked: "0" },
    long: {
      values: ["0", "18446744073709551614", "18446744073709551615"],
      asked: "18446744073709551614",
    },
    longText: longs,
    amount: {
      values: ["1.10000000000000000001", "1.10000000000000000002", "12345678901234567890"],
      asked: "1.10000000000000000002",
    },
    amountNumber: { values: ["1.10000000000000000001", "1.5", "1e19"], asked: "1.5", isCut: true },
    single: { values: ["-1.1", "0.1", "16777215"], isCut: true },
    double: { values: ["0.1", "0.30000000000000004", "1e300"], asked: "0.30000000000000004" },
    varchar: texts,
    day: { ...dates, values: ["'1000-01-01'", "'2024-02-29'", "'2024-03-01'"] },
    dayDate: { ...dates, values: ["'1000-01-01'", "'2024-02-29'", "'2024-03-01'"] },
    clock: {
      values: ["'00:00:00'", "'12:30:00.000001'", "'12:30:00.000002'"],
      asked: "12:30:00.000001",
    },
    local: instants,
    date: { values: micros, isCut: true },
    exactDate: { values: millis, asked: "2024-05-06T07:08:09.12Z" },
    stamp: instants,
    year: { values: ["1901", "2024", "2155"], asked: "2024" },
    mood: { values: ["'sad'", "'ok'", "'happy'"], asked: "ok", isOrdered: false },
  };
  const open = async (): Promise<Kinds> => {
    const client = await createConnection({ uri: mariaUrl, timezone: "Z" });
    await client.query("set time_zone = '+00:00'");
    const db = overMysql({ client });
    const table = my.mysqlTable(tableName(), { id: my.int().primaryKey(), ...columns });
    const { name, columns: all } = my.getTableConfig(table);
    const declared = all.map((each) => `\`${each.name}\` ${each.getSQLType()} null`);
    await client.query(`create table \`${name}\` (${declared.join(", ")})`);
    await client.query(insertion(`\`${name}\``, kinds));
    return {
      table: getColumns(table),
      find: ({ columns, where, orderBy = [], limit = 99 }) =>
        db
          .select({ ...columns, id: table.id })
          .from(table)
          .where(where)
          .orderBy(...orderBy)
          .limit(limit),
      close: async () => {
        await client.query(`drop table \`${name}\``);
        await client.end();
      },
    };
  };
  return { ...mariaTitle, kinds, open };
}

function inSqlite(): KindEngine {
  const columns = {
    integer: lite.integer(),
    seconds: lite.integer({ mode: "timestamp" }),
    millis: lite.integer({ mode: "timestamp_ms" }),
    text: lite.text(),
    real: lite.real(),
    amount: lite.numeric(),
    amountNumber: lite.numeric({ mode: "number" }),
    long: lite.numeric({ mode: "bigint" }),
  };
  const kinds: Readonly<Record<keyof typeof columns, Kind>> = {
    integer: { values: ["-9007199254740991", "0", "9007199254740991"], asked: "0" },
    seconds: { values: ["-1", "1714979289", "1714979290"], asked: "2024-05-06T07:08:09Z" },
    millis: { values: ["-1", "1714979289123", "1714979289124"], asked: "2024-05-06T07:08:09.123Z" },
    text: texts,
    real: { values: ["0.1", "0.30000000000000004", "1e300"], asked: "0.30000000000000004" },
    amount: tens,
    amountNumber: { values: ["0.1", "0.30000000000000004", "9"], asked: "0.30000000000000004" },
    long: tens,
  };
  const open = async (): Promise<Kinds> => {
    const client = new DatabaseSync(":memory:");
    const db = overSqlite({ client });
    const table = lite.sqliteTable("kinds", { id: lite.integer().primaryKey(), ...columns });
    const { columns: all } = lite.getTableConfig(table);
    client.exec(
      `create table kinds (${all.map((each) => `"${each.name}" ${each.getSQLType()}`).join(", ")})`,
    );
    client.exec(insertion("kinds", kinds));
    return {
      table: getColumns(table),
      find: async ({ columns, where, orderBy = [], limit = 99 }) =>
        db
          .select({ ...columns, id: table.id })
          .from(table)
          .where(where)
          .orderBy(...orderBy)
          .limit(limit),
      close: async () => client.close(),
    };
  };
  return { title: "SQLite", isSkipped: false, kinds, open };
}

export const kindEngines: readonly KindEngine[] = [inPostgres(), inMaria(), inSqlite()];
