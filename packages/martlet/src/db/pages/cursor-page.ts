/**
 * Pages by cursor: so many rows, after or before a place in an order.
 *
 * @module
 */
import type { AnyColumn, SQL } from "drizzle-orm";
import * as z from "zod";
import {
  dependency,
  type Dependency,
  Fault,
  type HttpSource,
  InvalidInput,
  type Param,
  request,
  type Use,
  type ValueOf,
} from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { maxCursor, opened } from "./cursor.ts";
import {
  type CursorPage,
  type DrizzlePageSql,
  fragmentsOf,
  type PageFragments,
  type PageState,
  plainPage,
  type PlainCursorPage,
} from "./cursor-page-value.ts";
import { type CursorSecret, secretsOf } from "./cursor-secret.ts";
import { dialectOf, type Drizzle, drizzleFor, keyOf } from "./keys.ts";
import type { Key } from "./keyset.ts";
import { type PageLinks, pageLinks, type WriteLinks } from "./links.ts";
import { inDrizzle, type ToDrizzle } from "./order-sql.ts";
import { type ColumnOf, type Ordered, type Ordering, orderingOf } from "./ordering.ts";
import { type PageSizes, sizeModel } from "./page-size.ts";
import { positionName } from "./row-position.ts";
import type { PlainSorting, SortOrder } from "./sorting.ts";
import { refuseTies } from "./unique-order.ts";

/** What pages go by: columns with their directions, or what the request sorts by. */
export type PageOrder = readonly Ordered[] | SortedBy;

/** A dependency that sorts: what {@link sorting} makes. */
export interface SortedBy extends Param<PlainSorting, HttpSource> {
  readonly order: SortOrder;
}

/** What {@link cursorPage} is told. */
export interface CursorPageOptions<By extends PageOrder, U extends Use = {}> {
  /**
   * The order: columns, the most important first, the last one unique; or {@link sorting} with a
   * unique `last`.
   */
  readonly by: By;
  /** How many rows a page has. */
  readonly limit?: PageSizes;
  /**
   * What cursors are signed with; of several, the first signs and all are taken, so that one can be
   * replaced. In production it is needed. Elsewhere, without one, cursors end with the process.
   */
  readonly secret?:
    | CursorSecret
    | readonly CursorSecret[]
    | ((values: { readonly [K in keyof U]: ValueOf<U[K]> }) =>
        | CursorSecret
        | readonly CursorSecret[]);
  /** App-scoped dependencies that the secret is read from, such as the settings. */
  readonly use?: U;
  /** Whether the answer has a `Link` header, to the first, previous, next and last page. @default false */
  readonly links?: boolean;
  /** The database of columns that are written by hand. @default "postgresql" */
  readonly dialect?: Dialect;
  /** `"production"` asks for a secret. @default process.env.NODE_ENV */
  readonly environment?: string | undefined;
}

/** The columns of an order. */
export type ColumnsOf<By> = By extends { readonly order: SortOrder<infer C> }
  ? C
  : By extends readonly (infer O)[]
    ? ColumnOf<O>
    : never;

/** A page by cursor as a dependency. */
export type CursorPageDependency<By> = Dependency<
  [ColumnsOf<By>] extends [AnyColumn] ? CursorPage : PlainCursorPage,
  { limit?: number | undefined; cursor?: string | undefined } & (By extends {
    readonly "~w": infer W;
  }
    ? W
    : {}),
  never,
  never,
  HttpSource
>;

/**
 * Makes a dependency that reads `limit` and `cursor` from the query: pages that stay right while
 * rows come and go, and that cost the same wherever they are.
 *
 * A cursor is an opaque text. It is signed together with the order, the path and the rest of the
 * query, and goes with nothing else: what is not, or not for this, is refused with 422.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { column, cursorPage, cursorPageOf } from "martlet/db";
 * import { testClient } from "martlet/testing";
 * import { DatabaseSync } from "node:sqlite";
 * import { z } from "zod";
 *
 * const db = new DatabaseSync(":memory:");
 * db.exec("create table items (id integer primary key, name text)");
 * db.exec("insert into items (name) values ('ant'), ('bee'), ('cow')");
 *
 * const page = cursorPage({ by: [column("id", "integer", { unique: true })], dialect: "sqlite" });
 * const Item = z.object({ id: z.int(), name: z.string() });
 * const list = get("/items", { use: { page }, returns: cursorPageOf(Item) }, ({ page }) => {
 *   const { where, orderBy, values } = page.text();
 *   const query = `select id, name from items where ${where} order by ${orderBy} limit ${page.limit}`;
 *   return page.of(z.array(Item).parse(db.prepare(query).all(...(values as number[]))));
 * });
 *
 * const { api } = testClient(martlet({ list }));
 * const first = await api.list({ limit: 2 });
 * if (!first.ok || first.data.next === null) throw new Error("There is a second page.");
 * const second = await api.list({ limit: 2, cursor: first.data.next });
 * expect(second.ok && second.data.items).toEqual([{ id: 3, name: "cow" }]);
 * ```
 *
 * @throws Fault M031 at start, when the order may have ties or a column has none; M015 in
 * production, when there is no secret
 */
export function cursorPage<const By extends PageOrder, U extends Use = {}>(
  options: CursorPageOptions<By, U>,
): CursorPageDependency<By> {
  const { by, links = false } = options;
  const prepared = dependency(
    { use: options.use ?? {}, scope: "app", name: "cursorPage" },
    (values: object) => prepare(options, values),
  );
  const query = { limit: sizeModel(options.limit), cursor: cursorModel };
  const sorted: Use = "order" in by ? { sorted: by } : {};
  const use = { ...sorted, prepared, request, pageLinks };
  const value = dependency({ query, use, name: "cursorPage" }, (args: PageArguments) =>
    pageFor(args, links),
  );
  // The columns say whether Drizzle can be served, and `by` whether there is a `sort`.
  return value as unknown as CursorPageDependency<By>;
}

/** The model of a page by cursor. */
export type CursorPageModel<Item extends z.ZodType> = z.ZodObject<{
  readonly items: z.ZodArray<Item>;
  readonly next: z.ZodNullable<z.ZodString>;
  readonly previous: z.ZodNullable<z.ZodString>;
}>;

/**
 * Makes the model of a page by cursor, for `returns`.
 *
 * @example
 * ```ts
 * import { cursorPageOf } from "martlet/db";
 * import { z } from "zod";
 *
 * const Page = cursorPageOf(z.object({ name: z.string() }));
 * expect(Page.parse({ items: [{ name: "a" }], next: null, previous: null }).next).toBe(null);
 * ```
 */
export function cursorPageOf<Item extends z.ZodType>(item: Item): CursorPageModel<Item> {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe("The cursor of the next page; null at the end."),
    previous: z
      .string()
      .nullable()
      .describe("The cursor of the previous page; null at the beginning."),
  });
}

const cursorModel: z.ZodOptional<z.ZodString> = z
  .string()
  .max(maxCursor)
  .optional()
  .describe("Where the page begins: `next` or `previous` of another page.");

/** What pages of an application have in common. */
interface Prepared {
  readonly keys: readonly Key[];
  readonly dialect: Dialect;
  readonly drizzle: Drizzle | undefined;
  readonly secrets: readonly (string | Uint8Array)[];
}

async function prepare<U extends Use>(
  options: CursorPageOptions<PageOrder, U>,
  values: object,
): Promise<Prepared> {
  const { by, environment = process.env["NODE_ENV"] } = options;
  const orders = "order" in by ? sortable(by.order) : [by.map(orderingOf)];
  const orderings = orders.flat();
  const given = "order" in by ? by.order.dialect : options.dialect;
  const dialect = dialectOf(orderings, given);
  const drizzle = await drizzleFor(orderings);
  const [keys = [], ...others] = orders.map((order) => order.map((each) => keyOf(each, drizzle)));
  for (const each of [keys, ...others]) {
    refuseUnsorted(each);
    await refuseTies(each, { dialect, drizzle });
  }
  const secrets = secretsOf(secretOf(options, values), environment);
  return { keys, dialect, drizzle, secrets };
}

/** The least that one may sort by: each column alone, with what decides between equals. */
function sortable({ columns, last }: SortOrder): readonly (readonly Ordering[])[] {
  return Object.values(columns).map((each) => (last === undefined ? [each] : [each, last]));
}

function refuseUnsorted(keys: readonly Key[]): void {
  const unsorted = keys.find(({ shape }) => !shape.isOrdered);
  if (unsorted === undefined) return;
  const { name } = unsorted.shape;
  throw new Fault("M031", `MySQL sorts "${name}" by number, and compares it as text`, {
    hint: "Page by another column than an enumeration.",
  });
}

/** `values` is what the plan made of `use`, and so of the type that `secret` takes. */
function secretOf<U extends Use>(
  { secret }: CursorPageOptions<PageOrder, U>,
  values: object,
): CursorSecret | readonly CursorSecret[] | undefined {
  return typeof secret === "function" ? secret(values as never) : secret;
}

interface PageArguments {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly prepared: Prepared;
  readonly request: HttpSource;
  readonly pageLinks: WriteLinks;
  readonly sorted?: PlainSorting;
}

function pageFor(args: PageArguments, hasLinks: boolean): CursorPage | PlainCursorPage {
  const { limit, cursor, request, pageLinks, sorted } = args;
  const { dialect, drizzle, secrets } = args.prepared;
  const { keys } = sorted ?? args.prepared;
  const seal = { secrets, context: contextOf(request, keys) };
  const position = cursor === undefined ? undefined : opened(cursor, seal, keys);
  if (cursor !== undefined && position === undefined) throw refusal();
  const links = (to: PageLinks): void => pageLinks(["cursor"], to);
  const state: PageState = {
    keys,
    dialect,
    size: limit,
    position,
    seal,
    links: hasLinks ? links : undefined,
  };
  const fragments = fragmentsOf(state);
  const plain = plainPage(state, fragments);
  if (drizzle === undefined) return plain;
  const on = (table?: object): DrizzlePageSql => drizzlePage(fragments, inDrizzle(drizzle, table));
  return { ...plain, ...on(), on };
}

function drizzlePage(fragments: PageFragments, inWords: ToDrizzle): DrizzlePageSql {
  const { where, orderBy, position } = fragments;
  // The expression gives a text, whatever it is made of.
  const $position = inWords(position).as(positionName) as SQL.Aliased<string>;
  return { where: where && inWords(where), orderBy: orderBy.map(inWords), position: { $position } };
}

/** What a cursor belongs to: the order, the path, and all of the query that is not the page's own. */
function contextOf(request: HttpSource, keys: readonly Key[]): string {
  const order = keys.map(({ path, shape, isDescending, isNullable }) => [
    path.join("."),
    shape.type,
    isDescending,
    isNullable,
  ]);
  const query = [...request.query].filter(([name]) => name !== "cursor" && name !== "limit");
  const sorted = query.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([order, request.rootPath + request.path, sorted]);
}

function refusal(): InvalidInput {
  const message = "This is no cursor of this list, in this order and with these filters.";
  return new InvalidInput({ errors: [{ loc: ["query", "cursor"], code: "cursor", message }] });
}
