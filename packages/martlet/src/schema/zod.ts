/**
 * Zod 4: compiled validation, its own words for issues, and its JSON Schema.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { Issue } from "../errors.ts";
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema, StandardIssue } from "../standard.ts";
import type { IssuePlace, SchemaAdapter, SchemaNames, SchemaSide } from "./adapter.ts";
import { textShape } from "./text-shape.ts";
import { zodIssue } from "./zod-issue.ts";

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
    convert(schema, side, {
      names,
      date: { type: "string", format: "date-time" },
      bigint: { type: "integer", format: "int64" },
    }),
  text: (schema) =>
    textShape(
      convert(schema, "input", {
        names: new Map(),
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

interface Words {
  readonly names: SchemaNames;
  readonly date: JsonSchema;
  readonly bigint: JsonSchema;
}

function convert(schema: AnySchema, side: SchemaSide, words: Words): JsonSchema {
  const json = core.toJSONSchema(schema as unknown as core.$ZodType, {
    io: side,
    unrepresentable: "any",
    metadata: registry(words.names),
    override: ({ zodSchema, jsonSchema }) => {
      const { type } = zodSchema._zod.def;
      if (type === "date") Object.assign(jsonSchema, words.date);
      if (type === "bigint") Object.assign(jsonSchema, words.bigint);
      dropSafeBounds(jsonSchema);
    },
  });
  const { $schema: _dialect, ...rest } = json as Record<string, unknown>;
  return rest;
}

/** The bounds of safe integers say nothing that `integer` does not: they clutter every document. */
function dropSafeBounds(schema: core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/** Zod's own metadata, with the names that routers gave on top. */
function registry(names: SchemaNames): core.$ZodRegistry<Record<string, unknown>> {
  const known = core.globalRegistry;
  const get = (schema: core.$ZodType): Record<string, unknown> | undefined => {
    const id = names.get(schema);
    const meta = known.get(schema);
    return id === undefined ? meta : { ...meta, id };
  };
  // The conversion reads a registry through these two methods only.
  return {
    get,
    has: (schema: core.$ZodType) => names.has(schema) || known.has(schema),
  } as unknown as core.$ZodRegistry<Record<string, unknown>>;
}
