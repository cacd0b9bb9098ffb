import { int, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { get, martlet, post } from "martlet";
import { database, Duplicate, kysely, sqlTag, transaction } from "martlet/db";
import { factory, testDatabase, useTestDatabase } from "martlet/db/testing";
import { testClient } from "martlet/testing";
import type { Generated } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { mariadb } from "../engines.ts";

const hooks = { beforeAll, beforeEach, afterEach, afterAll };
const slow = { timeout: 30_000 };

interface Tables {
  readonly authors: {
    readonly id: Generated<number>;
    readonly email: string;
    readonly name: string;
  };
}

const mysqlAuthors = mysqlTable("authors", {
  id: int().primaryKey().autoincrement(),
  email: varchar({ length: 100 }).notNull().unique(),
  name: varchar({ length: 100 }).notNull(),
});
const mysqlBooks = mysqlTable("books", {
  isbn: varchar({ length: 20 }).primaryKey(),
  author: int().notNull(),
});
const sqliteAuthors = sqliteTable("authors", {
  id: integer().primaryKey({ autoIncrement: true }),
  email: text().notNull().unique(),
  name: text().notNull(),
});
const sqliteBooks = sqliteTable("books", {
  isbn: text().primaryKey(),
  author: integer().notNull(),
});

const name = "varchar(100) not null";
const mysqlSchema = [
  `create table authors (id int primary key auto_increment, email ${name} unique, name ${name})`,
  "create table books (isbn varchar(20) primary key, author int not null references authors (id))",
  "create table kinds (name varchar(20) primary key)",
  "insert into kinds values ('novel')",
];
const sqliteSchema = mysqlSchema.map((each) =>
  each.replace("id int primary key auto_increment", "id integer primary key autoincrement"),
);

const mysqlDb = database({ dialect: "mysql", url: "mysql://nobody@127.0.0.1:1/nowhere" });
const sqliteDb = database({ dialect: "sqlite", url: "sqlite:./nowhere/at-all.sqlite" });

const both = [
  {
    title: mariadb.title,
    isSkipped: mariadb.isSkipped,
    url: mariadb.url,
    db: mysqlDb,
    schema: mysqlSchema,
    tables: { authors: mysqlAuthors, books: mysqlBooks },
  },
  {
    title: "SQLite",
    isSkipped: false,
    url: undefined,
    db: sqliteDb,
    schema: sqliteSchema,
    tables: { authors: sqliteAuthors, books: sqliteBooks },
  },
] as const;

describe.each(both)(
  "a test database of $title",
  slow,
  ({ isSkipped, url, db: given, schema, tables }) => {
    // What is of the one dialect is tested as if it were of the other.
    const db = given as typeof sqliteDb;
    const { authors, books } = tables as (typeof both)[1]["tables"];
    const sql = sqlTag(db);
    const kdb = kysely<Tables>(db);
    const Author = z.object({ email: z.string(), name: z.string() });
    const app = martlet({
      add: post(
        "/authors",
        {
          body: Author,
          use: { sql: transaction(sql), kdb },
          throws: [Duplicate],
          returns: z.string(),
        },
        async ({ body: { email, name }, sql, kdb }) => {
          await sql`insert into authors (email, name) values (${email}, ${name})`;
          const twice = kdb.insertInto("authors").values({ email: `2${email}`, name });
          const { insertId } = await twice.executeTakeFirstOrThrow();
          return String(insertId);
        },
      ),
      names: get("/authors", { use: { sql }, returns: z.array(z.string()) }, async ({ sql }) =>
        (await sql<{ name: string }>`select name from authors order by id`.all()).map(
          ({ name }) => name,
        ),
      ),
    });
    const prepare = async ({ $engine }: { $engine: (typeof sqliteDb)["~t"]["$engine"] }) => {
      for (const each of schema) await $engine.query(each);
    };

    describe.skipIf(isSkipped)("in the hooks of a test runner", () => {
      const tested = useTestDatabase(hooks, db, { url, prepare });
      const author = factory(tested, authors, {
        email: ({ sequence }) => `author${sequence}@example.com`,
        name: (draw) => draw.pick(["Ann", "Bob"]),
      });
      const book = factory(tested, books, { isbn: ({ sequence }) => `no. ${sequence}`, author });

      test.each([1, 2])("is as it was at the start of test %i", async () => {
        await using client = testClient(app, { overrides: [tested.override] });
        expect(await (await client.get("/authors")).json()).toEqual([]);
        const ann = { email: "ann@a.example", name: "Ann" };
        expect((await client.post("/authors", { json: ann })).status).toBe(200);
        expect((await client.post("/authors", { json: ann })).status).toBe(409);
        expect(await (await client.get("/authors")).json()).toEqual(["Ann", "Ann"]);
      });

      test("has rows of factories, read back from it", async () => {
        const { author: id, isbn } = await book.create();
        expect(isbn).toBe("no. 1");
        const rows = await tested.db.select().from(authors);
        expect(rows).toEqual([
          { id, email: "author1@example.com", name: expect.any(String) as string },
        ]);
        expect(await author.createMany(2, { name: "Eve" })).toMatchObject([
          { name: "Eve" },
          { name: "Eve" },
        ]);
      });
    });

    test.skipIf(isSkipped)("that is isolated commits, and is emptied", async () => {
      const seed = (of: (typeof sqliteDb)["~t"]) =>
        of.$engine.query("insert into authors (email, name) values ('seed', 'Seed')");
      const tested = testDatabase(db, { url, prepare, seed, isolated: true });
      await tested.start();
      try {
        for (const id of [2, 2]) {
          await tested.begin();
          await tested.db.insert(authors).values({ email: "a", name: "A" });
          const found = await tested.db.select().from(authors).orderBy(authors.id);
          expect(found).toMatchObject([{ name: "Seed" }, { id, name: "A" }]);
          await tested.end();
          expect(await tested.db.select().from(authors)).toMatchObject([{ id: 1, name: "Seed" }]);
          expect((await tested.engine.query("select * from kinds")).rows).toHaveLength(1);
        }
      } finally {
        await tested.stop();
      }
    });
  },
);

describe("a test database of MySQL", () => {
  test("needs a server", async () => {
    await expect(testDatabase(mysqlDb).start()).rejects.toThrow("MySQL needs a server for tests");
  });
});
