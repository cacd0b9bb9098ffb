/**
 * What Martlet asks of a schema library: the one contract that an adapter implements.
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema } from "../standard.ts";
import type { TextShape } from "./text-shape.ts";

/** How many issues of one value are told. */
export const maxIssues = 100;

/** What speaks for the schemas of one library. */
export interface SchemaAdapter {
  /** Prepares the validation of a schema, as fast as the library can. */
  readonly compile: (schema: AnySchema, from: ValueOrigin) => Check;
  /** The JSON Schema of a schema, seen from one side; `undefined` when the library cannot tell. */
  readonly jsonSchema: (
    schema: AnySchema,
    side: SchemaSide,
    names: SchemaNames,
  ) => JsonSchema | undefined;
  /** How text is read for the schema; `undefined` when the library cannot tell. */
  readonly text: (schema: AnySchema) => TextShape | undefined;
  /** How the texts of a model's fields are read; `undefined` when the schema is no object. */
  readonly fields: (schema: AnySchema) => ReadonlyMap<string, TextShape> | undefined;
}

/**
 * Where values come from: made by the program, which is on its way out; read from text; or made by
 * JSON.parse, which knows no dates.
 */
export type ValueOrigin = "program" | "text" | "json";

/** A prepared validation. */
export type Check = (value: unknown) => Checked | Promise<Checked>;

/** The validated value, or what is wrong with it: at most {@link maxIssues}, `loc` from within. */
export interface Checked {
  readonly value?: unknown;
  readonly issues?: readonly Issue[] | undefined;
}

/** Which side of a schema: what it takes, or what it gives when it is answered. */
export type SchemaSide = "input" | "output";

/** Gives schemas names; one that has a name is told as `#/$defs/<name>`. */
export interface SchemaNames {
  /** The name of a schema, given the one its library knows it by. No two schemas get the same. */
  readonly of: (schema: unknown, own: string | undefined) => string | undefined;
}
