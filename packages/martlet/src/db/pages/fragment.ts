/**
 * Fragments of SQL: text, columns and values apart, until it is known who will run them.
 *
 * @module
 */
import type { SQL } from "drizzle-orm";
import type { Dialect } from "../driver.ts";
import type { PageColumn } from "./column.ts";

/** What is bound to a statement. */
export type BoundValue = string | number | bigint | boolean;

/** A piece of SQL: text, a column, or a value to bind. */
type Part = string | { readonly column: PageColumn } | { readonly value: BoundValue };

/** Pieces of SQL in order. */
export type Fragment = readonly Part[];

/**
 * A tag of template literals that makes SQL: `fragment` of `martlet/db`, `sql` of Kysely, or any other
 * with the same contract.
 */
export type TemplateTag<T> = (strings: TemplateStringsArray, ...values: BoundValue[]) => T;

/** SQL with placeholders, and what stands for them. */
export interface SqlText {
  readonly text: string;
  readonly values: readonly BoundValue[];
}

/** Drizzle's tag, which takes columns too. */
export type DrizzleTag = (strings: TemplateStringsArray, ...values: unknown[]) => SQL;

/** Puts fragments in a row with something between. */
export function joined(fragments: readonly Fragment[], between: string): Fragment {
  return fragments.flatMap((each, index) => (index === 0 ? each : [between, ...each]));
}

/** The fragment as a tag makes it; columns are named in the text. */
export function tagged<T>(fragment: Fragment, tag: TemplateTag<T>, names: ColumnNames): T {
  return called<T, never>(fragment, tag, names);
}

/** The fragment for Drizzle, which names columns itself. `columnOf` may put another in a column's place. */
export function drizzled(
  fragment: Fragment,
  tag: DrizzleTag,
  columnOf: (column: PageColumn) => PageColumn = (column) => column,
): SQL {
  return called<SQL, unknown>(fragment, tag, (column) => ({ value: columnOf(column) }));
}

/** How a fragment is written. */
export interface Writing {
  readonly dialect: Dialect;
  readonly names: ColumnNames;
  /** The number of PostgreSQL's first placeholder. */
  readonly start: number;
}

/** The fragment as text with placeholders. */
export function written(fragment: Fragment, { dialect, names, start }: Writing): SqlText {
  const values: BoundValue[] = [];
  const text = fragment.map((part) => {
    if (typeof part === "string") return part;
    if ("column" in part) return names(part.column);
    values.push(part.value);
    return dialect === "postgresql" ? `$${start + values.length - 1}` : "?";
  });
  return { text: text.join(""), values };
}

/** What a column is called in SQL, quoted. */
export type ColumnNames = (column: PageColumn) => string;

function called<T, V>(
  fragment: Fragment,
  tag: (strings: TemplateStringsArray, ...values: (V | BoundValue)[]) => T,
  place: (column: PageColumn) => string | { readonly value: V },
): T {
  const strings = [""];
  const values: (V | BoundValue)[] = [];
  for (const part of fragment) {
    const placed = typeof part === "object" && "column" in part ? place(part.column) : part;
    if (typeof placed === "string") strings[strings.length - 1] += placed;
    else {
      values.push(placed.value);
      strings.push("");
    }
  }
  return tag(Object.assign([...strings], { raw: strings }), ...values);
}
