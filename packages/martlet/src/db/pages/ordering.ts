/**
 * Orderings: columns with the direction that rows are sorted by.
 *
 * @module
 */
import type { PageColumn } from "./column.ts";

/** A column with the direction that rows are sorted by. */
export interface Ordering<C extends PageColumn = PageColumn> extends OrderingOptions {
  readonly column: C;
  readonly isDescending: boolean;
}

/** What is told of a column that rows are sorted by, where its table says otherwise or nothing. */
export interface OrderingOptions {
  /**
   * Whether it may be null in the rows: that of an outer join may. Nulls come last, in both
   * directions.
   *
   * @default what the column says
   */
  readonly nullable?: boolean | undefined;
  /** Whether no two rows have the same value. @default what the column says */
  readonly unique?: boolean | undefined;
}

/** A column to sort by, ascending unless it says otherwise. */
export type Ordered<C extends PageColumn = PageColumn> = C | Ordering<C>;

/** The column of what is sorted by. */
export type ColumnOf<O> = O extends Ordering<infer C> ? C : O;

/**
 * Sorts rows by a column, the least first.
 *
 * @example
 * ```ts
 * import { ascending, column } from "martlet/db";
 *
 * const byName = ascending(column("name", "text"), { nullable: true });
 * expect(byName.isDescending).toBe(false);
 * ```
 */
export function ascending<C extends PageColumn>(
  column: C,
  options: OrderingOptions = {},
): Ordering<C> {
  return { ...options, column, isDescending: false };
}

/**
 * Sorts rows by a column, the greatest first.
 *
 * @example
 * ```ts
 * import { column, descending } from "martlet/db";
 *
 * const newest = descending(column("created_at", "timestamp"));
 * expect(newest.isDescending).toBe(true);
 * ```
 */
export function descending<C extends PageColumn>(
  column: C,
  options: OrderingOptions = {},
): Ordering<C> {
  return { ...options, column, isDescending: true };
}

/** What is to be sorted by, with its direction. */
export function orderingOf<C extends PageColumn>(ordered: Ordered<C>): Ordering<C> {
  return "isDescending" in ordered ? ordered : ascending(ordered);
}
