/**
 * Any library through Standard Schema alone, and through Standard JSON Schema where it speaks that
 * too (ArkType does; Valibot by `toStandardJsonSchema`).
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema, Schema, StandardIssue } from "../standard.ts";
import { type Checked, maxIssues, type SchemaAdapter, type SchemaSide } from "./adapter.ts";
import { fieldShapes, textShape } from "./text-shape.ts";

interface Converter {
  readonly jsonSchema?: {
    readonly [side in SchemaSide]: (options: { readonly target: "draft-2020-12" }) => JsonSchema;
  };
}

/** The adapter of every library that has none of its own. */
export const standardAdapter: SchemaAdapter = {
  compile: (schema) => {
    const standard = (schema as Schema)["~standard"];
    return (value) => {
      const result = standard.validate(value);
      return result instanceof Promise
        ? result.then((late) => settle(late, value))
        : settle(result, value);
    };
  },
  jsonSchema,
  text: (schema) => {
    const json = jsonSchema(schema, "input");
    return json && textShape(json);
  },
  fields: (schema) => {
    const json = jsonSchema(schema, "input");
    return json && fieldShapes(json);
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

type Result = Awaited<ReturnType<Schema["~standard"]["validate"]>>;

function settle(result: Result, sent: unknown): Checked {
  return result.issues === undefined
    ? { value: result.value }
    : { issues: result.issues.slice(0, maxIssues).map((each) => told(each, sent)) };
}

function told({ path = [], message }: StandardIssue, sent: unknown): Issue {
  // Not `map`: a library's path may be a list of its own kind, which would make another of that kind.
  const loc = Array.from(path, segment);
  return { loc, code: at(sent, loc) === undefined ? "missing" : "invalid", message };
}

function segment(key: PropertyKey | { readonly key: PropertyKey }): string | number {
  const bare = typeof key === "object" ? key.key : key;
  return typeof bare === "number" ? bare : String(bare);
}

/** The part of a value that an issue speaks of. */
function at(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}
