/**
 * Schemas as the rest of Martlet sees them: validated, described and read from text, whatever
 * library they come from.
 *
 * @module
 */
import type { Issue } from "./errors.ts";
import type { JsonSchema } from "./openapi/document.ts";
import { Invalid } from "./params/param.ts";
import {
  type Check,
  type Checked,
  maxIssues,
  type SchemaAdapter,
  type SchemaNames,
  type SchemaSide,
  type ValueOrigin,
} from "./schema/adapter.ts";
import { Names } from "./schema/names.ts";
import { standardAdapter } from "./schema/standard.ts";
import type { TextShape } from "./schema/text-shape.ts";
import { isZod, zodAdapter } from "./schema/zod.ts";
import type { AnySchema, Schema, StandardIssue } from "./standard.ts";

/** Whether a value is a schema of any library. */
export function isSchema(value: unknown): value is Schema {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "~standard" in value
  );
}

/**
 * Prepares the validation of a schema: gives the value, or {@link Invalid}. It is compiled when the
 * first value comes. `loc` is where the value stands in the request, `from` what made it: a value of
 * JSON may be changed in place.
 */
export function validator(
  schema: AnySchema,
  loc: readonly (string | number)[],
  from: ValueOrigin = "program",
): (value: unknown) => unknown {
  const adapter = adapterOf(schema);
  let check: Check | undefined;
  const settle = (checked: Checked, value: unknown): unknown =>
    checked.issues === undefined || checked.issues.length === 0
      ? checked.value
      : new Invalid(told(checked.issues, (each) => explain(adapter, each, { loc, value })));
  return (value) => {
    check ??= adapter.compile(schema, from);
    const checked = check(value);
    return checked instanceof Promise
      ? checked.then((late) => settle(late, value))
      : settle(checked, value);
  };
}

/**
 * The first issues in Martlet's words. A large body can have a hundred thousand of them, and an answer
 * ten times its size would help nobody but whoever wants the server busy.
 */
function told(
  issues: readonly StandardIssue[],
  explain: (issue: StandardIssue) => readonly Issue[],
): readonly Issue[] {
  return issues.slice(0, maxIssues).flatMap(explain).slice(0, maxIssues);
}

/** Whether a schema takes `undefined`: what it describes may be left out. */
export function takesUndefined(schema: AnySchema): boolean {
  const result = (schema as Schema)["~standard"].validate(undefined);
  return !(result instanceof Promise) && result.issues === undefined;
}

/**
 * The JSON Schema of a schema, seen from one side; `undefined` when its library cannot tell.
 *
 * @example
 * ```ts
 * import { jsonSchema } from "martlet";
 * import { z } from "zod";
 *
 * expect(jsonSchema(z.int().min(1), "input")).toEqual({ type: "integer", minimum: 1 });
 * ```
 */
export function jsonSchemaOf(
  schema: AnySchema,
  side: SchemaSide,
  names: SchemaNames = new Names(),
): JsonSchema | undefined {
  return adapterOf(schema).jsonSchema(schema, side, names);
}

/** Whether what a schema gives may hold a set, which JSON tells as a list. */
export function holdsSets(schema: AnySchema): boolean {
  return JSON.stringify(jsonSchemaOf(schema, "output") ?? {}).includes('"uniqueItems":true');
}

/**
 * How text is read for a schema; `undefined` when its library cannot tell.
 *
 * @example
 * ```ts
 * import { textShape } from "martlet";
 * import { z } from "zod";
 *
 * expect(textShape(z.array(z.int()))).toMatchObject({ kinds: ["integer"], many: true });
 * ```
 */
export function textShapeOf(schema: AnySchema): TextShape | undefined {
  return adapterOf(schema).text(schema);
}

function adapterOf(schema: AnySchema): SchemaAdapter {
  return isZod(schema) ? zodAdapter : standardAdapter;
}

function explain(
  adapter: SchemaAdapter,
  issue: StandardIssue,
  { loc, value }: { readonly loc: readonly (string | number)[]; readonly value: unknown },
): readonly Issue[] {
  // Not `map`: a library's path may be a list of its own kind, which would make another of that kind.
  const path = Array.from(issue.path ?? [], segment);
  return adapter.explain(issue, { loc: [...loc, ...path], value: at(value, path) });
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
