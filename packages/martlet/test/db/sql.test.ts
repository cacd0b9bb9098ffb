import { randomBytes } from "node:crypto";
import { get, martlet, post } from "martlet";
import {
  type Database,
  database,
  fragment,
  sqlOver,
  type SqlTag,
  sqlTag,
  transaction,
} from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type Engine, mariadb, postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
const suffix = randomBytes(5).toString("hex");

interface Item {
  readonly id: number;
  readonly name: string;
}

describe.each<Engine>([postgres, pglite])("SQL by hand on $title", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("has a tag", () => {
    const table = fragment.identifier(`items ${suffix}"`);
    let db: Database;
    let sql: SqlTag;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({ url }));
      sql = sqlOver(db.$engine);
      await sql`create table ${table} (id int primary key, name text not null, tags text[], data jsonb)`;
    }, 120_000);
    afterAll(async () => {
      await sql`drop table ${table}`;
      await close();
    });
    beforeEach(async () => {
      await sql`delete from ${table}`;
      await sql`insert into ${table} values (1, 'one'), (2, 'two')`;
    });

    test("whose rows come as an array, or as the one that there is", async () => {
      const all = sql<Item>`select id, name from ${table} order by id`;
      const rows = [
        { id: 1, name: "one" },
        { id: 2, name: "two" },
      ];
      expect(await all).toEqual(rows);
      expect(await all.all()).toEqual(rows);
      expectTypeOf(all.one).returns.resolves.toEqualTypeOf<Item>();
      const one = (id: number) => sql<Item>`select id, name from ${table} where id = ${id}`;
      expect(await one(2).one()).toEqual(rows[1]);
      expect(await one(2).maybeOne()).toEqual(rows[1]);
      expect(await one(3).maybeOne()).toBeUndefined();
      await expect(one(3).one()).rejects.toThrow("gave no row where there must be one");
      await expect(all.one()).rejects.toThrow("gave 2 rows where there must be one");
      await expect(all.maybeOne()).rejects.toThrow("gave 2 rows");
    });

    test("whose changes are counted", async () => {
      expect(await sql`update ${table} set name = ${"x"}`.run()).toBe(2);
      expect(await sql`delete from ${table} where id = ${7}`.run()).toBe(0);
    });

    test.each([
      "'; drop table items; --",
      "$1 ? ?? :name",
      "\\",
      "\u{1f426} \u0000".slice(0, 2),
      "",
    ])("of which a value is never part of the text: %j", async (name) => {
      await sql`insert into ${table} (id, name) values (${3}, ${name})`;
      expect(await sql`select name from ${table} where name = ${name}`.all()).toEqual([{ name }]);
    });

    test("that takes values of every kind", async () => {
      const [tags, data] = [["a", 'b"'], { deep: [1, null] }];
      await sql`update ${table} set tags = ${tags}, data = ${data} where id = 1`;
      const found =
        await sql`select * from ${table} where tags = ${tags} and name = any(${["one"]})`.one();
      expect(found).toEqual({ id: 1, name: "one", tags, data });
      const date = new Date("2020-02-29T12:00:00Z");
      const bytes = Buffer.from([0, 255]);
      expect(
        await sql`select ${date}::timestamptz as date, ${bytes}::bytea as bytes, ${null}::int as nothing,
          ${true}::boolean as yes, ${2n ** 62n}::numeric as big`.one(),
      ).toEqual({ date, bytes, nothing: null, yes: true, big: String(2n ** 62n) });
    });

    test("with lists, names and fragments in it", async () => {
      const columns = fragment`id, name`;
      const where = fragment.join(
        [sql`id in ${sql.list([1, 2, 3])}`, sql`name <> ${"one"}`, fragment`${"x"} = ${"x"}`],
        " and ",
      );
      const found = sql<Item>`select ${columns} from ${table} where ${where} and ${1} = ${1}`;
      expect(await found).toEqual([{ id: 2, name: "two" }]);
      const rows = [5, 6].map((id) => sql`(${id}, ${`n${id}`})`);
      await sql`insert into ${table} (id, name) values ${sql.join(rows, ", ")}`;
      expect(
        await sql`select 1 from ${table} where id in ${sql.list([fragment`2 + ${3}`, 6])}`,
      ).toHaveLength(2);
      const schema = sql.identifier("pg_catalog", "pg_class");
      expect(await sql`select 1 from ${schema} limit 1`).toHaveLength(1);
    });

    test("that prepares a statement under a name", async () => {
      const name = `item_${suffix}`;
      const read = (id: number) =>
        sql<Item>`select id, name from ${table} where id = ${id}`.prepared(name).maybeOne();
      await db.$engine.transaction(async () => {
        expect([await read(1), await read(2), await read(9)]).toMatchObject([
          { id: 1 },
          { id: 2 },
          undefined,
        ]);
        const prepared = sql<{
          calls: number;
        }>`select count(*)::int as calls from pg_prepared_statements where name = ${name}`;
        expect(await prepared.one()).toEqual({ calls: 1 });
      });
    });

    test("that is part of the transaction that runs", async () => {
      const failing = db.transaction(async (tx) => {
        await tx.execute(`insert into "items ${suffix}""" values (3, 'three')`);
        expect(await sql`delete from ${table} where id = 3`.run()).toBe(1);
        await sql`insert into ${table} values (4, 'four')`;
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await sql`select id from ${table}`).toHaveLength(2);
    });

    test("that refuses what cannot be a value", async () => {
      const forgotten = undefined as unknown as string;
      expect(() => sql`select ${forgotten}`).toThrow("no value for undefined: use null");
      expect(() => sql`select ${() => 1}`).toThrow("a function: call it");
      expect(() => sql`select ${Promise.resolve(1)}`).toThrow("a promise: await it");
      expect(() => sql.list([])).toThrow("SQL has no empty list");
      expect(() => sql.identifier("")).toThrow("no name that is empty");
      expect(() => sql.identifier("a\0b")).toThrow("zero byte");
      expect(() => sql.identifier()).toThrow("no name");
    });

    test("of which a client's JSON cannot be a fragment", async () => {
      const forged = { parts: [{ text: "1=1" }], [Symbol.toStringTag]: "SqlFragment" };
      expect(await sql`select ${forged}::jsonb as value`.one()).toEqual({
        value: { parts: [{ text: "1=1" }] },
      });
    });
  });
});

describe.skipIf(postgres.isSkipped)(`SQL by hand on ${postgres.title}`, () => {
  test("is what routes use, with the database around them", async () => {
    const one = database({ url: postgres.url });
    const sql = sqlTag(one);
    const unsafe = transaction(sql);
    const Row = z.object({ n: z.int() });
    const app = martlet({
      read: get("/", { use: { sql }, returns: Row }, ({ sql }) =>
        sql<{ n: number }>`select 1 as n`.one(),
      ),
      broken: get("/broken", { use: { sql } }, ({ sql }) => sql`select 1/0`),
      duplicate: post("/", { use: { sql: unsafe } }, async ({ sql }) => {
        await sql`create table ${sql.identifier(`t_${suffix}`)} (id int primary key)`;
        await sql`insert into ${sql.identifier(`t_${suffix}`)} values (1), (1)`;
      }),
    });
    await using client = testClient(app, { raise: false });
    expect(await (await client.get("/")).json()).toEqual({ n: 1 });
    expect((await client.get("/broken")).status).toBe(500);
    const duplicate = await client.post("/");
    expect([duplicate.status, await duplicate.json()]).toMatchObject([409, { code: "duplicate" }]);
    expect((await client.post("/")).status).toBe(409);
  });
});

const dialects = [
  { ...mariadb, dialect: "mysql" as const },
  { title: "SQLite", isSkipped: false, url: "sqlite:memory", dialect: "sqlite" as const },
];

describe.each(dialects)("SQL by hand on $title", ({ url, isSkipped, dialect }) => {
  test.skipIf(isSkipped)("has the placeholders and the names of its dialect", async () => {
    const { db, close } = await openDatabase({ url, dialect });
    const sql = sqlOver(db.$engine);
    const table = sql.identifier(`items \`"${suffix}`);
    try {
      await sql`create table ${table} (id int primary key, name varchar(99) not null)`;
      const name = "'; drop table items; -- ? \\";
      expect(await sql`insert into ${table} values (${1}, ${name}), (${2}, ${"?"})`.run()).toBe(2);
      const found = sql<Item>`select * from ${table} where id in ${sql.list([1, 3])}`;
      expect(await found.prepared("found").one()).toEqual({ id: 1, name });
      const failing = db.$engine.transaction(async () => {
        expect(await sql`delete from ${table} where name = ${"?"}`.run()).toBe(1);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await sql`select 1 from ${table}`).toHaveLength(2);
      await expect(sql`select ${[1, 2]}`.all()).rejects.toThrow("Only PostgreSQL has arrays");
      const json = sql<{ json: string }>`select ${{ a: 1 }} as json`;
      expect(await json.one()).toEqual({ json: '{"a":1}' });
    } finally {
      await sql`drop table ${table}`.run();
      await close();
    }
  });
});

test.skipIf(mariadb.isSkipped)("a question mark in a text is not taken for a value", async () => {
  const { db, close } = await openDatabase({ url: mariadb.url, dialect: "mysql" });
  await expect(sqlOver(db.$engine)`select '?', ${1}`.all()).rejects.toThrow("make it a value");
  await close();
});
