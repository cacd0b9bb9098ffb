/**
 * The same tables in each dialect, for whoever asks the same of all of them.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { defineRelations } from "drizzle-orm";
import * as my from "drizzle-orm/mysql-core";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";
import type { Dialect } from "martlet/db";

/** The names of the tables, which are those of one run alone. */
export interface Names {
  readonly authors: string;
  readonly books: string;
  readonly genres: string;
  readonly shelves: string;
}

/** Makes names that nobody else has. */
export function randomNames(): Names {
  const of = (name: string): string => `${name}_${suffix}`;
  const suffix = randomBytes(4).toString("hex");
  return { authors: of("a"), books: of("b"), genres: of("g"), shelves: of("s") };
}

function postgresqlTables({ authors, books, genres, shelves }: Names) {
  const { bigint, boolean, bytea, integer, jsonb, numeric, pgTable, primaryKey, text, timestamp } =
    pg;
  return {
    authors: pgTable(authors, {
      id: integer().primaryKey(),
      name: text().notNull(),
      followers: bigint({ mode: "bigint" }),
      balance: numeric({ precision: 30, scale: 10 }),
      isActive: boolean("is_active"),
      seen: timestamp({ withTimezone: true, precision: 3 }),
      tags: jsonb().$type<unknown>(),
      photo: bytea(),
      ratio: pg.doublePrecision(),
    }),
    books: pgTable(books, {
      id: integer().primaryKey(),
      author: integer(),
      title: text().notNull(),
      pages: integer(),
    }),
    genres: pgTable(genres, { id: integer().primaryKey(), name: text().notNull() }),
    shelves: pgTable(
      shelves,
      { book: integer().notNull(), genre: integer().notNull() },
      ({ book, genre }) => [primaryKey({ columns: [book, genre] })],
    ),
  };
}

/** The tables, as PostgreSQL's: what is asked of them is the same in all dialects. */
export type Tables = ReturnType<typeof postgresqlTables>;

function mysqlTables({ authors, books, genres, shelves }: Names) {
  const {
    bigint,
    blob,
    boolean,
    decimal,
    double,
    int,
    json,
    mysqlTable,
    primaryKey,
    timestamp,
    varchar,
  } = my;
  return {
    authors: mysqlTable(authors, {
      id: int().primaryKey(),
      name: varchar({ length: 200 }).notNull(),
      followers: bigint({ mode: "bigint" }),
      balance: decimal({ precision: 30, scale: 10 }),
      isActive: boolean("is_active"),
      seen: timestamp({ fsp: 3 }),
      tags: json(),
      photo: blob({ mode: "buffer" }),
      ratio: double(),
    }),
    books: mysqlTable(books, {
      id: int().primaryKey(),
      author: int(),
      title: varchar({ length: 200 }).notNull(),
      pages: int(),
    }),
    genres: mysqlTable(genres, {
      id: int().primaryKey(),
      name: varchar({ length: 200 }).notNull(),
    }),
    shelves: mysqlTable(
      shelves,
      { book: int().notNull(), genre: int().notNull() },
      ({ book, genre }) => [primaryKey({ columns: [book, genre] })],
    ),
  };
}

function sqliteTables({ authors, books, genres, shelves }: Names) {
  const { blob, integer, primaryKey, real, sqliteTable, text } = lite;
  return {
    authors: sqliteTable(authors, {
      id: integer().primaryKey(),
      name: text().notNull(),
      followers: blob({ mode: "bigint" }),
      // Its numeric is a floating point number.
      balance: text(),
      isActive: integer("is_active", { mode: "boolean" }),
      seen: integer({ mode: "timestamp_ms" }),
      tags: text({ mode: "json" }),
      photo: blob({ mode: "buffer" }),
      ratio: real(),
    }),
    books: sqliteTable(books, {
      id: integer().primaryKey(),
      author: integer(),
      title: text().notNull(),
      pages: integer(),
    }),
    genres: sqliteTable(genres, { id: integer().primaryKey(), name: text().notNull() }),
    shelves: sqliteTable(
      shelves,
      { book: integer().notNull(), genre: integer().notNull() },
      ({ book, genre }) => [primaryKey({ columns: [book, genre] })],
    ),
  };
}

const makers = { postgresql: postgresqlTables, mysql: mysqlTables, sqlite: sqliteTables };

/** The tables of a dialect. */
export function tablesOf(dialect: Dialect, names: Names): Tables {
  // Tables of other dialects have the same columns under the same names.
  return makers[dialect](names) as unknown as Tables;
}

/** What is between them. */
export function relationsOf(tables: Tables) {
  return defineRelations(tables, (r) => ({
    authors: { books: r.many.books({ from: r.authors.id, to: r.books.author }) },
    books: {
      writer: r.one.authors({ from: r.books.author, to: r.authors.id }),
      genres: r.many.genres({
        from: r.books.id.through(r.shelves.book),
        to: r.genres.id.through(r.shelves.genre),
      }),
    },
    genres: { books: r.many.books() },
  }));
}

/** What is between the tables. */
export type Relations = ReturnType<typeof relationsOf>;

const types: { readonly [D in Dialect]: readonly string[] } = {
  postgresql: [
    "text",
    "bigint",
    "numeric(30, 10)",
    "boolean",
    "timestamptz(3)",
    "jsonb",
    "bytea",
    "float8",
  ],
  mysql: [
    "varchar(200)",
    "bigint",
    "decimal(30, 10)",
    "boolean",
    "timestamp(3) null",
    "json",
    "blob",
    "double",
  ],
  sqlite: ["text", "blob", "text", "integer", "integer", "text", "blob", "real"],
};

/** The statements that make the tables. */
export function creation(
  dialect: Dialect,
  { authors, books, genres, shelves }: Names,
): readonly string[] {
  const [text, bigint, numeric, boolean, time, json, bytes, double] = types[dialect];
  return [
    `create table ${authors} (id int primary key, name ${text} not null, followers ${bigint}, balance ${numeric},
      is_active ${boolean}, seen ${time}, tags ${json}, photo ${bytes}, ratio ${double})`,
    `create table ${books} (id int primary key, author int, title ${text} not null, pages int,
      constraint ${books}_title unique (title), constraint ${books}_pages check (pages > 0),
      constraint ${books}_author foreign key (author) references ${authors} (id))`,
    `create table ${genres} (id int primary key, name ${text} not null)`,
    `create table ${shelves} (book int not null, genre int not null, primary key (book, genre))`,
  ];
}
