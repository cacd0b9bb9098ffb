/**
 * Columns of Drizzle's tables, looked at. Nothing of Drizzle is loaded for it.
 *
 * @module
 */
import type { AnyColumn } from "drizzle-orm";
import type { Dialect } from "../driver.ts";
import {
  bits,
  type ColumnShape,
  isWhole,
  type ProgramType,
  type ValueType,
} from "./column-shape.ts";

/** The shape of a column; `undefined` for one whose values have no order. */
export function drizzleShape(column: AnyColumn): ColumnShape | undefined {
  const dialect = dialectOf(column);
  const [data, constraint = ""] = column.dataType.split(" ");
  const type = dialect && typeOf(column, data ?? "", constraint);
  if (dialect === undefined || type === undefined) return undefined;
  const textOf = (value: unknown): string => String(column.mapToDriverValue(value));
  return {
    name: column.name,
    type,
    data: data === "object" ? "date" : (data as ProgramType),
    dialect,
    isNullable: !column.notNull,
    isUnique: column.primary || column.isUnique,
    isOrdered: !(dialect === "mysql" && type === "enum"),
    length: column.length,
    values: constraint === "enum" ? column.enumValues : undefined,
    range: rangeOf(constraint),
    textOf,
    exact: (value) => (isExact(column, value, type) ? textOf(value) : undefined),
  };
}

const dialects: Readonly<Record<string, Dialect>> = {
  Pg: "postgresql",
  MySql: "mysql",
  SQLite: "sqlite",
};

function dialectOf({ columnType }: AnyColumn): Dialect | undefined {
  const name = Object.keys(dialects).find((each) => columnType.startsWith(each));
  return name === undefined ? undefined : dialects[name];
}

/** Types by what Drizzle calls the data of a column, and by the constraint on them. */
const types: Readonly<Record<string, ValueType>> = {
  "number float": "float",
  "number ufloat": "float",
  "number double": "float",
  "number udouble": "float",
  "number unsigned": "decimal",
  "string numeric": "decimal",
  "string unumeric": "decimal",
  "string int64": "bigint",
  "string uint64": "bigint",
  "string uuid": "uuid",
  "string date": "date",
  "string time": "time",
  "string timestamp": "timestamp",
  "string datetime": "timestamp",
  "string inet": "other",
  "string cidr": "other",
  "string macaddr": "other",
  "string macaddr8": "other",
  "string interval": "other",
  boolean: "boolean",
  string: "text",
};

/** Columns that are not what their data say. */
const columnTypes: Readonly<Record<string, ValueType | "none">> = {
  PgDate: "date",
  PgTimestamp: "timestamp",
  MySqlDate: "date",
  MySqlDateTime: "timestamp",
  MySqlTimestamp: "timestamp",
  // Seconds or milliseconds, which the column makes of a date.
  SQLiteTimestamp: "integer",
  SQLiteNumericNumber: "float",
  PgNumericNumber: "decimal",
  MySqlDecimalNumber: "decimal",
  PgEnumColumn: "enum",
  PgEnumObjectColumn: "enum",
  MySqlEnumColumn: "enum",
  MySqlEnumObjectColumn: "enum",
  MySqlBlob: "none",
  SQLiteBigInt: "none",
};

function typeOf({ columnType, dataType }: AnyColumn, data: string, constraint: string) {
  const known = columnTypes[columnType] ?? types[dataType];
  if (known !== undefined) return known === "none" ? undefined : known;
  if (constraint === "enum") return "text";
  if (data === "bigint") return "bigint";
  return data === "number" && /^(?:u?int\d+|year)$/.test(constraint) ? "integer" : undefined;
}

function rangeOf(constraint: string): ColumnShape["range"] {
  const [, unsigned, count] = /^(u?)int(\d+)$/.exec(constraint) ?? [];
  if (constraint === "year") return [1901n, 2155n];
  if (count === undefined) return undefined;
  // What a number of JavaScript can hold is no power of two of its own.
  if (count === "53") return [unsigned === "u" ? 0n : -maxSafe, maxSafe];
  return bits(Number(count), unsigned === "u");
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** Whether a row's own value has all that the database has. */
function isExact(column: AnyColumn, value: unknown, type: ValueType): boolean {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return false;
    return type !== "timestamp" || (digitsOf(column) ?? 9) <= 3;
  }
  // The server rounds what it tells of these.
  return column.columnType !== "MySqlFloat" && isWhole(value, type);
}

/** The digits of a second's fraction. MySQL keeps none unless told to, PostgreSQL six. */
function digitsOf(column: AnyColumn): number | undefined {
  const { precision, fsp } = column as { readonly precision?: number; readonly fsp?: number };
  return column.columnType.startsWith("MySql") ? (fsp ?? 0) : precision;
}
