/**
 * Zod 4: compiled validation, its own words for issues, and its JSON Schema.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { Issue } from "../errors.ts";
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema, StandardIssue } from "../standard.ts";
import {
  type Check,
  type Checked,
  type IssuePlace,
  maxIssues,
  type SchemaAdapter,
} from "./adapter.ts";
import { jsonShape } from "./json-shape.ts";
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
  compile: (schema, from) => {
    const read = from === "json" ? jsonShape(marked(schema)) : undefined;
    const check = zodCheck(schema);
    return read === undefined ? check : (value) => check(read(value));
  },
  explain: (issue: StandardIssue, at: IssuePlace): readonly Issue[] =>
    zodIssue(issue as unknown as core.$ZodIssue, at),
  jsonSchema: (schema, side, names) =>
    zodJsonSchema(schema, side, {
      names,
      date: { type: "string", format: "date-time" },
      bigint: { type: "integer", format: "int64" },
      set: "array",
    }),
  text: (schema) => textShape(marked(schema)),
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

function zodCheck(schema: AnySchema): Check {
  const compiled = core.compile(schema as unknown as core.$ZodType);
  const internals = compiled._zod;
  let isAsync = false;
  return (value) => {
    try {
      // Without promises Zod runs what it compiled, many times faster.
      if (!isAsync)
        return checked(internals.run({ value, issues: [] }, { async: false }) as Payload);
    } catch (error) {
      if (!(error instanceof core.$ZodAsyncError)) throw error;
      isAsync = true;
    }
    const payload = internals.run({ value, issues: [] }, { async: true });
    return payload instanceof Promise ? payload.then(checked) : checked(payload);
  };
}

type Payload = core.ParsePayload;

function checked({ value, issues }: Payload): Checked {
  if (issues.length === 0) return { value };
  const told = issues.slice(0, maxIssues);
  return { issues: told.map((each) => core.util.finalizeIssue(precise(each), {}, core.config())) };
}

const intFormats: ReadonlySet<unknown> = new Set(["safeint", "int32", "uint32"]);

/** Zod says "number" where an integer was asked for and something else than a number came. */
function precise(issue: core.$ZodRawIssue): core.$ZodRawIssue {
  if (issue.code !== "invalid_type" || issue.expected !== "number") return issue;
  const def = (issue.inst as core.$ZodNumber | undefined)?._zod.def as NumberDef | undefined;
  const formats = [def?.format, ...(def?.checks ?? []).map((each) => each._zod.def.format)];
  return formats.some((each) => intFormats.has(each)) ? { ...issue, expected: "int" } : issue;
}

interface NumberDef {
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly format?: string } } }[];
}
