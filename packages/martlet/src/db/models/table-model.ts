/**
 * Models made of tables: of what is read, of what is inserted, and of what is changed.
 *
 * @module
 */
import { Column, getColumns, is, type Table } from "drizzle-orm";
import * as z from "zod";
import { type AnyColumn, isGenerated, type Side } from "./column.ts";
import { fieldOf } from "./field.ts";
import type { NameIn, Purpose, Refinements, Source, TableModel } from "./model-shape.ts";
import { isPrivate } from "./private-mark.ts";

/** What a model of a table is told. */
export interface TableModelOptions<
  T,
  P extends Purpose,
  R extends Refinements<T, P>,
  Picked extends string,
  Omitted extends string,
> {
  /** The columns that the model has. A column that the table gets later is not among them. @default all */
  readonly pick?: readonly (Picked & NameIn<T, P>)[];
  /** The columns that the model does not have. */
  readonly omit?: readonly (Omitted & NameIn<T, P>)[];
  /**
   * For a column another schema, or a function that makes one of that which it has. Whether it may be
   * `null` or left out remains as the table says.
   */
  readonly refine?: { readonly [K in keyof R]: K extends NameIn<T, P> ? R[K] : never };
}

/**
 * Makes the model of a row that is read: for answers.
 *
 * Each column is described as it is in JSON, and read from what Drizzle gives; see the guide
 * on models from tables for every type. Private columns ({@link privateColumns}) are left out. Whatever Zod does
 * with an object can be done with it: `extend`, `pick`, `omit`, `meta`.
 *
 * @example
 * ```ts
 * import { bigint, integer, pgTable, timestamp, varchar } from "drizzle-orm/pg-core";
 * import { get, martlet } from "martlet";
 * import { selectModel } from "martlet/db/models";
 * import { testClient } from "martlet/testing";
 *
 * const books = pgTable("books", {
 *   id: integer().primaryKey(),
 *   title: varchar({ length: 80 }).notNull(),
 *   readers: bigint({ mode: "bigint" }).notNull(),
 *   published: timestamp({ withTimezone: true }),
 * });
 * const Book = selectModel(books).meta({ id: "Book" });
 * const read = get("/book", { returns: Book }, () => {
 *   return { id: 1, title: "Emma", readers: 2n ** 60n, published: new Date("1815-12-23"), secret: 1 };
 * });
 * expect(await (await testClient(martlet({ read })).get("/book")).json()).toEqual({
 *   id: 1,
 *   title: "Emma",
 *   readers: "1152921504606846976",
 *   published: "1815-12-23T00:00:00.000Z",
 * });
 * ```
 */
export function selectModel<
  T extends Source,
  R extends Refinements<T, "select">,
  const Picked extends string = NameIn<T, "select">,
  const Omitted extends string = never,
>(
  table: T,
  options: TableModelOptions<T, "select", R, Picked, Omitted> = {},
): TableModel<T, "select", Exclude<Picked, Omitted>, R> {
  return modelOf(table, "select", options) as never;
}

/**
 * Makes the model of a row that a client sends to be inserted: what it accepts, the table takes.
 *
 * What has a default may be left out. What the database alone makes, by `generatedAlwaysAs` or
 * `generatedAlwaysAsIdentity`, is not in it, and neither are private columns. Constraints that only the
 * database knows (unique, references, checks) are its own to judge.
 *
 * @throws {Fault} M034 when a column is of a custom type and has no schema.
 *
 * @example
 * ```ts
 * import { integer, pgTable, timestamp, varchar } from "drizzle-orm/pg-core";
 * import { insertModel } from "martlet/db/models";
 *
 * const books = pgTable("books", {
 *   id: integer().primaryKey().generatedAlwaysAsIdentity(),
 *   title: varchar({ length: 80 }).notNull(),
 *   createdAt: timestamp().notNull().defaultNow(),
 * });
 * const NewBook = insertModel(books, { refine: { title: (title) => title.min(1) } });
 * expect(NewBook.parse({ title: "Emma" })).toEqual({ title: "Emma" });
 * expect(NewBook.safeParse({ title: "" }).success).toBe(false);
 * expect(NewBook.safeParse({ title: "a\0b" }).success).toBe(false);
 * ```
 */
export function insertModel<
  T extends Table,
  R extends Refinements<T, "insert">,
  const Picked extends string = NameIn<T, "insert">,
  const Omitted extends string = never,
>(
  table: T,
  options: TableModelOptions<T, "insert", R, Picked, Omitted> = {},
): TableModel<T, "insert", Exclude<Picked, Omitted>, R> {
  return modelOf(table, "insert", options) as never;
}

/**
 * Makes the model of a change to a row: every column may be left out, and none is filled in. A column
 * that is left out is not there, while one that is `null` is, where the column takes null.
 *
 * @throws {Fault} M034 when a column is of a custom type and has no schema.
 *
 * @example
 * ```ts
 * import { integer, pgTable, text } from "drizzle-orm/pg-core";
 * import { updateModel } from "martlet/db/models";
 *
 * const books = pgTable("books", {
 *   id: integer().primaryKey(),
 *   title: text().notNull(),
 *   note: text().default("new"),
 * });
 * const BookChange = updateModel(books, { omit: ["id"] });
 * expect(BookChange.parse({ note: null })).toEqual({ note: null });
 * expect(BookChange.safeParse({ title: null }).success).toBe(false);
 * ```
 */
export function updateModel<
  T extends Table,
  R extends Refinements<T, "update">,
  const Picked extends string = NameIn<T, "update">,
  const Omitted extends string = never,
>(
  table: T,
  options: TableModelOptions<T, "update", R, Picked, Omitted> = {},
): TableModel<T, "update", Exclude<Picked, Omitted>, R> {
  return modelOf(table, "update", options) as never;
}

/** The options without what only the compiler knows. */
interface ErasedOptions {
  readonly pick?: readonly string[];
  readonly omit?: readonly string[];
  readonly refine?: Readonly<Record<string, Refinement | undefined>>;
}

type Refinement = z.ZodType | ((field: z.ZodType) => z.ZodType);

function modelOf(table: Source, purpose: Purpose, options: object): z.ZodObject {
  // What the names and functions are of is the compiler's to know.
  const { pick, omit = [], refine = {} } = options as ErasedOptions;
  const shape: Record<string, z.ZodType> = {};
  for (const [name, selected] of Object.entries(getColumns(table) as Record<string, unknown>)) {
    if (omit.includes(name) || pick?.includes(name) === false) continue;
    const field = is(selected, Column)
      ? columnField(selected, purpose, refine[name])
      : expressionField(refine[name]);
    if (field !== undefined) shape[name] = field;
  }
  return z.object(shape);
}

/** The field of a column; `undefined` if the model does not have it. */
function columnField(
  column: AnyColumn,
  purpose: Purpose,
  refinement: Refinement | undefined,
): z.ZodType | undefined {
  const side: Side = purpose === "select" ? "read" : "write";
  if (isPrivate(column) || (side === "write" && isGenerated(column))) return undefined;
  const field = refined(refinement, () => fieldOf(column, side));
  const value = column.notNull ? field : field.nullable();
  const isRequired = purpose === "select" || (purpose === "insert" && !mayLack(column));
  return isRequired ? value : withDefault(value.optional(), column, purpose);
}

function mayLack({ notNull, hasDefault }: Column): boolean {
  return !notNull || hasDefault;
}

/** Tells the database's default in the document; nothing is filled in. */
function withDefault(field: z.ZodType, column: Column, purpose: Purpose): z.ZodType {
  const { default: value, dataType } = column;
  const isPlain = /^(?:boolean|number|string$|string enum)/.test(dataType) && !Array.isArray(value);
  const isTold =
    purpose === "insert" && isPlain && ["string", "number", "boolean"].includes(typeof value);
  return isTold ? field.meta({ default: value }) : field;
}

/** What a view works out by SQL. */
function expressionField(refinement: Refinement | undefined): z.ZodType {
  return refined(refinement, () => z.any());
}

function refined(refinement: Refinement | undefined, make: () => z.ZodType): z.ZodType {
  return typeof refinement === "function" ? refinement(make()) : (refinement ?? make());
}
