/**
 * Pages by offset: so many rows, after so many others.
 *
 * @module
 */
import * as z from "zod";
import { dependency, type Dependency, type HttpSource } from "../../index.ts";
import { type PageLinks, pageLinks } from "./links.ts";
import { type PageSizes, sizeModel } from "./page-size.ts";

/** What {@link offsetPage} is told. */
export interface OffsetPageOptions {
  /** How many rows a page has. */
  readonly limit?: PageSizes;
  /**
   * How far into a list a client may go. The database reads and drops all rows before a page, so a
   * deep one costs as much as all before it together.
   */
  readonly offset?: {
    /** @default 10000 */
    readonly max?: number;
  };
  /** Whether the answer has a `Link` header, to the first, previous, next and last page. @default false */
  readonly links?: boolean;
}

/** A page by offset, as an answer tells it. */
export interface PageOf<Item> {
  readonly items: Item[];
  /** How many there are on all pages. */
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

/** The page that a request asks for. */
export interface OffsetPage {
  /** How many rows to read. */
  readonly limit: number;
  /** How many rows to leave out before them. */
  readonly offset: number;
  /** Makes the answer of its rows, and of how many there are on all pages. */
  readonly of: <Item>(items: readonly Item[], total: number) => PageOf<Item>;
}

/** The model of a page by offset. */
export type PageModel<Item extends z.ZodType> = z.ZodObject<{
  readonly items: z.ZodArray<Item>;
  readonly total: z.ZodInt;
  readonly limit: z.ZodInt;
  readonly offset: z.ZodInt;
}>;

/**
 * Makes a dependency that reads `limit` and `offset` from the query.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { offsetPage, pageOf } from "martlet/db";
 * import { testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const words = ["ant", "bee", "cow", "dog"];
 * const page = offsetPage({ limit: { default: 2 } });
 * const list = get("/words", { use: { page }, returns: pageOf(z.string()) }, ({ page }) =>
 *   page.of(words.slice(page.offset, page.offset + page.limit), words.length),
 * );
 * const client = testClient(martlet({ list }));
 * expect(await (await client.get("/words?offset=2")).json()).toEqual({
 *   items: ["cow", "dog"],
 *   total: 4,
 *   limit: 2,
 *   offset: 2,
 * });
 * ```
 */
export function offsetPage(
  options: OffsetPageOptions = {},
): Dependency<
  OffsetPage,
  { limit?: number | undefined; offset?: number | undefined },
  never,
  never,
  HttpSource
> {
  const { offset: { max = 10_000 } = {}, links = false } = options;
  const query = {
    limit: sizeModel(options.limit),
    offset: z.int().min(0).max(max).default(0).describe("How many items to leave out before them."),
  };
  return dependency(
    { query, use: { pageLinks }, name: "offsetPage" },
    ({ limit, offset, pageLinks }): OffsetPage => ({
      limit,
      offset,
      of: (items, total) => {
        if (links) pageLinks(["limit", "offset"], linksOf({ limit, offset, total, max }));
        return { items: [...items], total, limit, offset };
      },
    }),
  );
}

/**
 * Makes the model of a page by offset, for `returns`.
 *
 * @example
 * ```ts
 * import { pageOf } from "martlet/db";
 * import { z } from "zod";
 *
 * const Page = pageOf(z.object({ name: z.string() }));
 * expect(Page.parse({ items: [{ name: "a" }], total: 1, limit: 20, offset: 0 }).total).toBe(1);
 * ```
 */
export function pageOf<Item extends z.ZodType>(item: Item): PageModel<Item> {
  return z.object({
    items: z.array(item),
    total: z.int().min(0).describe("How many items there are on all pages."),
    limit: z.int().min(1),
    offset: z.int().min(0),
  });
}

/** Where one is in a list. */
interface OffsetPlace {
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
  /** The largest offset. */
  readonly max: number;
}

function linksOf({ limit, offset, total, max }: OffsetPlace): PageLinks {
  const to = (at: number): PageLinks["first"] => (at > max ? undefined : { limit, offset: at });
  const last = Math.max(0, Math.ceil(total / limit) - 1) * limit;
  // Who is beyond the end goes back to where there is something.
  const before = offset > last ? last : Math.max(0, offset - limit);
  return {
    first: to(0),
    prev: offset === 0 ? undefined : to(before),
    next: offset + limit < total ? to(offset + limit) : undefined,
    last: to(last),
  };
}
