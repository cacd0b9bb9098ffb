/**
 * Columns that pages are ordered and filtered by: those of Drizzle's tables, and those of queries
 * that are written by hand.
 *
 * @module
 */
import type { AnyColumn } from "drizzle-orm";
import { Fault } from "../../index.ts";
import { isPrivate } from "../models/private-mark.ts";
import {
  bits,
  type ColumnShape,
  isWhole,
  type PlainValues,
  type ProgramType,
} from "./column-shape.ts";
import { drizzleShape } from "./drizzle-column.ts";

/** A column: Drizzle's, or one that {@link column} names. */
export type PageColumn = AnyColumn | PlainColumn;

/** What the values of a column can be that is written by hand. */
export type PlainType = keyof PlainValues;

/** A column of a query that is written by hand. */
export interface PlainColumn<T extends PlainType = PlainType> {
  /** As SQL names it, with its table if there are several: `"articles.created_at"`. */
  readonly name: string;
  readonly type: T;
  /** What it is called in the rows. */
  readonly property: string;
  readonly isNullable: boolean;
  readonly isUnique: boolean;
  /** Characters at the most, of text. */
  readonly length: number | undefined;
}

/** What is told of a column beside its name and type. */
export interface ColumnOptions {
  /** What it is called in the rows. @default the last part of its name */
  readonly property?: string;
  /** Whether it may be null. @default false */
  readonly nullable?: boolean;
  /** Whether no two rows of the query have the same value. @default false */
  readonly unique?: boolean;
  /** Characters at the most, of text. */
  readonly length?: number;
}

/**
 * Names a column for pages, filters and orders without Drizzle.
 *
 * @example
 * ```ts
 * import { column } from "martlet/db";
 *
 * const created = column("articles.created_at", "timestamp");
 * expect(created.property).toBe("created_at");
 * ```
 */
export function column<T extends PlainType>(
  name: string,
  type: T,
  options: ColumnOptions = {},
): PlainColumn<T> {
  const { property = name.split(".").at(-1) ?? name, length } = options;
  const { nullable: isNullable = false, unique: isUnique = false } = options;
  return { name, type, property, isNullable, isUnique, length };
}

/** Whether a column is Drizzle's. */
export function isDrizzle(column: PageColumn): column is AnyColumn {
  return "getSQL" in column;
}

/** Looks at a column; throws M031 for one that nothing can, or may, be ordered or filtered by. */
export function shapeOf(column: PageColumn): ColumnShape {
  if (!isDrizzle(column)) return plainShape(column);
  if (isPrivate(column)) {
    throw new Fault(
      "M031",
      `"${column.name}" is private, and the order or what is found would tell it`,
      {
        hint: "Name another column, or do not mark this one as private.",
      },
    );
  }
  const shape = drizzleShape(column);
  if (shape !== undefined) return shape;
  throw new Fault("M031", `The values of "${column.name}" cannot be compared`, {
    hint: "Name a column of numbers, texts, dates or truths.",
  });
}

function plainShape({ name, type, isNullable, isUnique, length }: PlainColumn): ColumnShape {
  return {
    name,
    type,
    data: programTypes[type],
    dialect: undefined,
    isNullable,
    isUnique,
    isOrdered: true,
    length,
    values: undefined,
    range: type === "integer" ? bits(54) : type === "bigint" ? bits(64) : undefined,
    textOf,
    exact: (value) => (isWhole(value, type) ? textOf(value) : undefined),
  };
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

const programTypes: Readonly<Record<PlainType, ProgramType>> = {
  integer: "number",
  bigint: "bigint",
  float: "number",
  decimal: "string",
  boolean: "boolean",
  text: "string",
  uuid: "string",
  date: "string",
  time: "string",
  timestamp: "date",
};
