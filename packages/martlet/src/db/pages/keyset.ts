/**
 * Keysets: the SQL of an order, and of what comes before or after a place in it.
 *
 * @module
 */
import { quotedPath } from "../names.ts";
import type { Dialect } from "../driver.ts";
import { bound } from "./bound.ts";
import type { PageColumn } from "./column.ts";
import type { ColumnShape } from "./column-shape.ts";
import { type ColumnNames, type Fragment, joined } from "./fragment.ts";

/** A column of an order, with all that is known of it. */
export interface Key {
  readonly column: PageColumn;
  readonly shape: ColumnShape;
  /** Its name in SQL, part by part. */
  readonly path: readonly string[];
  /** What it is called in the rows. */
  readonly property: string;
  readonly isDescending: boolean;
  /** Nulls come last, in both directions. */
  readonly isNullable: boolean;
  readonly isUnique: boolean;
}

/** Where a page begins, seen along the order: beyond a row, or with it, forwards or backwards. */
export type Relation = ">" | ">=" | "<" | "<=";

/** A place in an order. */
export interface Position {
  readonly relation: Relation;
  /** The texts of a row's keys. Without any, `<` is the end. */
  readonly values: readonly (string | null)[];
}

/** Whether one goes on in the order, not back. */
export function isForward({ relation }: Pick<Position, "relation">): boolean {
  return relation.startsWith(">");
}

/** The terms of `ORDER BY`. */
export function orderTerms(
  keys: readonly Key[],
  { dialect, forward }: { readonly dialect: Dialect; readonly forward: boolean },
): readonly Fragment[] {
  return keys.flatMap((key): readonly Fragment[] => {
    const term: Fragment = [
      { column: key.column },
      key.isDescending === forward ? " desc" : " asc",
    ];
    if (!key.isNullable) return [term];
    if (dialect !== "mysql") return [[...term, forward ? " nulls last" : " nulls first"]];
    return [[{ column: key.column }, forward ? " is null" : " is null desc"], term];
  });
}

/** The condition that rows fulfil which lie beyond a position; `undefined` at an end. */
export function beyond(
  keys: readonly Key[],
  position: Position,
  dialect: Dialect,
): Fragment | undefined {
  if (position.values.length === 0) return undefined;
  const forward = isForward(position);
  const places = keys.map((key, index): Place => {
    const text = position.values[index] ?? null;
    return {
      key,
      isAfter: forward !== key.isDescending,
      isForward: forward,
      value: text === null ? undefined : bound(text, key.shape.type, dialect),
    };
  });
  const isInclusive = position.relation.endsWith("=");
  return isRowComparable(places, dialect)
    ? rowComparison(places, isInclusive)
    : comparison(places, { isInclusive, hasBound: dialect !== "mysql" });
}

/** One key, and the value of it that rows are compared with. */
interface Place {
  readonly key: Key;
  /** Whether greater values are beyond. */
  readonly isAfter: boolean;
  readonly isForward: boolean;
  /** `undefined` for null. */
  readonly value: Fragment | undefined;
}

/**
 * Whether rows can be compared as a whole: `(a, b) > (x, y)`. MySQL reads the whole index for it, and
 * the place alone for what is written out.
 */
function isRowComparable(places: readonly Place[], dialect: Dialect): boolean {
  return (
    dialect !== "mysql" &&
    places.every(({ key, isAfter }) => !key.isNullable && isAfter === places[0]?.isAfter)
  );
}

function rowComparison(places: readonly Place[], isInclusive: boolean): Fragment {
  const columns = joined(
    places.map(({ key }) => [{ column: key.column }]),
    ", ",
  );
  const values = joined(
    places.map(({ value = [] }) => value),
    ", ",
  );
  const operator = ` ${operatorOf(places[0])}${isInclusive ? "=" : ""} `;
  if (places.length === 1) return [...columns, operator, ...values];
  return ["(", ...columns, ")", operator, "(", ...values, ")"];
}

/** `a > x or (a = x and (b > y or …))`, with a bound on the first that PostgreSQL finds in an index. */
function comparison(
  places: readonly Place[],
  { isInclusive, hasBound }: { readonly isInclusive: boolean; readonly hasBound: boolean },
): Fragment {
  const [first, ...others] = places;
  if (first === undefined) return [isInclusive ? "1 = 1" : "1 = 0"];
  const further = furtherAlong(first);
  if (others.length === 0 && !isInclusive) return further ?? ["1 = 0"];
  const rest = comparison(others, { isInclusive, hasBound: false });
  const same: Fragment = others.length === 0 ? equal(first) : [...equal(first), " and ", ...rest];
  if (further === undefined) return ["(", ...same, ")"];
  const all: Fragment = ["(", ...further, " or (", ...same, "))"];
  if (!hasBound || first.key.isNullable || first.value === undefined) return all;
  const least: Fragment = [{ column: first.key.column }, ` ${operatorOf(first)}= `, ...first.value];
  return ["(", ...least, " and ", ...all, ")"];
}

/** What lies further along one key; `undefined` when nothing does. */
function furtherAlong({ key, isAfter, isForward, value }: Place): Fragment | undefined {
  const column = { column: key.column };
  if (value === undefined) return isForward ? undefined : [column, " is not null"];
  const beyond: Fragment = [column, isAfter ? " > " : " < ", ...value];
  return key.isNullable && isForward ? ["(", ...beyond, " or ", column, " is null)"] : beyond;
}

function equal({ key, value }: Place): Fragment {
  const column = { column: key.column };
  return value === undefined ? [column, " is null"] : [column, " = ", ...value];
}

function operatorOf(place: Place | undefined): string {
  return place?.isAfter === true ? ">" : "<";
}

/** The texts of all keys of a row, as a list of JSON: exact, whatever the driver makes of values. */
export function positionList(keys: readonly Key[], dialect: Dialect): Fragment {
  const texts = joined(
    keys.map((key) => textOf(key, dialect)),
    ", ",
  );
  switch (dialect) {
    case "postgresql":
      return ["json_build_array(", ...texts, ")::text"];
    case "mysql":
      return ["cast(json_array(", ...texts, ") as char)"];
    case "sqlite":
      return ["json_array(", ...texts, ")"];
  }
}

function textOf({ column, shape }: Key, dialect: Dialect): Fragment {
  const part = { column };
  const isInexact = shape.type === "float" || shape.type === "decimal";
  if (dialect === "postgresql") return [part, "::text"];
  // MySQL would round numbers of single precision.
  if (dialect === "mysql") {
    return shape.type === "float"
      ? ["cast(", part, " + 0e0 as char)"]
      : ["cast(", part, " as char)"];
  }
  const text: Fragment = ["cast(", part, " as text)"];
  if (!isInexact) return text;
  const exact: Fragment = ["printf('%!.17g', ", part, ")"];
  return ["case typeof(", part, ") when 'real' then ", ...exact, " else ", ...text, " end"];
}

/** What the columns of an order are called in SQL. */
export function namesOf(keys: readonly Key[], dialect: Dialect): ColumnNames {
  const names = new Map(keys.map(({ column, path }) => [column, quotedPath(path, dialect)]));
  return (column) => names.get(column) ?? "";
}
