/**
 * Schemas as the rest of Martlet sees them: validated, described and read from text, whatever
 * library they come from.
 *
 * @module
 */
import type { JsonSchema } from "./openapi/document.ts";
import { Invalid } from "./params/param.ts";
import {
  type Check,
  type Checked,
  type SchemaAdapter,
  type SchemaNames,
  type SchemaSide,
  type ValueOrigin,
} from "./schema/adapter.ts";
import { Names } from "./schema/names.ts";
import { standardAdapter } from "./schema/standard.ts";
import type { TextShape } from "./schema/text-shape.ts";
import { isZod, zodAdapter } from "./schema/zod.ts";
import type { AnySchema, Schema } from "./standard.ts";

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
 * JSON may be changed in place, and one of the program is turned into what goes out.
 *
 * @example
 * ```ts
 * import { Invalid, validator } from "martlet";
 * import { z } from "zod";
 *
 * const validate = validator(z.int().min(1), ["job", "attempts"]);
 * expect(validate(3)).toBe(3);
 * const invalid = validate(0);
 * expect(invalid instanceof Invalid && invalid.issues[0]?.code).toBe("greater_than_equal");
 * ```
 */
export function validator(
  schema: AnySchema,
  loc: readonly (string | number)[],
  from: ValueOrigin = "program",
): (value: unknown) => unknown {
  const adapter = adapterOf(schema);
  let check: Check | undefined;
  const settle = ({ value, issues = [] }: Checked): unknown =>
    issues.length === 0
      ? value
      : new Invalid(issues.map((each) => ({ ...each, loc: [...loc, ...each.loc] })));
  return (value) => {
    check ??= adapter.compile(schema, from);
    const checked = check(value);
    return checked instanceof Promise ? checked.then(settle) : settle(checked);
  };
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

/** How the texts of a model's fields are read; `undefined` when the schema is no object. */
export function fieldShapesOf(schema: AnySchema): ReadonlyMap<string, TextShape> | undefined {
  return adapterOf(schema).fields(schema);
}

function adapterOf(schema: AnySchema): SchemaAdapter {
  return isZod(schema) ? zodAdapter : standardAdapter;
}
