/**
 * A small application with a database: what the tests of test databases test.
 *
 * @module
 */
import { count } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { get, martlet, post } from "martlet";
import { type Database, database, Duplicate, transaction } from "martlet/db";
import { z } from "zod";

export const authors = pgTable("authors", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  email: text().notNull().unique(),
  name: text().notNull(),
});

/** Makes the tables, as a migration would. */
export async function makeTables(db: Database): Promise<void> {
  await db.execute(`
    create table kinds (name text primary key);
    insert into kinds values ('novel');
    create table authors (id int primary key generated always as identity,
      email text not null unique deferrable initially deferred, name text not null);
    create table books (id int primary key generated always as identity,
      "authorId" int not null references authors, title text not null, kind text references kinds);
  `);
}

/** The database of the application, at a place where nothing is. */
export const db = database({
  url: "postgres://nobody@127.0.0.1:1/nowhere",
  pool: { connectTimeout: 5000 },
});

const Author = z.object({ email: z.string(), name: z.string() });

const add = post(
  "/authors",
  { body: Author, use: { db: transaction(db) }, throws: [Duplicate], returns: z.int() },
  async ({ body, db }) => {
    const [author] = await db.insert(authors).values(body).returning({ id: authors.id });
    await db.$engine.afterCommit(() => void told.push(body.name));
    return author?.id ?? 0;
  },
);

const size = get("/authors/count", { use: { db }, returns: z.int() }, async ({ db }) => {
  const [row] = await db.select({ n: count() }).from(authors);
  return row?.n ?? 0;
});

/** Who was told of after a commit. */
export const told: string[] = [];

/** The application. */
export const app = martlet({ add, size });
