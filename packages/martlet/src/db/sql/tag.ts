/**
 * SQL by hand as a dependency: a tag for templates, of which every value is a parameter.
 *
 * @module
 */
import type { Dependency } from "../../index.ts";
import { derived } from "../derived.ts";
import type { Engine } from "../engine.ts";
import { partsOf, pieces, type SqlPieces, type SqlValue } from "./fragment.ts";
import { BoundQuery, type SqlQuery } from "./query.ts";

/** A tag that makes statements of templates. */
export interface SqlTag extends SqlPieces {
  /** `Row` is what a row is said to be: nothing checks it. */
  <Row = Record<string, unknown>>(
    strings: TemplateStringsArray,
    ...values: readonly SqlValue[]
  ): SqlQuery<Row>;
  /** What the statements are made on. */
  readonly $engine: Engine;
}

/** What a tag is told. */
export interface SqlTagOptions {
  /** Whether a replica may answer, if there is one and the call has not written. @default false */
  readonly replica?: boolean;
}

/**
 * Makes a tag of which the statements are made on an engine.
 *
 * @example
 * ```ts no-run
 * import { dependency } from "martlet";
 * import { database, sqlOver } from "martlet/db";
 *
 * const db = database({ url: "embedded:" });
 * const warmed = dependency({ use: { engine: db.engine }, scope: "app" }, async ({ engine }) => {
 *   await sqlOver(engine)`select pg_prewarm('items')`;
 * });
 * ```
 */
export function sqlOver(engine: Engine, options: SqlTagOptions = {}): SqlTag {
  const tag = <Row>(strings: TemplateStringsArray, ...values: readonly SqlValue[]): SqlQuery<Row> =>
    new BoundQuery(engine, partsOf(strings, values), options);
  return Object.assign(tag, pieces, { $engine: engine });
}

/**
 * Makes a dependency of which the value is a tag for SQL by hand, on a database and in its
 * transactions. A value in a template becomes a parameter of the statement, and never part of its
 * text; fragments are put in as they are.
 *
 * @example
 * ```ts no-run
 * import { get, martlet, problem } from "martlet";
 * import { database, sqlTag } from "martlet/db";
 * import { z } from "zod";
 *
 * const Item = z.object({ id: z.int(), name: z.string() });
 * const ItemNotFound = problem(404, "item-not-found");
 *
 * const sql = sqlTag(database({ url: "embedded:" }));
 * const read = get(
 *   "/items/{id}",
 *   { path: { id: z.int() }, use: { sql }, returns: Item, throws: [ItemNotFound] },
 *   async ({ id, sql }) =>
 *     (await sql<z.infer<typeof Item>>`select id, name from items where id = ${id}`.maybeOne()) ??
 *     new ItemNotFound({}),
 * );
 * export const app = martlet({ read });
 * ```
 */
export function sqlTag<E>(
  db: Dependency<{ readonly $engine: Engine }, {}, E>,
  options: SqlTagOptions = {},
): Dependency<SqlTag, {}, E> {
  return derived(db, "sql", ({ $engine }) => sqlOver($engine, options));
}
