/**
 * Pages by cursor, as a handler gets them: the SQL of a page, and the answer of its rows.
 *
 * @module
 */
import { quoted } from "../names.ts";
import type { SQL } from "drizzle-orm";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { type CursorSeal, maxCursor, sealed } from "./cursor.ts";
import {
  type BoundValue,
  type Fragment,
  joined,
  type TemplateTag,
  tagged,
  written,
} from "./fragment.ts";
import {
  beyond,
  isForward,
  type Key,
  namesOf,
  orderTerms,
  type Position,
  positionList,
} from "./keyset.ts";
import type { PageLinks } from "./links.ts";
import { positionName, shown, type Shown, textsOf } from "./row-position.ts";

/** A page by cursor, as an answer tells it. */
export interface CursorPageOf<Item> {
  readonly items: Item[];
  /** The cursor of what comes after; null at the end. */
  readonly next: string | null;
  /** The cursor of what comes before; null at the beginning. */
  readonly previous: string | null;
}

/** The SQL of a page in the words of a library. */
export interface PageSql<T> {
  /** What the rows of the page fulfil, beside conditions of your own. */
  readonly where: T;
  /** All terms of the order, in one. */
  readonly orderBy: T;
  /** The exact place of each row, to be selected as `$position`. */
  readonly position: T;
}

/** The SQL of a page as text. */
export interface PageText {
  /** A condition; one that is always fulfilled on the first page. */
  readonly where: string;
  /** All terms of the order, without `order by`. */
  readonly orderBy: string;
  /** The exact place of each row, under the name `$position`, to be selected. */
  readonly position: string;
  /** What stands for the placeholders of `where`. */
  readonly values: readonly BoundValue[];
}

/** The page that a request asks for, in a query that is written by hand or by any library. */
export interface PlainCursorPage {
  /** How many rows the page has at the most. */
  readonly size: number;
  /** How many rows to read: one more than the page has, to know whether others follow. */
  readonly limit: number;
  /**
   * The SQL as text. The first placeholder of PostgreSQL is `$<start>`.
   *
   * @default start 1
   */
  readonly text: (start?: number) => PageText;
  /** The SQL as a tag of template literals makes it: `page.in(sql<boolean>)` for Kysely. */
  readonly in: <T>(tag: TemplateTag<T>) => PageSql<T>;
  /** Makes the answer of the rows that were read, in the order that they came. */
  readonly of: <Row extends object>(rows: readonly Row[]) => CursorPageOf<Shown<Row>>;
}

/** The SQL of a page for Drizzle. */
export interface DrizzlePageSql {
  /** What the rows of the page fulfil, beside conditions of your own; `undefined` on the first page. */
  readonly where: SQL | undefined;
  readonly orderBy: SQL[];
  /** The exact place of each row, to be selected beside the columns. */
  readonly position: { readonly $position: SQL.Aliased<string> };
}

/** The page that a request asks for. */
export interface CursorPage extends PlainCursorPage, DrizzlePageSql {
  /** The same for a table under another name: that of `alias(…)`, or of a relational query. */
  readonly on: (table: object) => DrizzlePageSql;
}

/** What a page is made of. */
export interface PageState {
  readonly keys: readonly Key[];
  readonly dialect: Dialect;
  readonly size: number;
  /** Where the page begins; `undefined` for the first. */
  readonly position: Position | undefined;
  readonly seal: CursorSeal;
  readonly links: ((links: PageLinks) => void) | undefined;
}

/** The fragments of a page. */
export interface PageFragments {
  readonly where: Fragment | undefined;
  readonly orderBy: readonly Fragment[];
  readonly position: Fragment;
}

/** The fragments of a page, for whoever puts them into words. */
export function fragmentsOf({ keys, dialect, position }: PageState): PageFragments {
  const forward = position === undefined || isForward(position);
  return {
    where: position && beyond(keys, position, dialect),
    orderBy: orderTerms(keys, { dialect, forward }),
    position: positionList(keys, dialect),
  };
}

/** Makes a page of its state. */
export function plainPage(state: PageState, fragments: PageFragments): PlainCursorPage {
  const { keys, dialect, size } = state;
  const names = namesOf(keys, dialect);
  const { where = ["1 = 1"], position } = fragments;
  const orderBy = joined(fragments.orderBy, ", ");
  return {
    size,
    limit: size + 1,
    text: (start = 1) => {
      const condition = written(where, { dialect, names, start });
      const place = written(position, { dialect, names, start }).text;
      return {
        where: condition.text,
        orderBy: written(orderBy, { dialect, names, start }).text,
        position: `${place} as ${quoted(positionName, dialect)}`,
        values: condition.values,
      };
    },
    in: (tag) => ({
      where: tagged(where, tag, names),
      orderBy: tagged(orderBy, tag, names),
      position: tagged(position, tag, names),
    }),
    of: (rows) => answerOf(state, rows),
  };
}

function answerOf<Row extends object>(
  state: PageState,
  rows: readonly Row[],
): CursorPageOf<Shown<Row>> {
  const { position, size, links } = state;
  const hasMore = rows.length > size;
  const cut = rows.slice(0, size);
  const forward = position === undefined || isForward(position);
  const page = forward ? cut : cut.toReversed();
  const [first, last] = [page[0], page.at(-1)].map((row) => row && textsOf(row, state.keys));
  const isEnd = position !== undefined && position.values.length === 0;
  const next = (forward ? hasMore : !isEnd) ? neighbour(state, last, ">") : null;
  const previous = (forward ? position !== undefined : hasMore)
    ? neighbour(state, first, "<")
    : null;
  links?.({
    first: {},
    prev: previous === null ? undefined : { cursor: previous },
    next: next === null ? undefined : { cursor: next },
    last: { cursor: sealed({ relation: "<", values: [] }, state.seal) },
  });
  return { items: page.map(shown), next, previous };
}

/** The cursor of what is beyond a row; of where one came from, if there is no row. */
function neighbour(
  { position, seal }: PageState,
  row: Position["values"] | undefined,
  relation: ">" | "<",
): string | null {
  if (row !== undefined) return short(sealed({ relation, values: row }, seal));
  // The page is empty: on its other side is what one came from, that place itself included.
  const values = position?.values ?? [];
  return values.length === 0 ? null : sealed({ relation: `${relation}=`, values }, seal);
}

function short(cursor: string): string {
  if (cursor.length <= maxCursor) return cursor;
  throw new Fault("M031", `A cursor has ${cursor.length} characters, more than a URL can hold`, {
    hint: "Order by columns whose texts are short, and bound them in the model that they come from.",
  });
}
