/**
 * Any library through Standard Schema alone, and through Standard JSON Schema where it speaks that
 * too (ArkType does; Valibot by `toStandardJsonSchema`).
 *
 * @module
 */
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema, Schema } from "../standard.ts";
import type { SchemaAdapter, SchemaSide } from "./adapter.ts";
import { textShape } from "./text-shape.ts";

interface Converter {
  readonly jsonSchema?: {
    readonly [side in SchemaSide]: (options: { readonly target: "draft-2020-12" }) => JsonSchema;
  };
}

/** The adapter of every library that has none of its own. */
export const standardAdapter: SchemaAdapter = {
  compile: (schema) => {
    const standard = (schema as Schema)["~standard"];
    return (value) => standard.validate(value);
  },
  explain: (issue, { loc, value }) => [
    { loc, code: value === undefined ? "missing" : "invalid", message: issue.message },
  ],
  jsonSchema,
  text: (schema) => {
    const json = jsonSchema(schema, "input");
    return json && textShape(json);
  },
};

function jsonSchema(schema: AnySchema, side: SchemaSide): JsonSchema | undefined {
  const convert = (schema["~standard"] as Converter).jsonSchema?.[side];
  if (convert === undefined) return undefined;
  try {
    const { $schema: _dialect, ...json } = convert({ target: "draft-2020-12" });
    return json;
  } catch {
    // The library speaks Standard JSON Schema, but has no words for this one schema.
    return undefined;
  }
}
