/**
 * Shapes of columns: what pages, filters and orders need to know of a column, whoever declares it.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";

/** What the values of a column are to the database. `other` has an order and a text, and no more. */
export type ValueType =
  | "integer"
  | "bigint"
  | "float"
  | "decimal"
  | "boolean"
  | "text"
  | "enum"
  | "uuid"
  | "date"
  | "time"
  | "timestamp"
  | "other";

/** What the values of a column are in the program. */
export type ProgramType = "number" | "bigint" | "boolean" | "string" | "date";

/** What the values of a column are in the program that is written by hand. */
export interface PlainValues {
  integer: number;
  bigint: bigint;
  float: number;
  decimal: string;
  boolean: boolean;
  text: string;
  uuid: string;
  date: string;
  time: string;
  timestamp: Date;
}

/** What is known of a column. */
export interface ColumnShape {
  /** For messages. */
  readonly name: string;
  readonly type: ValueType;
  readonly data: ProgramType;
  /** `undefined` for a column that is written by hand, which is of any. */
  readonly dialect: Dialect | undefined;
  readonly isNullable: boolean;
  readonly isUnique: boolean;
  /** Whether the database sorts its values as it compares them. */
  readonly isOrdered: boolean;
  /** Characters at the most. */
  readonly length: number | undefined;
  /** The values there are, of an enumeration. */
  readonly values: readonly string[] | undefined;
  /** The least and the most, of whole numbers. */
  readonly range: readonly [bigint, bigint] | undefined;
  /** The text of a value of the program, as the database reads it. */
  readonly textOf: (value: unknown) => string;
  /** The same, or `undefined` where the program's value may have less than the database's. */
  readonly exact: (value: unknown) => string | undefined;
}

/** A whole number of so many bits. */
export function bits(count: number, isUnsigned = false): readonly [bigint, bigint] {
  const size = 1n << BigInt(isUnsigned ? count : count - 1);
  return [isUnsigned ? 0n : -size, size - 1n];
}

/** Whether a value is all that the database has. A date of JavaScript may have lost digits. */
export function isWhole(value: unknown, type: ValueType): boolean {
  if (typeof value === "number") {
    return type === "float" || (type !== "decimal" && Number.isSafeInteger(value));
  }
  return typeof value === "string" || typeof value === "bigint" || typeof value === "boolean";
}
