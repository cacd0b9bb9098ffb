/**
 * Operators of filters: what they are called, and the SQL that they stand for.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import { bound } from "./bound.ts";
import type { PageColumn } from "./column.ts";
import type { ColumnShape } from "./column-shape.ts";
import { type Fragment, joined } from "./fragment.ts";
import { instantText } from "./instant.ts";

/** Operators that compare a column with a value. */
export type Comparison = "eq" | "ne" | "gt" | "gte" | "lt" | "lte";
/** Operators that look for a column's value in a list. */
export type ListOperator = "in" | "notIn";
/** Operators that look into a text, in upper and lower case alike. */
export type TextOperator = "contains" | "startsWith" | "endsWith";
/** All operators. */
export type FilterOperator = Comparison | ListOperator | TextOperator | "isNull";

/** What is said of each operator in the document; `…` is the name of the column. */
export const operatorTexts: Readonly<Record<FilterOperator, string>> = {
  eq: "… is this.",
  ne: "… is not this.",
  gt: "… is more than this.",
  gte: "… is at least this.",
  lt: "… is less than this.",
  lte: "… is at most this.",
  in: "… is one of these.",
  notIn: "… is none of these.",
  contains: "… contains this, in upper or lower case.",
  startsWith: "… starts with this, in upper or lower case.",
  endsWith: "… ends with this, in upper or lower case.",
  isNull: "Whether … has no value.",
};

/** A column that may be filtered by. */
export interface Filterable {
  readonly column: PageColumn;
  readonly shape: ColumnShape;
}

/** What the parameter of an operator is: one value, a list, a text to look for, yes or no. */
export type OperatorKind = "one" | "list" | "text" | "truth";

/** What the parameter of an operator is. */
export function kindOf(operator: FilterOperator): OperatorKind {
  if (operator === "isNull") return "truth";
  if (operator === "in" || operator === "notIn") return "list";
  return operator in patterns ? "text" : "one";
}

/** The condition that an operator stands for. `value` is what the model of the operator gives. */
export function conditionOf(
  { column, shape }: Filterable,
  operator: FilterOperator,
  value: unknown,
  dialect: Dialect,
): Fragment {
  const one = (each: unknown): Fragment => valueOf(each, shape, dialect);
  const condition = ((): Fragment => {
    switch (kindOf(operator)) {
      case "truth":
        return [value === true ? " is null" : " is not null"];
      case "list":
        return [
          signs[operator] ?? "",
          "(",
          ...joined((value as readonly unknown[]).map(one), ", "),
          ")",
        ];
      case "text":
        return like(patterns[operator as TextOperator](escaped(String(value))), dialect);
      case "one":
        return [signs[operator] ?? "", ...one(value)];
    }
  })();
  const isNegative = operator === "ne" || operator === "notIn";
  if (!isNegative || !shape.isNullable) return [{ column }, ...condition];
  // What has no value is not this one either.
  return ["(", { column }, ...condition, " or ", { column }, " is null)"];
}

const signs: Readonly<Record<string, string>> = {
  eq: " = ",
  ne: " <> ",
  gt: " > ",
  gte: " >= ",
  lt: " < ",
  lte: " <= ",
  in: " in ",
  notIn: " not in ",
};

const patterns: Readonly<Record<TextOperator, (text: string) => string>> = {
  contains: (text) => `%${text}%`,
  startsWith: (text) => `${text}%`,
  endsWith: (text) => `%${text}`,
};

/** A text in which nothing stands for anything but itself. No dialect has a use of its own for `!`. */
function escaped(text: string): string {
  return text.replaceAll(/[!%_]/g, "!$&");
}

function valueOf(value: unknown, shape: ColumnShape, dialect: Dialect): Fragment {
  const text = shape.textOf(value);
  const exact = shape.type === "timestamp" ? instantText(text, dialect) : text;
  return bound(exact, shape.type, dialect);
}

/** MySQL and SQLite compare in upper and lower case alike by themselves. */
function like(pattern: string, dialect: Dialect): Fragment {
  const operator = dialect === "postgresql" ? " ilike " : " like ";
  return [operator, { value: pattern }, " escape '!'"];
}
