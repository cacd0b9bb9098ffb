import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { integer, pgTable } from "drizzle-orm/pg-core";
import { get, martlet } from "martlet";
import { type Database, database } from "martlet/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";

const { url, isSkipped, title } = postgres;
const name = `cluster_${randomBytes(5).toString("hex")}`;
const numbers = pgTable(name, { id: integer().primaryKey(), value: integer().notNull() });
const otherUrl = url.replace(/[^/]*$/, name);

describe.skipIf(isSkipped)(`${title}, and databases behind it:`, () => {
  let admin: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ db: admin, close } = await openDatabase({ url }));
    await admin.execute(`create database ${name}`);
    const other = await openDatabase({ url: otherUrl });
    // What tells the two apart: nothing copies from one to the other.
    for (const [db, value] of [
      [admin, 1],
      [other.db, 2],
    ] as const) {
      await db.execute(`create table ${name} (id int primary key, value int not null)`);
      await db.execute(`insert into ${name} values (1, ${value})`);
    }
    await other.close();
  }, 30_000);
  afterAll(async () => {
    await admin.execute(`drop table ${name}`);
    await admin.execute(`drop database ${name} with (force)`);
    await close();
  });

  test("a replica is read from, until the call has written", async () => {
    const db = database({ url, replicas: [otherUrl] });
    const read = get("/", { use: { db } }, async ({ db }) => {
      const one = async (from: Pick<Database, "select">) =>
        (await from.select().from(numbers))[0]?.value;
      const before = [await one(db), await one(db.$replica)];
      const inside = await db.transaction(async () => one(db.$replica));
      await db.execute(`with x as (insert into ${name} values (9, 9) returning 1) select * from x`);
      await db.delete(numbers).where(eq(numbers.id, 9));
      return [...before, inside, await one(db.$replica)];
    });
    const app = martlet({ read });
    const ask = async () => (await app.fetch(new Request("http://localhost/"))).json();
    expect(await ask()).toEqual([1, 2, 1, 1]);
    expect(await ask()).toEqual([1, 2, 1, 1]);
    await app.stop();
  });

  test("a call that wrote reads from a replica again after the time that is said", async () => {
    const { db, close } = await openDatabase({ url, replicas: [otherUrl], sticky: 0 });
    const value = await db.$engine.during({}, async () => {
      await db.update(numbers).set({ value: 1 });
      return (await db.$replica.select().from(numbers))[0]?.value;
    });
    expect(value).toBe(2);
    await close();
  });

  test("behind a pooler, no statement has a name, and no session a setting", async () => {
    const pooled = `${url}?pooler=transaction`;
    const { db, close } = await openDatabase({
      url: pooled,
      directUrl: url,
      statementTimeout: 3000,
    });
    const byId = db
      .select()
      .from(numbers)
      .where(eq(numbers.id, sql.placeholder("id")))
      .prepare("by_id");
    expect(await byId.execute({ id: 1 })).toEqual([{ id: 1, value: 1 }]);
    const { rows } = await db.$engine.query("select name from pg_prepared_statements");
    expect(rows).toEqual([]);
    const show = async () => (await db.$engine.query("show statement_timeout")).rows;
    expect(await show()).toEqual([{ statement_timeout: "0" }]);
    expect(await db.$engine.transaction(show)).toEqual([{ statement_timeout: "3s" }]);
    expect(await db.$engine.lock(name, async () => "mine")).toBe("mine");
    await close();
    const alone = await openDatabase({ url: pooled });
    await expect(alone.db.$engine.lock(name, async () => "mine")).rejects.toThrow("directUrl");
    await alone.close();
  });

  test("shared reads go past the pool, and nothing else does", async () => {
    const { db, close } = await openDatabase({ url, sharedReads: 2 });
    const sessions = async (text: string) => {
      const asked = Array.from({ length: 24 }, () => db.$engine.query<{ pid: number }>(text));
      return new Set((await Promise.all(asked)).map(({ rows }) => rows[0]?.pid));
    };
    const readers = await sessions("select pg_backend_pid() as pid");
    expect(readers.size).toBe(2);
    const writers = await sessions(
      `update ${name} set value = 1 returning pg_backend_pid() as pid`,
    );
    expect([...writers].filter((each) => readers.has(each))).toEqual([]);
    const [inside] = await db.$engine.transaction(async () => [
      ...(await sessions("select pg_backend_pid() as pid")),
    ]);
    expect(readers.has(inside)).toBe(false);
    const mixed = await Promise.allSettled(
      [1, 0, 2, 0].map((by) => db.$engine.query("select 2 / $1::int as half", [by])),
    );
    expect(mixed.map((each) => each.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
    ]);
    await close();
    await expect(db.$engine.query("select 1")).rejects.toThrow("after its end");
  });

  test("a shared connection that is lost is made anew", async () => {
    const { db, close } = await openDatabase({ url, sharedReads: 1, notice: () => undefined });
    const pid = async () =>
      (await db.$engine.query("select pg_backend_pid() as pid")).rows[0]?.["pid"];
    const first = await pid();
    await admin.execute(`select pg_terminate_backend(${String(first)})`);
    expect(await pid()).not.toBe(first);
    await close();
  });

  test("a cluster of which one cannot be reached is not opened at all", async () => {
    const count = `select count(*)::int as n from pg_stat_activity where application_name = '${name}'`;
    const named = `${url}?application_name=${name}`;
    const opening = openDatabase({
      url: named,
      replicas: ["postgres://postgres@127.0.0.1:1/none"],
    });
    await expect(opening).rejects.toThrow("cannot be reached");
    expect((await admin.$engine.query(count)).rows).toEqual([{ n: 0 }]);
  });
});
