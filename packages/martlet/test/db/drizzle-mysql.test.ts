import { randomBytes } from "node:crypto";
import { defineRelations, eq, sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  date,
  datetime,
  decimal,
  double,
  float,
  int,
  json,
  mysqlEnum,
  mysqlTable,
  text,
  time,
  timestamp,
  varbinary,
  varchar,
  year,
} from "drizzle-orm/mysql-core";
import type { MysqlDatabase } from "martlet/db";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { mariadb } from "./engines.ts";
import { openDatabase } from "./opened.ts";

const suffix = randomBytes(5).toString("hex");
const kinds = mysqlTable(`kinds_${suffix}`, {
  id: int().primaryKey().autoincrement(),
  parent: int(),
  name: varchar({ length: 20 }).unique(),
  big: bigint({ mode: "bigint" }),
  bigNumber: bigint({ mode: "number" }),
  bigText: bigint({ mode: "string" }),
  exact: decimal({ precision: 30, scale: 10 }),
  near: double(),
  nearer: float(),
  isOn: boolean(),
  moment: timestamp({ fsp: 6 }),
  local: datetime({ mode: "string", fsp: 6 }),
  day: date({ mode: "string" }),
  hour: time(),
  year: year(),
  size: mysqlEnum(["s", "m"]),
  data: json(),
  bytes: varbinary({ length: 9 }),
  long: text(),
});
const relations = defineRelations({ kinds }, (r) => ({
  kinds: {
    up: r.one.kinds({ from: r.kinds.parent, to: r.kinds.id }),
    down: r.many.kinds({ from: r.kinds.id, to: r.kinds.parent }),
  },
}));

const full = {
  id: 1,
  parent: 1,
  name: "full",
  big: -9_007_199_254_740_993n,
  bigNumber: 9_007_199_254_740_991,
  bigText: "9007199254740993",
  exact: "-12345678901234567890.1234567890",
  near: 0.1,
  nearer: 1.5,
  isOn: false,
  moment: new Date("2026-07-01T23:59:59.999Z"),
  local: "2026-07-01 23:59:59.999999",
  day: "2026-02-28",
  hour: "23:59:59",
  year: 2026,
  size: "m" as const,
  data: { a: ["\"'\\ é🎉", null, 1.5], b: "[]" },
  bytes: "bytes",
  long: "x".repeat(60_000),
};
const { isSkipped, title, url } = mariadb;

describe.skipIf(isSkipped)(`${title}, through Drizzle,`, { timeout: 30_000 }, () => {
  let db: MysqlDatabase<typeof relations>;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ db, close } = await openDatabase({ dialect: "mysql", url, relations }));
    expectTypeOf(db.query.kinds).not.toBeAny();
    await db.execute(
      sql`create table ${kinds} (id int primary key auto_increment, parent int, name varchar(20) unique, big bigint,
        bigNumber bigint, bigText bigint, exact decimal(30, 10), near double, nearer float, isOn boolean,
        moment timestamp(6) null, local datetime(6), day date, hour time, year year, size enum('s', 'm'), data json,
        bytes varbinary(9), \`long\` text)`,
    );
  });
  afterAll(async () => {
    await db.execute(sql`drop table ${kinds}`);
    await close();
  });
  beforeEach(async () => {
    await db.delete(kinds);
  });

  test("every kind of column is exact, by itself and in relations", async () => {
    await db.insert(kinds).values(full);
    expect(await db.select().from(kinds)).toEqual([full]);
    const found = await db.query.kinds.findFirst({ with: { up: { with: { down: true } } } });
    expect(found).toEqual({ ...full, up: { ...full, down: [full] } });
  });

  test("a JSON value may be a text that looks like JSON", async () => {
    await db.insert(kinds).values([
      { id: 1, parent: 1, data: "[1]" },
      { id: 2, data: [] },
      { id: 3, data: 5 },
    ]);
    const rows = await db.query.kinds.findMany({ columns: { data: true }, orderBy: { id: "asc" } });
    expect(rows).toEqual([{ data: "[1]" }, { data: [] }, { data: 5 }]);
    const found = await db.query.kinds.findFirst({
      columns: {},
      with: { up: { columns: { data: true } } },
    });
    expect(found).toEqual({ up: { data: "[1]" } });
  });

  test("relations are not cut, however long they are", async () => {
    await db.insert(kinds).values({ id: 1 });
    const children = Array.from({ length: 40 }, (_, n) => ({
      id: n + 2,
      parent: 1,
      long: full.long,
    }));
    await db.insert(kinds).values(children);
    const found = await db.query.kinds.findFirst({
      where: { id: 1 },
      with: { down: { columns: { long: true } } },
    });
    expect(found?.down.map(({ long }) => long?.length)).toEqual(
      Array.from({ length: 40 }, () => 60_000),
    );
  });

  test("ids come back, and rows that are there already are changed", async () => {
    const ids = await db
      .insert(kinds)
      .values([{ name: "a" }, { name: "b" }])
      .$returningId();
    expect(ids).toEqual([{ id: expect.any(Number) }, { id: (ids[0]?.id ?? 0) + 1 }]);
    const again = db.insert(kinds).values({ name: "a", year: 1999 });
    await again.onDuplicateKeyUpdate({ set: { year: 2000 } });
    const rows = await db.select({ year: kinds.year }).from(kinds).where(eq(kinds.name, "a"));
    expect(rows).toEqual([{ year: 2000 }]);
    const [header] = await db.update(kinds).set({ year: 2000 });
    expect(header.affectedRows).toBe(2);
  });

  test("rows come one by one where that is asked for", async () => {
    await db.insert(kinds).values([{ name: "a" }, { name: "b" }]);
    const names = [];
    for await (const { name } of db.select().from(kinds).orderBy(kinds.name).iterator())
      names.push(name);
    expect(names).toEqual(["a", "b"]);
  });

  test("mysql2's own words are part of the transaction", async () => {
    const failing = db.transaction(async (tx) => {
      await db.$client.query("insert into ?? (name) values (?)".replace("??", `kinds_${suffix}`), [
        "x",
      ]);
      const [rows, fields] = await db.$client.query({
        sql: `select name from kinds_${suffix}`,
        rowsAsArray: true,
      });
      expect(rows).toEqual([["x"]]);
      expect(fields.map(({ name }) => name)).toEqual(["name"]);
      tx.rollback();
    });
    await expect(failing).rejects.toThrow("Rollback");
    expect(await db.$count(kinds)).toBe(0);
  });

  test("a transaction has the isolation that it is given", async () => {
    const level = await db.transaction(
      async (tx) => {
        await tx.select().from(kinds);
        const other = await openDatabase({ dialect: "mysql", url });
        await other.db.insert(kinds).values({ name: "seen" });
        await other.close();
        return await tx.$count(kinds);
      },
      { isolationLevel: "read committed" },
    );
    expect(level).toBe(1);
    const writing = db.transaction((tx) => tx.insert(kinds).values({ name: "x" }), {
      isolationLevel: "repeatable read",
      accessMode: "read only",
    });
    await expect(writing).rejects.toThrow("Failed query");
  });

  test("a replica reads, if there is one", async () => {
    const own = await openDatabase({ dialect: "mysql", url, replicas: [url] });
    await own.db.$replica.select().from(kinds);
    expect(await own.db.$replica.$count(kinds)).toBe(0);
    await own.close();
  });
});
