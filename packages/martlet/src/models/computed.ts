/**
 * Computed fields: members of an answer that are worked out from the others.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";
import type { Answered, Given } from "../index.ts";
import { type Answering, answering } from "./answering.ts";
import { changed, isObjectSchema, type Parts, partsOf } from "./parts.ts";

/** The computed fields of a model: each a schema and a function from the rest of the value. */
export interface ComputedFields<Value> {
  readonly [name: string]: readonly [schema: core.$ZodType, compute: (value: Value) => unknown];
}

type Values<Fields> = {
  -readonly [K in keyof Fields]: Fields[K] extends readonly [infer S, unknown]
    ? z.output<S>
    : never;
};
type Sent<Fields> = {
  -readonly [K in keyof Fields]: Fields[K] extends readonly [infer S, unknown]
    ? Answered<S>
    : never;
};
type Flat<T> = { [K in keyof T]: T[K] } & {};

/** The model that {@link computed} makes. */
export type Computed<M extends core.$ZodType, Fields> = Answering<
  z.ZodPipe<M, z.ZodType<Flat<z.output<M> & Values<Fields>>>>,
  z.ZodType<Flat<Answered<M> & Sent<Fields>>, Given<M>>
>;

/**
 * A model with computed fields. A handler returns the model as it is stored, and the client sees the
 * computed fields, too; they are required and `readOnly` in the document of an answer. A request does not
 * have them: as a body the model takes what it takes without, and gives the program both.
 *
 * A function gets the value as the program has it, and its result is checked by its schema. The names
 * are those of the wire; a model made by `renamed` or `camelCase` may have computed fields, too.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { computed } from "martlet/models";
 * import { testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const Item = z.object({ price: z.number(), tax: z.number() });
 * const ItemOut = computed(Item, { total: [z.number(), (item) => item.price + item.tax] });
 * const read = get("/item", { returns: ItemOut }, () => ({ price: 10, tax: 2 }));
 * const client = testClient(martlet({ read }));
 * expect(await (await client.get("/item")).json()).toEqual({ price: 10, tax: 2, total: 12 });
 * ```
 */
export function computed<M extends core.$ZodType, const Fields extends ComputedFields<z.output<M>>>(
  model: M,
  fields: Fields & ComputedResults<Fields>,
): Computed<M, Fields> {
  const schemas = Object.entries(fields).map(([name, [schema]]) => [name, told(schema)] as const);
  const full = withFields(model, Object.fromEntries(schemas));
  const add = new z.ZodTransform({
    type: "transform",
    transform: adder(programShape(model), fields),
  });
  // The types of the fields are those of the schemas they are made of.
  return answering(pipe(model, add), pipe(add, full)) as unknown as Computed<M, Fields>;
}

/** An object has the fields as its own; what is not one itself, as a codec, has them beside. */
function withFields(model: core.$ZodType, fields: core.$ZodLooseShape): core.$ZodType {
  return isObjectSchema(model)
    ? changed(model, { shape: { ...partsOf(model).shape, ...fields } })
    : new z.ZodIntersection({ type: "intersection", left: model, right: z.object(fields) });
}

function pipe(first: core.$ZodType, out: core.$ZodType): z.ZodPipe {
  return new z.ZodPipe({ type: "pipe", in: first, out });
}

/** What each function has to give. */
type ComputedResults<Fields> = {
  readonly [K in keyof Fields]: Fields[K] extends readonly [infer S, unknown]
    ? readonly [S, (value: never) => Given<S>]
    : never;
};

/** What the program alone writes. */
function told(schema: core.$ZodType): core.$ZodType {
  return new z.ZodReadonly({ type: "readonly", innerType: schema }).meta({
    readOnly: true,
  });
}

type Shape = NonNullable<Parts["shape"]>;

/** The fields of a model as the program has them: of a renamed one, those on its other end. */
function programShape(model: core.$ZodType): Shape {
  const { shape, out, like } = partsOf(model);
  const further = out ?? like;
  return shape ?? (further === undefined ? {} : programShape(further));
}

function adder(shape: Shape, fields: ComputedFields<never>): (value: unknown) => unknown {
  const entries = Object.entries(fields);
  const defaults = Object.entries(shape).filter(([, each]) => partsOf(each).type === "default");
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    const members = value as Readonly<Record<string, unknown>>;
    const missing = defaults.flatMap(([name, each]) =>
      members[name] === undefined ? [[name, partsOf(each).defaultValue] as const] : [],
    );
    // The functions see what the client will: a default where there is nothing.
    const whole = missing.length === 0 ? value : beside(value, missing);
    return beside(
      value,
      entries.map(([name, [, compute]]) => [name, compute(whole as never)] as const),
    );
  };
}

/** A value with more members, and not a copy of it: a row of a database may have its own in a prototype. */
function beside(value: object, members: readonly (readonly [string, unknown])[]): object {
  const added = Object.fromEntries(members);
  return Object.getPrototypeOf(value) === Object.prototype
    ? { ...value, ...added }
    : (Object.create(value, Object.getOwnPropertyDescriptors(added)) as object);
}
