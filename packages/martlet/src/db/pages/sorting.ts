/**
 * Sorting by request: a list of names in the query, each of a column that may be sorted by.
 *
 * @module
 */
import type { AnyColumn, SQL } from "drizzle-orm";
import * as z from "zod";
import { dependency, type Dependency, Fault, type HttpSource } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import type { PageColumn } from "./column.ts";
import { joined, type TemplateTag, tagged, written } from "./fragment.ts";
import { dialectOf, type Drizzle, drizzleFor, keyOf } from "./keys.ts";
import { type Key, namesOf, orderTerms } from "./keyset.ts";
import { inDrizzle } from "./order-sql.ts";
import { type ColumnOf, type Ordered, type Ordering, orderingOf } from "./ordering.ts";

/** A name to sort by; with a minus before it, the greatest first. */
export type Sort<Name extends string = string> = Name | `-${Name}`;

/** What {@link sorting} is told. */
export interface SortingOptions<Name extends string> {
  /** How rows are sorted for those who say nothing. */
  readonly default: Sort<Name> | readonly Sort<Name>[];
  /** By how many names one may sort at the most. @default 3 */
  readonly max?: number;
  /**
   * What decides between rows that are equal in all that is asked for, in the direction of the last
   * name. Pages by cursor need a unique column here.
   */
  readonly last?: Ordered;
  /** The database of columns that are written by hand. @default "postgresql" */
  readonly dialect?: Dialect;
}

/** How the rows of a request are sorted, in a query that is written by hand or by any library. */
export interface PlainSorting<Name extends string = string> {
  /** The names that are sorted by: `["-created", "price"]`. */
  readonly sort: readonly Sort<Name>[];
  /** All terms of the order as text, without `order by`. */
  readonly text: () => string;
  /** The same as a tag of template literals makes it. */
  readonly in: <T>(tag: TemplateTag<T>) => T;
  /** The columns, for a page by cursor. */
  readonly keys: readonly Key[];
}

/** How the rows of a request are sorted. */
export interface Sorting<Name extends string = string> extends PlainSorting<Name> {
  readonly orderBy: SQL[];
  /** The same for a table under another name: that of `alias(…)`, or of a relational query. */
  readonly on: (table: object) => SQL[];
}

/** The columns that may be sorted by. */
export interface SortOrder<C extends PageColumn = PageColumn> {
  readonly columns: Readonly<Record<string, Ordering<C>>>;
  readonly last: Ordering | undefined;
  readonly dialect: Dialect | undefined;
}

type SortingValue<Name extends string, C> = [C] extends [AnyColumn]
  ? Sorting<Name>
  : PlainSorting<Name>;

/** Sorting as a dependency, which {@link cursorPage} may go by. */
export type SortingDependency<
  Name extends string = string,
  C extends PageColumn = PageColumn,
> = Dependency<
  SortingValue<Name, C>,
  { sort?: readonly Sort<Name>[] | undefined },
  never,
  never,
  HttpSource
> & { readonly order: SortOrder<C> };

/**
 * Makes a dependency that reads `sort` from the query: names of columns, the most important first,
 * each with a minus for the greatest first. `?sort=-created,price` and `?sort=-created&sort=price`
 * are the same.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { column, sorting } from "martlet/db";
 * import { testClient } from "martlet/testing";
 *
 * const sort = sorting(
 *   { created: column("created_at", "timestamp"), price: column("price", "decimal") },
 *   { default: "-created", last: column("id", "integer", { unique: true }) },
 * );
 * const list = get("/items", { use: { sort } }, ({ sort }) => sort.text());
 * const client = testClient(martlet({ list }));
 * expect(await (await client.get("/items?sort=price")).json()).toBe('"price" asc, "id" asc');
 * expect(await (await client.get("/items")).json()).toBe('"created_at" desc, "id" desc');
 * expect((await client.get("/items?sort=colour")).status).toBe(422);
 * ```
 *
 * @throws Fault M031 when a column has no order
 */
export function sorting<Columns extends Readonly<Record<string, Ordered>>>(
  columns: Columns,
  options: SortingOptions<keyof Columns & string>,
): SortingDependency<keyof Columns & string, ColumnOf<Columns[keyof Columns]>> {
  const order = orderOf(columns, options);
  const orderings = [...Object.values(order.columns), ...(order.last ? [order.last] : [])];
  const dialect = dialectOf(orderings, options.dialect);
  const prepared = dependency({ scope: "app", name: "sorting" }, async () => {
    const drizzle = await drizzleFor(orderings);
    return { drizzle, dialect, keys: keysOf(order, drizzle) };
  });
  const value = dependency(
    {
      query: { sort: sortModel(Object.keys(columns), options) },
      use: { prepared },
      name: "sorting",
    },
    ({ sort, prepared }) => sortingValue(sort, prepared),
  );
  // The names are those of the columns, and the columns say whether Drizzle can be served.
  return Object.assign(value, { order }) as unknown as ReturnType<typeof sorting<Columns>>;
}

function orderOf(
  columns: Readonly<Record<string, Ordered>>,
  { last, dialect }: Pick<SortingOptions<string>, "last" | "dialect">,
): SortOrder {
  return {
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, each]) => [name, orderingOf(each)]),
    ),
    last: last && orderingOf(last),
    dialect,
  };
}

interface Keys {
  readonly named: ReadonlyMap<string, Key>;
  readonly last: Key | undefined;
}

function keysOf({ columns, last }: SortOrder, drizzle: Drizzle | undefined): Keys {
  const named = Object.entries(columns).map(
    ([name, each]) => [name, keyOf(each, drizzle)] as const,
  );
  return { named: new Map(named), last: last && keyOf(last, drizzle) };
}

/** The model of the parameter `sort`. A list may come as one text with commas too. */
function sortModel(
  names: readonly string[],
  { default: usual, max = 3 }: Pick<SortingOptions<string>, "default" | "max">,
): z.ZodType<readonly string[]> {
  const wrong = names.find((name) => !/^[^-,\s][^,\s]*$/.test(name));
  if (names.length === 0 || wrong !== undefined) {
    throw new Fault("M031", `"${wrong ?? ""}" is no name to sort by`, {
      hint: "Give names without commas and blanks that do not begin with a minus.",
    });
  }
  const ordinary = typeof usual === "string" ? [usual] : [...usual];
  const sorts = names.flatMap((name) => [name, `-${name}`]);
  // Beside one name it takes several with commas, of which clients that are made of the document need not know.
  const one = z.string().meta({ enum: sorts });
  const many = z.array(z.enum(sorts)).max(max).refine(isDistinct, "This names a column twice.");
  return z
    .array(one)
    .max(max)
    .default(ordinary)
    .describe("What to sort by, the most important first; - before a name for the greatest first.")
    .transform((texts) => texts.flatMap((text) => text.split(",")))
    .pipe(many);
}

function isDistinct(sorts: readonly string[]): boolean {
  return new Set(sorts.map(nameOf)).size === sorts.length;
}

function nameOf(sort: string): string {
  return sort.replace(/^-/, "");
}

interface Prepared {
  readonly drizzle: Drizzle | undefined;
  readonly dialect: Dialect;
  readonly keys: Keys;
}

function sortingValue(
  sort: readonly string[],
  { drizzle, dialect, keys: { named, last } }: Prepared,
): PlainSorting | Sorting {
  const asked = sort.flatMap((each): readonly Key[] => {
    const key = named.get(nameOf(each));
    // Minus turns around what was declared.
    return key ? [{ ...key, isDescending: key.isDescending !== each.startsWith("-") }] : [];
  });
  const isDescending = asked.at(-1)?.isDescending ?? false;
  const isAsked = asked.some(({ column }) => column === last?.column);
  const keys = last === undefined || isAsked ? asked : [...asked, { ...last, isDescending }];
  const terms = orderTerms(keys, { dialect, forward: true });
  const whole = joined(terms, ", ");
  const names = namesOf(keys, dialect);
  const plain: PlainSorting = {
    sort,
    keys,
    text: () => written(whole, { dialect, names, start: 1 }).text,
    in: (tag) => tagged(whole, tag, names),
  };
  if (drizzle === undefined) return plain;
  const on = (table?: object): SQL[] => terms.map(inDrizzle(drizzle, table));
  return { ...plain, orderBy: on(), on };
}
