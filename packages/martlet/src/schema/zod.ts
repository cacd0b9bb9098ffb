/**
 * Zod 4: compiled validation, its own words for issues, and its JSON Schema.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { Issue } from "../errors.ts";
import type { AnySchema, StandardIssue } from "../standard.ts";
import type { IssuePlace, SchemaAdapter } from "./adapter.ts";
import { Names } from "./names.ts";
import { textShape } from "./text-shape.ts";
import { zodIssue } from "./zod-issue.ts";
import { zodJsonSchema } from "./zod-json-schema.ts";

/** Whether a schema is Zod's: told by its mark, so that two copies of Zod may be installed. */
export function isZod(schema: AnySchema): boolean {
  return "_zod" in schema;
}

/** The adapter of Zod. */
export const zodAdapter: SchemaAdapter = {
  compile: (schema) => {
    const compiled = core.compile(schema as unknown as core.$ZodType);
    const internals = compiled._zod;
    return (value) => {
      const payload = internals.run({ value, issues: [] }, { async: false });
      // A schema with asynchronous parts cannot run without promises: Zod says so by throwing.
      if (payload instanceof Promise) return core.safeParseAsync(compiled, value).then(checked);
      if (payload.issues.length === 0) return { value: payload.value };
      return checked(core.safeParse(compiled, value));
    };
  },
  explain: (issue: StandardIssue, at: IssuePlace): readonly Issue[] =>
    zodIssue(issue as unknown as core.$ZodIssue, at),
  jsonSchema: (schema, side, names) =>
    zodJsonSchema(schema, side, {
      names,
      date: { type: "string", format: "date-time" },
      bigint: { type: "integer", format: "int64" },
    }),
  text: (schema) =>
    textShape(
      zodJsonSchema(schema, "input", {
        names: new Names(),
        date: { type: "date" },
        bigint: { type: "bigint" },
      }),
    ),
};

function checked(result: core.util.SafeParseResult<unknown>): {
  value?: unknown;
  issues?: readonly StandardIssue[];
} {
  return result.success ? { value: result.data } : { issues: result.error.issues };
}
