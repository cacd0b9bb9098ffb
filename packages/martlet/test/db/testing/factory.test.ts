import { sql } from "drizzle-orm";
import { integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { database } from "martlet/db";
import { Draws, factory, useTestDatabase } from "martlet/db/testing";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  expectTypeOf,
  test,
} from "vitest";
import { postgres } from "../engines.ts";

const authors = pgTable("authors", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  email: text().notNull().unique(),
  name: text().notNull(),
  code: uuid()
    .notNull()
    .unique()
    .default(sql`gen_random_uuid()`),
  born: timestamp({ withTimezone: true }),
  notes: jsonb().$type<{ readonly stars: number }>(),
});
const books = pgTable("books", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  author: integer()
    .notNull()
    .references(() => authors.id),
  editor: uuid().references(() => authors.code),
  title: text().notNull(),
});
const pairs = pgTable("pairs", { left: integer(), right: integer() }, (pair) => [
  primaryKey({ columns: [pair.left, pair.right] }),
]);

describe.skipIf(postgres.isSkipped)(`a factory on ${postgres.title}`, () => {
  const tested = useTestDatabase(
    { beforeAll, beforeEach, afterEach, afterAll },
    database({ url: postgres.url }),
    {
      url: postgres.url,
      prepare: (db) =>
        db.execute(`
          create table authors (id int primary key generated always as identity,
            email text not null unique, name text not null, code uuid not null unique default gen_random_uuid(),
            born timestamptz, notes jsonb);
          create table books (id int primary key generated always as identity,
            author int not null references authors, editor uuid references authors (code), title text not null);
          create table pairs ("left" int, "right" int, primary key ("left", "right"));
        `),
    },
  );
  const author = factory(tested, authors, {
    email: ({ sequence }) => `author${sequence}@example.com`,
    name: (draw) => draw.pick(["Ann", "Bob", "Cy", "Dan"]),
    born: (draw) => draw.date(),
    notes: { stars: 3 },
  });
  const book = factory(tested, books, { author, title: (draw) => draw.text(30) });

  test("makes a row as it is in the database, unique by its number", async () => {
    const one = await author.create();
    expectTypeOf(one).toEqualTypeOf<typeof authors.$inferSelect>();
    expect(one).toMatchObject({ email: "author1@example.com", notes: { stars: 3 } });
    expect(one.code).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.born).toBeInstanceOf(Date);
    expect(await author.createMany(3, { name: "Eve" })).toMatchObject(
      [2, 3, 4].map((number) => ({ email: `author${number}@example.com`, name: "Eve" })),
    );
    expect(await tested.db.select().from(authors)).toHaveLength(4);
    expect(await author.createMany(0)).toEqual([]);
  });

  test.each([1, 2])("draws the same data for each test (%i)", async () => {
    const first = new Draws(1).next("authors");
    const name = first.pick(["Ann", "Bob", "Cy", "Dan"]);
    expect(await author.create()).toMatchObject({
      email: "author1@example.com",
      name,
      born: first.date(),
    });
  });

  test("makes the rows that a row refers to, unless they are told", async () => {
    const { author: id } = await book.create();
    expect(await tested.db.select({ id: authors.id }).from(authors)).toEqual([{ id }]);
    const ofOne = await book.createMany(2, { author: id });
    expect(ofOne.map((each) => each.author)).toEqual([id, id]);
    expect(await tested.db.select().from(authors)).toHaveLength(1);
    const edited = factory(tested, books, { author, editor: author.by("code"), title: "Birds" });
    const made = await edited.create();
    const [, , editor] = await tested.db.select().from(authors).orderBy(authors.id);
    expect(made).toMatchObject({ editor: editor?.code, title: "Birds" });
  });

  test("builds what would be inserted", () => {
    const built = author.build({ name: "Eve" });
    expectTypeOf(built).toEqualTypeOf<typeof authors.$inferInsert>();
    expect(built).toMatchObject({ email: "author1@example.com", name: "Eve" });
    expect(author.build().email).toBe("author2@example.com");
    expect(() => book.build()).toThrow('"author" refers to a row that is not there');
    expect(book.build({ author: 7 }).author).toBe(7);
  });

  test("draws the rest as it was, whatever is overridden", () => {
    const draws = [new Draws(5), new Draws(5)];
    const [plain, told] = draws.map((each) =>
      factory({ db: tested.db, draws: each }, authors, {
        email: "a",
        name: (draw) => draw.text(),
        born: (draw) => draw.date(),
      }),
    );
    expect(told?.build({ name: "Eve" }).born).toEqual(plain?.build().born);
    const other = factory({ db: tested.db, draws: new Draws(6) }, authors, {
      email: "a",
      name: (draw) => draw.text(),
    });
    expect(other.build().name).not.toBe(
      factory(tested, authors, { email: "a", name: (draw) => draw.text() }).build().name,
    );
  });

  test("numbers the rows of a table, whichever factory makes them", async () => {
    await author.create();
    const other = factory(tested, authors, {
      email: ({ sequence }) => `author${sequence}@example.com`,
      name: "Other",
    });
    expect((await other.create()).email).toBe("author2@example.com");
  });

  test("asks for what the table needs, in its types", () => {
    // @ts-expect-error -- a column that has to be there
    factory(tested, books, { author: 1 });
    // @ts-expect-error -- a column of another type
    factory(tested, books, { author: 1, title: () => 5 });
    // @ts-expect-error -- none of its columns
    expect(author.build({ nickname: "x" })).toMatchObject({ notes: { stars: 3 } });
  });

  test("does not refer to a row without a key of one column", async () => {
    const pair = factory(tested, pairs, { left: 1, right: (draw) => draw.int(1, 9) });
    expect(await pair.create({ right: 2 })).toEqual({ left: 1, right: 2 });
    const referring = factory(tested, books, { author: pair, title: "x" });
    await expect(referring.create()).rejects.toThrow(
      'The table "pairs" has no primary key of one column',
    );
    const told = factory(tested, books, { author: author.by("id"), title: "x" });
    expect(await told.create()).toMatchObject({ title: "x" });
  });

  test("fails as the database does", async () => {
    await author.create({ email: "a" });
    await expect(author.create({ email: "a" })).rejects.toMatchObject({ cause: { code: "23505" } });
  });
});
