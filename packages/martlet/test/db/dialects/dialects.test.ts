import { setTimeout as sleep } from "node:timers/promises";
import {
  and,
  count,
  DrizzleQueryError,
  eq,
  gt,
  inArray,
  isNull,
  like,
  ne,
  sql,
  sum,
} from "drizzle-orm";
import { databaseError } from "martlet/db";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Opened, openSubject, subjects } from "./subjects.ts";

const ada = {
  id: 1,
  name: "Ada é🎉'\"\\ ?",
  followers: 9_007_199_254_740_993n,
  balance: "12345678901234567890.1234567890",
  isActive: true,
  seen: new Date("2026-01-02T03:04:05.678Z"),
  tags: { list: [1, "é", null, { deep: true }] },
  photo: Buffer.from([0, 255, 39]),
  ratio: 1.1,
};
const nobody = {
  followers: null,
  balance: null,
  isActive: null,
  seen: null,
  tags: null,
  photo: null,
  ratio: null,
};
const bob = { id: 2, name: "", ...nobody };

describe.each(subjects)("$title, as every other database,", (subject) => {
  describe.skipIf(subject.isSkipped)("through Drizzle,", { timeout: 60_000 }, () => {
    let opened: Opened;
    let db: Opened["db"];
    beforeAll(async () => {
      opened = await openSubject(subject);
      ({ db } = opened);
    }, 120_000);
    afterAll(() => opened.close());
    beforeEach(async () => {
      const { authors, books, genres, shelves } = opened.tables;
      for (const table of [shelves, genres, books, authors]) await db.delete(table);
      await db.insert(authors).values([ada, { id: 2, name: "" }]);
      await db.insert(books).values([
        { id: 1, author: 1, title: "Notes", pages: 10 },
        { id: 2, author: 1, title: "Letters", pages: 20 },
        { id: 3, author: 1, title: "Machines", pages: 30 },
        { id: 4, author: null, title: "Lost" },
      ]);
      await db.insert(genres).values([
        { id: 1, name: "science" },
        { id: 2, name: "letters" },
      ]);
      await db.insert(shelves).values([
        { book: 1, genre: 1 },
        { book: 2, genre: 2 },
        { book: 2, genre: 1 },
      ]);
    });

    const kindOf = async (failing: PromiseLike<unknown>): Promise<string | undefined> => {
      const error = await Promise.resolve(failing).catch((error: unknown) => error);
      return databaseError(error)?.kind;
    };

    describe("reads", () => {
      test("the values that were written", async () => {
        const { authors } = opened.tables;
        expect(await db.select().from(authors).orderBy(authors.id)).toEqual([ada, bob]);
      });

      test("the same values in relations, however deep they are", async () => {
        const found = await db.query.books.findMany({
          with: {
            writer: {
              with: {
                books: {
                  columns: { title: true },
                  orderBy: { id: "desc" },
                  with: { writer: true },
                },
              },
            },
          },
          orderBy: { id: "asc" },
          where: { id: { in: [2, 4] } },
        });
        const books = ["Machines", "Letters", "Notes"].map((title) => ({ title, writer: ada }));
        expect(found).toEqual([
          { id: 2, author: 1, title: "Letters", pages: 20, writer: { ...ada, books } },
          { id: 4, author: null, title: "Lost", pages: null, writer: null },
        ]);
      });

      test("relations in part, in order, by what they are, through others, with more than columns", async () => {
        const before = opened.engine.metrics.statements;
        const found = await db.query.authors.findMany({
          columns: { name: true },
          extras: { length: (table) => sql<number>`length(${table.name})`.as("length") },
          with: {
            books: {
              columns: { title: true },
              extras: { loud: (table) => sql<string>`upper(${table.title})` },
              where: { pages: { gt: 5 } },
              orderBy: { id: "desc" },
              limit: 2,
              offset: 1,
              with: { genres: { columns: { name: true }, where: { id: 1 } } },
            },
          },
          where: { id: { gt: 0 } },
          orderBy: { id: "desc" },
          limit: 2,
        });
        expect(opened.engine.metrics.statements).toBe(before + 1);
        expect(found.map(({ books }) => books)).toEqual([
          [],
          [
            { title: "Letters", loud: "LETTERS", genres: [{ name: "science" }] },
            { title: "Notes", loud: "NOTES", genres: [{ name: "science" }] },
          ],
        ]);
        expect(Number(found[0]?.length)).toBe(0);
      });

      test("by what is related", async () => {
        const found = await db.query.books.findMany({
          columns: {},
          with: { writer: { columns: { id: true } } },
          where: { genres: { name: "letters" } },
        });
        expect(found).toEqual([{ writer: { id: 1 } }]);
        expect(
          await db.query.authors.findFirst({ where: { id: 9 }, with: { books: true } }),
        ).toBeUndefined();
        const first = await db.query.authors.findFirst({ where: { id: 2 }, with: { books: true } });
        expect(first).toEqual({ ...bob, books: [] });
      });

      test("joins, groups, sums, lists, and what is not there", async () => {
        const { authors, books } = opened.tables;
        const rows = await db
          .select({ id: authors.id, books: count(books.id), pages: sum(books.pages) })
          .from(authors)
          .leftJoin(books, eq(books.author, authors.id))
          .groupBy(authors.id)
          .having(gt(count(books.id), -1))
          .orderBy(authors.id);
        expect(rows).toEqual([
          { id: 1, books: 3, pages: "60" },
          { id: 2, books: 0, pages: null },
        ]);
        const some = and(inArray(books.id, [1, 2, 4]), like(books.title, "L%"), ne(books.id, 2));
        expect(await db.select({ id: books.id }).from(books).where(some)).toEqual([{ id: 4 }]);
        expect(await db.$count(books, isNull(books.author))).toBe(1);
        expect(await db.select().from(books).where(inArray(books.id, []))).toEqual([]);
      });

      test("pages of a table", async () => {
        const { books } = opened.tables;
        const page = db.select({ id: books.id }).from(books).orderBy(books.id).limit(2).offset(1);
        expect(await page).toEqual([{ id: 2 }, { id: 3 }]);
      });

      test("with queries that are prepared", async () => {
        const { books } = opened.tables;
        const prepared = db
          .select({ title: books.title })
          .from(books)
          .where(eq(books.id, sql.placeholder("id")))
          .prepare("by_id");
        expect(await prepared.execute({ id: 1 })).toEqual([{ title: "Notes" }]);
        expect(await prepared.execute({ id: 2 })).toEqual([{ title: "Letters" }]);
      });

      test("a text of any length", async () => {
        const { engine } = opened;
        const place = subject.dialect === "postgresql" ? "$1::text" : "?";
        const text = "é".repeat(300_000);
        expect((await engine.query(`select ${place} as text`, [text])).rows).toEqual([{ text }]);
      });
    });

    describe("writes", () => {
      test("what is changed or removed, and nothing else", async () => {
        const { books } = opened.tables;
        await db
          .update(books)
          .set({ pages: sql`${books.pages} + 1` })
          .where(gt(books.id, 1));
        await db.delete(books).where(eq(books.id, 3));
        const rows = await db
          .select({ id: books.id, pages: books.pages })
          .from(books)
          .orderBy(books.id);
        expect(rows).toEqual([
          { id: 1, pages: 10 },
          { id: 2, pages: 21 },
          { id: 4, pages: null },
        ]);
      });

      test("nothing that the table forbids, and says what is wrong", async () => {
        const { authors, books } = opened.tables;
        const missing = { id: 5, author: 9, title: "x" };
        expect(await kindOf(db.insert(books).values({ id: 5, title: "Notes" }))).toBe("unique");
        expect(await kindOf(db.insert(books).values(missing))).toBe("reference-missing");
        expect(await kindOf(db.delete(authors).where(eq(authors.id, 1)))).toBe("still-referenced");
        expect(await kindOf(db.insert(books).values({ id: 5, title: "x", pages: -1 }))).toBe(
          "check",
        );
        const unnamed = { id: 5, title: sql<string>`null` };
        expect(await kindOf(db.insert(books).values(unnamed))).toBe("not-null");
        expect(await db.$count(books)).toBe(4);
      });

      test("and goes on after SQL that is wrong, which is no problem of the client", async () => {
        const failing = db.select({ x: sql`nothing.at_all` }).from(opened.tables.books);
        await expect(failing).rejects.toThrow(DrizzleQueryError);
        expect(await kindOf(failing)).toBeUndefined();
        expect(await db.$count(opened.tables.books)).toBe(4);
      });

      test("from many at once", async () => {
        const { genres } = opened.tables;
        const ids = Array.from({ length: 30 }, (_, id) => id + 10);
        await Promise.all(ids.map((id) => db.insert(genres).values({ id, name: `${id}` })));
        expect(await db.$count(genres)).toBe(32);
        expect(opened.engine.pool()).toMatchObject({ waiting: 0 });
      });
    });

    describe("in a transaction", () => {
      test("does all or nothing, whoever does it", async () => {
        const { genres } = opened.tables;
        const failing = db.transaction(async (tx) => {
          await tx.insert(genres).values({ id: 3, name: "a" });
          await db.insert(genres).values({ id: 4, name: "b" });
          await opened.engine.query(
            `insert into ${opened.names.genres} (id, name) values (5, 'c')`,
          );
          expect(await tx.$count(genres)).toBe(5);
          throw new Error("not today");
        });
        await expect(failing).rejects.toThrow("not today");
        expect(await db.$count(genres)).toBe(2);
        const made = await db.transaction(async (tx) => {
          await tx.insert(genres).values({ id: 3, name: "a" });
          return "done";
        });
        expect(made).toBe("done");
        expect(await db.$count(genres)).toBe(3);
      });

      test("undoes a part of it", async () => {
        const { genres } = opened.tables;
        await db.transaction(async (tx) => {
          await tx.insert(genres).values({ id: 3, name: "kept" });
          const inner = tx.transaction(async (part) => {
            await part.insert(genres).values({ id: 4, name: "lost" });
            part.rollback();
          });
          await expect(inner).rejects.toThrow("Rollback");
          const failing = tx.transaction((part) =>
            part.insert(genres).values({ id: 3, name: "again" }),
          );
          expect(await kindOf(failing)).toBe("unique");
        });
        const rows = await db.select().from(genres).where(gt(genres.id, 2));
        expect(rows).toEqual([{ id: 3, name: "kept" }]);
      });

      test("writes nothing where it only reads", async () => {
        const { genres } = opened.tables;
        const writing = opened.engine.transaction(
          async () => await db.insert(genres).values({ id: 3, name: "x" }),
          { readOnly: true },
        );
        expect(await kindOf(writing)).toBe("read-only");
        await db.insert(genres).values({ id: 3, name: "x" });
      });

      test("keeps twenty apart that change the same", { timeout: 60_000 }, async () => {
        const { books } = opened.tables;
        const add = (): Promise<void> =>
          opened.engine.transaction(
            async () => {
              const [row] = await db.select().from(books).where(eq(books.id, 1));
              await sleep(1);
              await db
                .update(books)
                .set({ pages: (row?.pages ?? 0) + 1 })
                .where(eq(books.id, 1));
            },
            { isolation: "serializable", retries: 50 },
          );
        await Promise.all(Array.from({ length: 20 }, add));
        expect(await db.select({ pages: books.pages }).from(books).where(eq(books.id, 1))).toEqual([
          { pages: 30 },
        ]);
      });

      test("does what follows a commit after it, and not without one", async () => {
        const done: string[] = [];
        const failing = opened.engine.transaction(async () => {
          await opened.engine.afterCommit(() => done.push("lost"));
          throw new Error("no");
        });
        await expect(failing).rejects.toThrow("no");
        await opened.engine.transaction(async () => {
          await opened.engine.afterCommit(() => done.push("kept"));
          await opened.engine.query("select 1");
          expect(done).toEqual([]);
        });
        expect(done).toEqual(["kept"]);
      });
    });

    test("says whether it answers", async () => {
      expect(await opened.engine.health()).toMatchObject({ isUp: true });
    });
  });
});
