/**
 * `camelCase` on the wire for `snake_case` in the program.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import type * as z from "zod";
import { namingsOf } from "./names.ts";
import { isObjectSchema, mapParts, changed, partsOf } from "./parts.ts";
import { rename } from "./renamed.ts";

/** `user_name` as `userName`. */
export type CamelName<Name> = Name extends `${infer Head}_${infer Letter}${infer Rest}`
  ? Head extends ""
    ? `_${CamelName<`${Letter}${Rest}`>}`
    : Letter extends "_"
      ? `${Head}_${CamelName<`_${Rest}`>}`
      : `${Head}${Uppercase<Letter>}${CamelName<Rest>}`
  : Name;

/** The fields of a model under their names on the wire. */
export type CamelShape<Shape, Deep extends boolean> = {
  [K in keyof Shape as CamelName<K>]: Deep extends true ? CamelPart<Shape[K]> : Shape[K];
};

type CamelPart<S> = S extends z.core.$ZodObject
  ? CamelCased<S, true>
  : S extends z.core.$ZodArray<infer Item>
    ? z.ZodArray<Schema<CamelPart<Item>>>
    : S extends z.core.$ZodOptional<infer Inner>
      ? z.ZodOptional<Schema<CamelPart<Inner>>>
      : S extends z.core.$ZodNullable<infer Inner>
        ? z.ZodNullable<Schema<CamelPart<Inner>>>
        : S extends z.core.$ZodDefault<infer Inner>
          ? z.ZodDefault<Schema<CamelPart<Inner>>>
          : S;

type Schema<S> = S extends core.$ZodType ? S : never;

/** The model that {@link camelCase} makes. */
export type CamelCased<M extends core.$ZodObject, Deep extends boolean = false> = z.ZodCodec<
  z.ZodObject<CamelShape<M["_zod"]["def"]["shape"], Deep>>,
  M
>;

/** How names are changed. */
export interface CamelCaseOptions<Deep extends boolean> {
  /** Whether objects within are changed as well. @default false */
  readonly deep?: Deep;
}

/**
 * A model whose fields are `snake_case` in the program and `camelCase` on the wire, as
 * {@link renamed} would name them one by one.
 *
 * @throws {Fault} M021 when two fields would have one name.
 *
 * @example
 * ```ts
 * import { camelCase } from "martlet/models";
 * import { z } from "zod";
 *
 * const Order = camelCase(
 *   z.object({ order_id: z.int(), line_items: z.array(z.object({ unit_price: z.number() })) }),
 *   { deep: true },
 * );
 * const order = Order.parse({ orderId: 7, lineItems: [{ unitPrice: 1 }] });
 * expect(order).toEqual({ order_id: 7, line_items: [{ unit_price: 1 }] });
 * ```
 */
export function camelCase<M extends core.$ZodObject, const Deep extends boolean = false>(
  model: M,
  options: CamelCaseOptions<Deep> = {},
): CamelCased<M, Deep> {
  // The names are made by the same rule as the types are.
  return cased(model, options.deep ?? false) as unknown as CamelCased<M, Deep>;
}

function cased(model: core.$ZodType, deep: boolean): core.$ZodType {
  const { shape = {} } = partsOf(model);
  const parts = Object.entries(shape).map(([name, part]) => [name, within(part)] as const);
  const whole = deep ? changed(model, { shape: Object.fromEntries(parts) }) : model;
  const names = Object.keys(shape).map((name) => [name, camelName(name)] as const);
  return rename(whole, namingsOf(Object.keys(shape), Object.fromEntries(names)));
}

/** The objects within a schema, under their names on the wire. */
function within(schema: core.$ZodType): core.$ZodType {
  return isObjectSchema(schema) ? cased(schema, true) : mapParts(schema, within);
}

function camelName(name: string): string {
  return name.replaceAll(/(?<=[^_])_([^_])/g, (_all, letter: string) => letter.toUpperCase());
}
