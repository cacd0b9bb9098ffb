/**
 * The parts of Zod's schemas, and schemas made of others by changing parts.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";

/** The members of a definition that hold other schemas. */
export interface Parts {
  readonly type: string;
  readonly shape?: Readonly<Record<string, core.$ZodType>>;
  readonly catchall?: core.$ZodType;
  readonly checks?: readonly core.$ZodCheck[];
  readonly element?: core.$ZodType;
  readonly items?: readonly core.$ZodType[];
  readonly rest?: core.$ZodType | null;
  readonly keyType?: core.$ZodType;
  readonly valueType?: core.$ZodType;
  readonly options?: readonly core.$ZodType[];
  readonly innerType?: core.$ZodType;
  readonly defaultValue?: unknown;
  readonly getter?: () => core.$ZodType;
  readonly in?: core.$ZodType;
  readonly out?: core.$ZodType;
  /** What a schema of ours stands for: see `as-if.ts`. */
  readonly like?: core.$ZodType;
  readonly format?: string;
}

/** The definition of a schema, whatever its kind. */
export function partsOf(schema: core.$ZodType): Parts {
  return schema._zod.def;
}

/** The same schema with some members of its definition changed. */
export function changed(schema: core.$ZodType, parts: object): core.$ZodType {
  return z.core.clone(schema, { ...schema._zod.def, ...parts });
}

/** The same schema, what it holds directly being mapped; not through pipes and lazy schemas. */
export function mapParts(
  schema: core.$ZodType,
  map: (part: core.$ZodType) => core.$ZodType,
): core.$ZodType {
  const { innerType, element, items, rest, valueType, options } = partsOf(schema);
  const parts = {
    ...(innerType && { innerType: map(innerType) }),
    ...(element && { element: map(element) }),
    ...(items && { items: items.map(map) }),
    ...(rest && { rest: map(rest) }),
    ...(valueType && { valueType: map(valueType) }),
    ...(options && { options: options.map(map) }),
  };
  return Object.keys(parts).length === 0 ? schema : changed(schema, parts);
}

/** Whether a schema is an object's. */
export function isObjectSchema(schema: core.$ZodType): boolean {
  return partsOf(schema).type === "object";
}
