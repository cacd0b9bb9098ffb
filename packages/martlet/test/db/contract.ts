/**
 * What holds of every engine alike.
 *
 * @module
 */
import { defineRelations, DrizzleQueryError, eq, sql } from "drizzle-orm";
import { bigint, date, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Database } from "martlet/db";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import { openDatabase } from "./opened.ts";

const authors = pgTable("martlet_test_authors", {
  id: integer().primaryKey(),
  name: text().notNull(),
  born: date(),
  seen: timestamp({ withTimezone: true }),
  followers: bigint({ mode: "bigint" }),
});
const books = pgTable("martlet_test_books", { id: integer().primaryKey(), author: integer() });
const relations = defineRelations({ authors, books }, (r) => ({
  authors: { books: r.many.books({ from: r.authors.id, to: r.books.author }) },
}));
const drop = sql`drop table if exists martlet_test_authors, martlet_test_books`;

/** The tests of a database, which they leave as it was. */
export function contract(url: string): void {
  let db: Database<typeof relations>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const pool = { connectTimeout: 1500 };
    ({ db, close } = await openDatabase({ url, relations, pool }));
    await db.execute(drop);
    await db.execute(
      sql`create table martlet_test_authors (id int primary key, name text not null, born date,
        seen timestamptz, followers bigint)`,
    );
    await db.execute(sql`create table martlet_test_books (id int primary key, author int)`);
    await db.insert(authors).values({
      id: 1,
      name: "Ada",
      born: "1815-12-10",
      seen: new Date("2026-01-02T03:04:05.678Z"),
      followers: 9_007_199_254_740_993n,
    });
    await db.insert(books).values([
      { id: 1, author: 1 },
      { id: 2, author: 1 },
    ]);
  }, 120_000);

  afterAll(async () => {
    await db.execute(drop);
    await close();
    await close();
  });

  test("reads the values that were written", async () => {
    expect(await db.select().from(authors)).toEqual([
      {
        id: 1,
        name: "Ada",
        born: "1815-12-10",
        seen: new Date("2026-01-02T03:04:05.678Z"),
        followers: 9_007_199_254_740_993n,
      },
    ]);
  });

  test("gives the same values to SQL by hand", async () => {
    const values = await db.$client.query(
      `select 5::int8 as int8, 1.50::numeric as numeric, date '2026-01-02' as date,
        timestamptz '2026-01-02 03:04:05Z' as time, '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as json,
        array[1,2] as list, true as yes, null as nothing, $1::int8 as sent, $2::jsonb as json_sent`,
      [7n, { b: 1 }],
    );
    expect(values.rows).toEqual([
      {
        int8: "5",
        numeric: "1.50",
        date: new Date(2026, 0, 2),
        time: new Date("2026-01-02T03:04:05Z"),
        bytes: Buffer.from([0, 255]),
        json: { a: [1] },
        list: [1, 2],
        yes: true,
        nothing: null,
        sent: "7",
        json_sent: { b: 1 },
      },
    ]);
    expect(values.fields[0]?.dataTypeID).toBe(20);
  });

  test("is typed by its relations", async () => {
    const found = await db.query.authors.findFirst({ with: { books: true } });
    expect(found?.books.map(({ id }) => id)).toEqual([1, 2]);
    expectTypeOf(found?.books).toEqualTypeOf<{ id: number; author: number | null }[] | undefined>();
    // @ts-expect-error -- there is no such table
    void db.query.readers;
  });

  test("goes on after errors, which say what is wrong", async () => {
    const twice = db.insert(authors).values({ id: 1, name: "Eve" });
    const error: unknown = await twice.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DrizzleQueryError);
    expect((error as Error).cause).toMatchObject({
      code: "23505",
      constraint: "martlet_test_authors_pkey",
      detail: "Key (id)=(1) already exists.",
    });
    for (const text of ["select 1/0", "selec", "select * from nowhere", "select $1::int"]) {
      await expect(db.$client.query(text)).rejects.toMatchObject({ severity: "ERROR" });
    }
    await expect(db.$client.query("select 1/$1::int", [0])).rejects.toThrow("division by zero");
    const two = await db.$client.query("select 1 as a; select 2 as b");
    expect(two).toMatchObject([{ rows: [{ a: 1 }] }, { rows: [{ b: 2 }] }]);
    expect(await db.$count(authors)).toBe(1);
  });

  test("serves many queries at one time", async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    const found = await Promise.all(
      numbers.map((each) => db.execute<{ n: number }>(sql`select ${each}::int as n`, "objects")),
    );
    expect(found.flat().map(({ n }) => n)).toEqual(numbers);
  });

  test("rolls a transaction back that fails", async () => {
    const failing = db.transaction(async (tx) => {
      await tx.update(authors).set({ name: "Eve" }).where(eq(authors.id, 1));
      throw new Error("not today");
    });
    await expect(failing).rejects.toThrow("not today");
    expect((await db.query.authors.findFirst())?.name).toBe("Ada");
  });

  test("does not hand on a connection that was left in a transaction", async () => {
    const client = await db.$client.connect();
    await client.query("begin");
    await client.query("update martlet_test_authors set name = 'Eve'");
    client.release();
    expect((await db.query.authors.findFirst())?.name).toBe("Ada");
    const { rows } = await db.$client.query("select now() = statement_timestamp() as is_alone");
    expect(rows).toEqual([{ is_alone: true }]);
  });

  test("knows a prepared statement also after an error on its connection", async () => {
    const named = { name: "one", text: "select $1::int as one", values: [1] };
    expect((await db.$client.query(named)).rows).toEqual([{ one: 1 }]);
    await expect(db.$client.query("select 1/0")).rejects.toThrow("division by zero");
    expect((await db.$client.query(named)).rows).toEqual([{ one: 1 }]);
  });

  test("tells a query that it waited too long for a connection", async () => {
    const clients = [];
    const most = db.$client.options.max;
    for (let taken = 0; taken < most; taken += 1) clients.push(await db.$client.connect());
    await expect(db.$client.query("select 1")).rejects.toThrow("timeout exceeded");
    for (const client of clients) client.release();
    expect(await db.$count(authors)).toBe(1);
  });
}
