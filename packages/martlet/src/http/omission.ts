/**
 * Omission: members of an answer that a model has and a client need not see.
 *
 * @module
 */
import type { JsonSchema } from "../openapi/document.ts";
import { jsonSchemaOf } from "../schema.ts";
import type { AnySchema } from "../standard.ts";

/**
 * What is left out of an answer: members that are `null`, members that have the value of their default,
 * or members that the handler's value did not have.
 */
export type Omission = "null" | "default" | "unset";

/** Leaves members out of the validated value; `returned` is what the handler returned. */
export type Omit = (value: unknown, returned: unknown) => unknown;

/** Prepares the omission for one model. */
export function omission(kind: Omission, model: AnySchema): Omit {
  if (kind === "null") return withoutNull;
  if (kind === "unset") return withoutUnset;
  const schema = jsonSchemaOf(model, "output") ?? {};
  const names = (schema["$defs"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  return (value) => withoutDefaults(value, schema, { ...names, "#": schema });
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  return isRecord(value)
    ? mapped(value, (each) => (each === null ? undefined : withoutNull(each)))
    : value;
}

function withoutUnset(value: unknown, returned: unknown): unknown {
  if (Array.isArray(value)) {
    const items = Array.isArray(returned) ? (returned as unknown[]) : [];
    return value.map((each, index) => withoutUnset(each, items[index]));
  }
  if (!isRecord(value) || !isRecord(returned)) return value;
  return mapped(value, (each, name) =>
    returned[name] === undefined ? undefined : withoutUnset(each, returned[name]),
  );
}

type Definitions = Readonly<Record<string, JsonSchema>>;

function withoutDefaults(value: unknown, schema: JsonSchema, names: Definitions): unknown {
  const told = resolve(schema, names);
  if (Array.isArray(value)) {
    const items = told["items"];
    return isRecord(items) ? value.map((each) => withoutDefaults(each, items, names)) : value;
  }
  const properties = told["properties"];
  if (!isRecord(value) || !isRecord(properties)) return value;
  return mapped(value, (each, name) => {
    const member = properties[name];
    if (!isRecord(member)) return each;
    return "default" in member && isSame(member["default"], each)
      ? undefined
      : withoutDefaults(each, member, names);
  });
}

function resolve(schema: JsonSchema, names: Definitions): JsonSchema {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  return names[reference.split("/").at(-1) ?? ""] ?? {};
}

/** Whether a value is the default, as JSON tells both. */
function isSame(told: unknown, value: unknown): boolean {
  return JSON.stringify(told) === JSON.stringify(value);
}

type Members = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Members {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The members with other values; what becomes `undefined` is left out. */
function mapped(record: Members, change: (value: unknown, name: string) => unknown): Members {
  const kept = Object.entries(record).flatMap(([name, each]) => {
    const changed = change(each, name);
    return changed === undefined ? [] : [[name, changed] as const];
  });
  return Object.fromEntries(kept);
}
