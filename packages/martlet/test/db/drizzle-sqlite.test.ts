import { defineRelations, eq, sql } from "drizzle-orm";
import { blob, integer, numeric, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SqliteDatabase } from "martlet/db";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "./opened.ts";

const kinds = sqliteTable("kinds", {
  id: integer().primaryKey({ autoIncrement: true }),
  parent: integer(),
  name: text().unique(),
  n: integer(),
  isOn: integer({ mode: "boolean" }),
  second: integer({ mode: "timestamp" }),
  moment: integer({ mode: "timestamp_ms" }),
  near: real(),
  exact: numeric(),
  exactNumber: numeric({ mode: "number" }),
  exactBig: numeric({ mode: "bigint" }),
  data: text({ mode: "json" }),
  bytes: blob({ mode: "buffer" }),
  big: blob({ mode: "bigint" }),
  blobData: blob({ mode: "json" }),
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
  n: 9_007_199_254_740_991,
  isOn: false,
  second: new Date("2026-07-01T23:59:59Z"),
  moment: new Date("2026-07-01T23:59:59.999Z"),
  near: 0.1,
  exact: "1.5",
  exactNumber: 1.25,
  exactBig: 9_007_199_254_740_993n,
  data: { a: ["\"'\\ é🎉", null, 1.5] },
  bytes: Buffer.from([0, 255]),
  big: -9_007_199_254_740_993n,
  blobData: [1, "é"],
};

describe("SQLite, through Drizzle,", () => {
  let db: SqliteDatabase<typeof relations>;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ db, close } = await openDatabase({ dialect: "sqlite", url: "sqlite::memory:", relations }));
    await db.run(
      sql`create table ${kinds} (id integer primary key autoincrement, parent integer, name text unique, n integer,
        isOn integer, second integer, moment integer, near real, exact numeric, exactNumber numeric,
        exactBig numeric, data text, bytes blob, big blob, blobData blob)`,
    );
  });
  afterEach(() => close());

  test("every kind of column is exact, by itself and in relations", async () => {
    await db.insert(kinds).values(full);
    expect(await db.select().from(kinds)).toEqual([full]);
    const found = await db.query.kinds.findFirst({ with: { up: { with: { down: true } } } });
    expect(found).toEqual({ ...full, up: { ...full, down: [full] } });
  });

  test("what is changed is told, and given back", async () => {
    const values = [{ name: "a" }, { name: "b" }];
    expect(await db.insert(kinds).values(values)).toEqual({ changes: 2, lastInsertRowid: 2 });
    const again = db.insert(kinds).values({ name: "a", n: 5 });
    const set = { target: kinds.name, set: { n: 6 } };
    expect(await again.onConflictDoUpdate(set).returning({ id: kinds.id, n: kinds.n })).toEqual([
      { id: 1, n: 6 },
    ]);
    expect(await db.delete(kinds).returning({ name: kinds.name })).toEqual(values);
    expect(await db.run(sql`delete from ${kinds}`)).toMatchObject({ changes: 0 });
  });

  test("rows come as they are asked for", async () => {
    await db.insert(kinds).values([{ name: "a" }, { name: "b" }]);
    const query = sql`select id, name from ${kinds} order by id`;
    expect(await db.all(query)).toEqual([
      { id: 1, name: "a" },
      { id: 2, name: "b" },
    ]);
    expect(await db.get(query)).toEqual({ id: 1, name: "a" });
    expect(await db.values(query)).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    expect(await db.get(sql`select 1 where 1 = 0`)).toBeUndefined();
    const one = db
      .select({ id: kinds.id })
      .from(kinds)
      .where(eq(kinds.name, sql.placeholder("name")));
    expect(await one.prepare().get({ name: "b" })).toEqual({ id: 2 });
    expect(await one.prepare().all({ name: "z" })).toEqual([]);
  });

  test("a transaction is one, and each in it is by itself", async () => {
    await db.transaction(async (tx) => {
      await tx.insert(kinds).values({ name: "kept" });
      const inner = tx.transaction(async (part) => {
        await part.insert(kinds).values({ name: "lost" });
        part.rollback();
      });
      await expect(inner).rejects.toThrow("Rollback");
    });
    expect(await db.$replica.select({ name: kinds.name }).from(kinds)).toEqual([{ name: "kept" }]);
  });
});
