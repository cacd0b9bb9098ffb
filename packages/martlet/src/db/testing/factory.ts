/**
 * Factories: rows for tests, of which only what a test is about has to be said.
 *
 * @module
 */
import type { InferInsertModel, InferSelectModel, Table } from "drizzle-orm";
import type { Engine } from "../engine.ts";
import { type Draw, Draws } from "./draws.ts";
import { insertRow, nameOf, primaryKeyOf } from "./rows.ts";

/** Where rows are made: a test database, or `{ db }` for a seed. */
export interface FactoryPlace {
  readonly db: { readonly $engine: Engine };
  /** What is drawn from. @default new ones for each factory */
  readonly draws?: Draws;
}

/** How a row is made: for each column a value, what draws one, or the factory of the row that it refers to. */
export type FactoryFields<T extends Table> = FieldsOf<InferInsertModel<T>>;

type FieldsOf<Insert> = {
  readonly [K in keyof Insert]: Insert[K] | ((draw: Draw) => Insert[K]) | Related;
};

/** Stands for a row of another table, which is made when it is needed. */
export interface Related {
  /** Makes the row and gives what refers to it. */
  readonly "~refer": () => Promise<unknown>;
}

/** Makes rows of one table. */
export interface Factory<T extends Table> extends Related {
  /** Inserts a row, and those that it refers to, and gives it as it is in the database. */
  readonly create: (overrides?: Partial<InferInsertModel<T>>) => Promise<InferSelectModel<T>>;
  /** Inserts rows, one after the other. */
  readonly createMany: (
    count: number,
    overrides?: Partial<InferInsertModel<T>>,
  ) => Promise<readonly InferSelectModel<T>[]>;
  /**
   * What would be inserted, without doing so.
   *
   * @throws when it refers to a row that has to be inserted first: give that column in `overrides`
   */
  readonly build: (overrides?: Partial<InferInsertModel<T>>) => InferInsertModel<T>;
  /** What refers to a row by a column that is not its primary key. */
  readonly by: (column: keyof InferSelectModel<T> & string) => Related;
}

/**
 * Makes a factory of the rows of a table.
 *
 * @example
 * ```ts no-run
 * import { integer, pgTable, text } from "drizzle-orm/pg-core";
 * import { database } from "martlet/db";
 * import { factory, testDatabase } from "martlet/db/testing";
 *
 * const authors = pgTable("authors", {
 *   id: integer().primaryKey().generatedAlwaysAsIdentity(),
 *   email: text().notNull().unique(),
 *   name: text().notNull(),
 * });
 * const books = pgTable("books", {
 *   id: integer().primaryKey().generatedAlwaysAsIdentity(),
 *   authorId: integer().notNull().references(() => authors.id),
 *   title: text().notNull(),
 * });
 *
 * const tested = testDatabase(database({ url: "embedded:" }));
 * const author = factory(tested, authors, {
 *   email: ({ sequence }) => `author${sequence}@example.com`,
 *   name: (draw) => draw.pick(["Ann", "Bob"]),
 * });
 * const book = factory(tested, books, { authorId: author, title: (draw) => draw.text(30) });
 *
 * const { authorId } = await book.create({ title: "Birds" });
 * const ofOne = await book.createMany(3, { authorId });
 * ```
 */
export function factory<T extends Table>(
  place: FactoryPlace,
  table: T,
  fields: FactoryFields<T>,
): Factory<T> {
  const draws = place.draws ?? new Draws(1);
  const columns: readonly (readonly [string, unknown])[] = Object.entries(fields);

  /** The columns of the next row, and what still stands for others. */
  const drawn = (overrides: object): readonly (readonly [string, unknown])[] => {
    const draw = draws.next(nameOf(table));
    const values = columns.map(([column, field]) => {
      // A field that is a function takes a draw, as its type says.
      const value = typeof field === "function" ? (field as (draw: Draw) => unknown)(draw) : field;
      return [column, value] as const;
    });
    // What is overridden is drawn all the same, so that the rest stays as it is.
    return Object.entries({ ...Object.fromEntries(values), ...overrides });
  };

  const create = async (overrides: object = {}): Promise<InferSelectModel<T>> => {
    const row: Record<string, unknown> = {};
    for (const [column, value] of drawn(overrides)) {
      row[column] = isRelated(value) ? await value["~refer"]() : value;
    }
    // The database gives a row of the table.
    return (await insertRow(place.db, table, row)) as InferSelectModel<T>;
  };

  const by = (column: string): Related => ({
    "~refer": async () => ((await create()) as Record<string, unknown>)[column],
  });

  return {
    create,
    createMany: async (count, overrides = {}) => {
      const rows: InferSelectModel<T>[] = [];
      while (rows.length < count) rows.push(await create(overrides));
      return rows;
    },
    build: (overrides = {}) => {
      const row = drawn(overrides);
      const open = row.find(([, value]) => isRelated(value));
      if (open !== undefined) {
        throw new Error(`"${open[0]}" refers to a row that is not there: give it, or create()`);
      }
      // The fields are those of the table.
      return Object.fromEntries(row) as InferInsertModel<T>;
    },
    by,
    "~refer": () => by(primaryKeyOf(table))["~refer"](),
  };
}

function isRelated(value: unknown): value is Related {
  return typeof value === "object" && value !== null && "~refer" in value;
}
