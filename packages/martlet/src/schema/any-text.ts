/**
 * Schemas that take any text, for the framework's own routes and problems.
 *
 * @module
 */
import type { JsonSchema } from "../openapi/document.ts";
import type { Schema } from "../standard.ts";

/** Takes any text. */
export const anyText: Schema<string, string> = schemaOf({
  json: { type: "string" },
  takes: (value) => typeof value === "string",
  refusal: "This is no text.",
});

/** Takes a list of any texts. */
export const anyTexts: Schema<readonly string[], readonly string[]> = schemaOf({
  json: { type: "array", items: { type: "string" } },
  takes: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((each) => typeof each === "string"),
  refusal: "This is no list of texts.",
});

interface Taking<Value> {
  readonly json: JsonSchema;
  readonly takes: (value: unknown) => value is Value;
  readonly refusal: string;
}

function schemaOf<Value>({ json, takes, refusal }: Taking<Value>): Schema<Value, Value> {
  const standard = {
    version: 1 as const,
    vendor: "martlet",
    validate: (value: unknown) => (takes(value) ? { value } : { issues: [{ message: refusal }] }),
    jsonSchema: { input: () => json, output: () => json },
  };
  return { "~standard": standard };
}
