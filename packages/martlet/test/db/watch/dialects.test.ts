import { randomBytes } from "node:crypto";
import { defineRelations, eq } from "drizzle-orm";
import * as my from "drizzle-orm/mysql-core";
import * as lite from "drizzle-orm/sqlite-core";
import { get, martlet } from "martlet";
import { database, type SlowStatement } from "martlet/db";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { mariadb } from "../engines.ts";
import { markedLine } from "./watched.ts";

const name = `watched_${randomBytes(5).toString("hex")}`;
const create = `create table ${name} (id integer primary key, name varchar(20))`;
const place = (mark: string): unknown =>
  expect.stringContaining(markedLine(import.meta.filename, mark)) as unknown;

/** The places of those that a route has made, those of the transaction itself aside. */
function placesOf(slow: readonly SlowStatement[]): readonly (string | undefined)[] {
  const ofRoute = slow.filter(
    ({ route, text }) => route !== undefined && /^(?:select|insert)/.test(text),
  );
  return ofRoute.map((each) => each.place);
}

describe.skipIf(mariadb.isSkipped)(`${mariadb.title}: watched statements`, () => {
  const items = my.mysqlTable(name, {
    id: my.int().primaryKey(),
    name: my.varchar({ length: 20 }),
  });
  const slow: SlowStatement[] = [];
  const db = database({
    dialect: "mysql",
    url: mariadb.url,
    relations: defineRelations({ items }),
    slow: 1e-9,
    onSlow: (each) => void slow.push(each),
    notice: () => undefined,
  });
  const all = get("/all", { use: { db } }, async ({ db }) => {
    await db.$engine.query(create);
    try {
      await db.select().from(items); // mysql select
      await db.query.items.findMany(); // mysql relation
      await db.$replica.select().from(items); // mysql replica
      await db.transaction(async (tx) => {
        await tx.insert(items).values({ id: 1 }); // mysql inner
        await tx.transaction(async (inner) => {
          await inner.insert(items).values({ id: 2 }); // mysql nested
        });
      });
      await db.select().from(items).where(eq(items.id, 1)).prepare().execute(); // mysql prepared
    } finally {
      await db.$engine.query(`drop table ${name}`);
    }
  });
  const values = get("/values", { use: { db } }, async ({ db }) => {
    await db.$engine.query(
      `select 'it''s secret', "secret \\" secret", 'secret \\' secret', \`a\``,
    );
  });
  const loop = get("/loop", { use: { db } }, async ({ db }) => {
    for (let id = 0; id < 6; id += 1) await db.$engine.query("select ?", [id]);
  });

  test("have their places, tell no values, and are counted", async () => {
    await using client = testClient(martlet({ all, values, loop }), { raise: false });
    expect((await client.get("/all")).status).toBe(200);
    const marks = ["select", "relation", "replica", "inner", "nested", "prepared"];
    expect(placesOf(slow)).toEqual(marks.map((mark) => place(`mysql ${mark}`)));
    await client.get("/values");
    expect(slow.at(-1)?.text).toBe("select ?, ?, ?, `a`");
    await client.get("/loop");
    expect(client.reports.at(-1)?.error).toMatchObject({ code: "M032" });
  });
});

describe("SQLite: watched statements", () => {
  const items = lite.sqliteTable(name, { id: lite.integer().primaryKey(), name: lite.text() });
  const slow: SlowStatement[] = [];
  const db = database({
    dialect: "sqlite",
    url: "sqlite::memory:",
    relations: defineRelations({ items }),
    slow: 1e-9,
    onSlow: (each) => void slow.push(each),
    notice: () => undefined,
  });
  const all = get("/all", { use: { db } }, async ({ db }) => {
    await db.$engine.query(create);
    await db.select().from(items); // sqlite select
    await db.query.items.findMany(); // sqlite relation
    await db.$count(items); // sqlite count
    await db.transaction(async (tx) => {
      await tx.insert(items).values({ id: 1 }); // sqlite inner
      await tx.transaction(async (inner) => {
        await inner.insert(items).values({ id: 2 }); // sqlite nested
      });
    });
    await db.select().from(items).where(eq(items.id, 1)).prepare().all(); // sqlite prepared
    await db.get("select 1"); // sqlite get
  });
  const values = get("/values", { use: { db } }, async ({ db }) => {
    await db.$engine.query(`select 'it''s secret', "id", x'5ec7e7' from ${name} -- secret`);
  });
  const loop = get("/loop", { use: { db } }, async ({ db }) => {
    for (let id = 0; id < 6; id += 1) await db.$engine.query("select ?", [id]);
  });

  test("have their places, tell no values, and are counted", async () => {
    await using client = testClient(martlet({ all, values, loop }), { raise: false });
    expect((await client.get("/all")).status).toBe(200);
    const marks = ["select", "relation", "count", "inner", "nested", "prepared", "get"];
    expect(placesOf(slow)).toEqual(marks.map((mark) => place(`sqlite ${mark}`)));
    await client.get("/values");
    expect(slow.at(-1)?.text).toBe(`select ?, "id", ? from ${name}`);
    await client.get("/loop");
    expect(client.reports.at(-1)?.error).toMatchObject({ code: "M032" });
  });
});
