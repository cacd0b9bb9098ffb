/**
 * Filters: parameters of the query that stand for conditions on declared columns.
 *
 * @module
 */
import { quotedPath } from "../names.ts";
import type { AnyColumn, SQL } from "drizzle-orm";
import * as z from "zod";
import { dependency, type Dependency, Fault, type HttpSource } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { type PageColumn, type PlainColumn, shapeOf } from "./column.ts";
import type { PlainValues } from "./column-shape.ts";
import { operatorModel } from "./filter-model.ts";
import {
  conditionOf,
  type Comparison,
  type Filterable,
  type FilterOperator,
  type ListOperator,
  type TextOperator,
} from "./filter-operator.ts";
import {
  type BoundValue,
  type Fragment,
  joined,
  tagged,
  type TemplateTag,
  written,
} from "./fragment.ts";
import { dialectOf, type Drizzle, drizzleFor, pathOf } from "./keys.ts";
import { inDrizzle } from "./order-sql.ts";

/** Columns by name: a table of Drizzle's, or a record. */
export type FilterColumns = object;

/** What the values of a column are. */
export type ColumnValue<C> =
  C extends PlainColumn<infer T>
    ? PlainValues[T]
    : C extends { readonly _: { readonly data: infer D } }
      ? D
      : never;

type IsText<C> =
  C extends PlainColumn<infer T>
    ? [T] extends ["text"]
      ? true
      : false
    : C extends { readonly _: { readonly dataType: "string" } }
      ? true
      : false;

/** The operators that a column has. */
export type OperatorOf<C> =
  | "eq"
  | "ne"
  | ListOperator
  | "isNull"
  | (ColumnValue<C> extends boolean ? never : Comparison)
  | (IsText<C> extends true ? TextOperator : never);

/** The names of the columns among the members of a table or record. */
type ColumnNames<T> = {
  [K in keyof T & string]: T[K] extends PageColumn ? K : never;
}[keyof T & string];

/** For each column that may be filtered by, its operators. */
export type AllowedFilters<T> = {
  readonly [K in ColumnNames<T>]?: readonly OperatorOf<T[K]>[];
};

/** What a parameter of an operator gives. */
type Asked<C, O> = O extends ListOperator
  ? readonly ColumnValue<C>[]
  : O extends "isNull"
    ? boolean
    : O extends TextOperator
      ? string
      : ColumnValue<C>;

/** The name of an operator's parameter: that of the column alone for `eq`. */
type Parameter<K extends string, O extends string> = O extends "eq" ? K : `${K}__${O}`;

type Operators<A, K extends keyof A> = Extract<
  NonNullable<A[K]> extends readonly (infer O)[] ? O : never,
  string
>;

/** The parameters of filters, each of which may be missing. */
export type FilterValues<T, A> = {
  [P in { [K in keyof A & string]: Parameter<K, Operators<A, K>> }[keyof A & string]]?:
    | ValueAt<T, A, P>
    | undefined;
};

type ValueAt<T, A, P extends string> = P extends `${infer K}__${infer O}`
  ? K extends keyof T & keyof A
    ? Asked<T[K], O>
    : never
  : P extends keyof T
    ? ColumnValue<T[P]>
    : never;

/** What {@link filters} is told beside the columns. */
export interface FiltersOptions<Name extends string> {
  /** Whether names of the query that nobody declares are refused. @default false, they are ignored */
  readonly strict?: boolean;
  /** How many values a list may have. @default 50 */
  readonly maxItems?: number;
  /** How many characters a text may have. @default 200 */
  readonly maxLength?: number;
  /** Models of a column's values, in the place of what the column itself tells. */
  readonly models?: { readonly [K in Name]?: z.ZodType };
  /** The database of columns that are written by hand. @default "postgresql" */
  readonly dialect?: Dialect;
}

/** What a request filters by, in a query that is written by hand or by any library. */
export interface PlainFilter<Values> {
  /** The parameters that were sent. */
  readonly values: Values;
  /**
   * The condition as text, which is always fulfilled if nothing was asked for. The first placeholder
   * of PostgreSQL is `$<start>`.
   *
   * @default start 1
   */
  readonly text: (start?: number) => FilterText;
  /** The condition as a tag of template literals makes it. */
  readonly in: <T>(tag: TemplateTag<T>) => T;
}

/** A condition as text. */
export interface FilterText {
  readonly where: string;
  /** What stands for the placeholders. */
  readonly values: readonly BoundValue[];
}

/** What a request filters by. */
export interface Filter<Values> extends PlainFilter<Values> {
  /** The condition; `undefined` if nothing was asked for. */
  readonly where: SQL | undefined;
  /** The same for a table under another name: that of `alias(…)`, or of a relational query. */
  readonly on: (table: object) => SQL | undefined;
}

/** Filters as a dependency. */
export type FilterDependency<T, A> = Dependency<
  [T[keyof A & keyof T]] extends [AnyColumn]
    ? Filter<FilterValues<T, A>>
    : PlainFilter<FilterValues<T, A>>,
  FilterValues<T, A>,
  never,
  never,
  HttpSource
>;

/**
 * Makes a dependency that reads conditions from the query: `?price__gte=3&name__contains=tea`. A name
 * without an operator is equality. Only declared columns and operators can be asked for; lists are
 * repeated names.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { column, filters } from "martlet/db";
 * import { testClient } from "martlet/testing";
 *
 * const filter = filters(
 *   { name: column("name", "text"), price: column("price", "decimal") },
 *   { name: ["eq", "contains"], price: ["gte", "lte"] },
 * );
 * const list = get("/items", { use: { filter } }, ({ filter }) => filter.text());
 * const client = testClient(martlet({ list }));
 * expect(await (await client.get("/items?name__contains=tea&price__gte=3")).json()).toEqual({
 *   where: `"name" ilike $1 escape '!' and "price" >= $2`,
 *   values: ["%tea%", "3"],
 * });
 * ```
 *
 * @throws Fault M031 when a column does not have an operator
 */
export function filters<T extends FilterColumns, const A extends AllowedFilters<T>>(
  columns: T,
  allowed: A,
  options: FiltersOptions<keyof A & string> = {},
): FilterDependency<T, A> {
  const rules = rulesOf(columns, allowed);
  const fields = fieldsOf(rules, options);
  const all = rules.map(({ column }) => ({ column, isDescending: false }));
  const dialect = dialectOf(all, options.dialect);
  const prepared = dependency({ scope: "app", name: "filters" }, async () => {
    const drizzle = await drizzleFor(all);
    const paths = new Map(
      all.map(({ column }) => [column, quotedPath(pathOf(column, drizzle), dialect)]),
    );
    return { drizzle, dialect, rules, names: (column: PageColumn) => paths.get(column) ?? "" };
  });
  const query = options.strict === true ? z.strictObject(fields) : fields;
  const sent = dependency({ query, name: "filters" }, (values: object) => values);
  const value = dependency({ use: { sent, prepared }, name: "filters" }, ({ sent, prepared }) =>
    filterOf({ ...sent }, prepared),
  );
  // The names and values are those of `allowed`, which the types above spell out.
  return value as unknown as FilterDependency<T, A>;
}

/** One operator of one column. */
interface Rule extends Filterable {
  /** The column's name, as a client knows it. */
  readonly name: string;
  readonly operator: FilterOperator;
  readonly parameter: string;
}

interface Prepared {
  readonly drizzle: Drizzle | undefined;
  readonly dialect: Dialect;
  readonly rules: readonly Rule[];
  readonly names: (column: PageColumn) => string;
}

function rulesOf(columns: object, allowed: object): readonly Rule[] {
  const members = columns as Readonly<Record<string, PageColumn | undefined>>;
  return Object.entries(allowed as Readonly<Record<string, readonly FilterOperator[]>>).flatMap(
    ([name, operators]) => {
      const column = members[name];
      if (column === undefined) {
        throw new Fault("M031", `There is no column "${name}" to filter by`, {
          hint: "Name a column of the table or record.",
        });
      }
      const shape = shapeOf(column);
      return operators.map((operator) => {
        const parameter = operator === "eq" ? name : `${name}__${operator}`;
        return { name, column, shape, operator, parameter };
      });
    },
  );
}

function fieldsOf(
  rules: readonly Rule[],
  { maxItems = 50, maxLength = 200, models = {} }: FiltersOptions<string>,
): Record<string, z.ZodType> {
  return Object.fromEntries(
    rules.map(({ name, shape, operator, parameter }) => [
      parameter,
      operatorModel({ name, shape, model: models[name] }, operator, { maxItems, maxLength }),
    ]),
  );
}

function filterOf(
  sent: Readonly<Record<string, unknown>>,
  { drizzle, dialect, rules, names }: Prepared,
): PlainFilter<unknown> | Filter<unknown> {
  const asked = rules.filter(({ parameter }) => sent[parameter] !== undefined);
  const values = Object.fromEntries(asked.map(({ parameter }) => [parameter, sent[parameter]]));
  const conditions = asked.map((rule) =>
    conditionOf(rule, rule.operator, sent[rule.parameter], dialect),
  );
  const whole: Fragment | undefined =
    conditions.length === 0 ? undefined : joined(conditions, " and ");
  const always: Fragment = whole ?? ["1 = 1"];
  const plain: PlainFilter<unknown> = {
    values,
    text: (start = 1) => {
      const { text: where, values } = written(always, { dialect, names, start });
      return { where, values };
    },
    in: (tag) => tagged(always, tag, names),
  };
  if (drizzle === undefined) return plain;
  const on = (table?: object): SQL | undefined => whole && inDrizzle(drizzle, table)(whole);
  return { ...plain, where: on(), on };
}
