/**
 * Zod 4: compiled validation, its issues in Martlet's words, and its JSON Schema.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema } from "../standard.ts";
import { type Check, type Checked, type SchemaAdapter, type ValueOrigin } from "./adapter.ts";
import { jsonShape } from "./json-shape.ts";
import { Names } from "./names.ts";
import { fieldShapes, textShape } from "./text-shape.ts";
import { answerSchema } from "./zod-answer.ts";
import { zodJsonSchema } from "./zod-json-schema.ts";
import { zodIssues } from "./zod-place.ts";

/** Whether a schema is Zod's: told by its mark, so that two copies of Zod may be installed. */
export function isZod(schema: AnySchema): boolean {
  return "_zod" in schema;
}

/** The adapter of Zod. */
export const zodAdapter: SchemaAdapter = {
  compile: (schema, from) => {
    const read = from === "json" ? jsonShape(marked(schema)) : undefined;
    const declared = schema as unknown as core.$ZodType;
    const check = zodCheck(from === "program" ? answerSchema(declared).schema : declared, from);
    return read === undefined ? check : (value) => check(read(value));
  },
  jsonSchema: (schema, side, names) =>
    zodJsonSchema(schema, side, {
      names,
      date: { type: "string", format: "date-time" },
      bigint: { type: "integer", format: "int64" },
      set: "array",
    }),
  text: (schema) => textShape(marked(schema)),
  fields: (schema) => fieldShapes(marked(schema)),
};

/** The JSON Schema with the words that text and JSON are read by. */
function marked(schema: AnySchema): JsonSchema {
  return zodJsonSchema(schema, "input", {
    names: new Names(),
    date: { type: "date" },
    bigint: { type: "bigint" },
    set: "set",
  });
}

function zodCheck(schema: core.$ZodType, from: ValueOrigin): Check {
  const internals = core.compile(schema)._zod;
  const settle = ({ value: made, issues }: core.ParsePayload, value: unknown): Checked =>
    issues.length === 0 ? { value: made } : { issues: zodIssues(issues, { schema, value, from }) };
  let isAsync = false;
  return (value) => {
    try {
      // Without promises Zod runs what it compiled, many times faster.
      if (!isAsync) {
        const payload = internals.run({ value, issues: [] }, { async: false });
        return settle(payload as core.ParsePayload, value);
      }
    } catch (error) {
      if (!(error instanceof core.$ZodAsyncError)) throw error;
      isAsync = true;
    }
    const payload = internals.run({ value, issues: [] }, { async: true });
    return payload instanceof Promise
      ? payload.then((late) => settle(late, value))
      : settle(payload, value);
  };
}
