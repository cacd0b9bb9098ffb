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
  const schema = jsonSchemaOf(model, "output") ?? {};
  const definitions = (schema["$defs"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const names = { ...definitions, "#": schema };
  return kind === "default"
    ? (value) => withoutDefaults(value, schema, { names, isOpen: () => true })
    : (value, returned) => withoutDefaults(value, schema, { names, isOpen: hasNo, returned });
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  return isRecord(value)
    ? mapped(value, (each) => (each === null ? undefined : withoutNull(each)))
    : value;
}

type Definitions = Readonly<Record<string, JsonSchema>>;

/** What decides about the members with the value of their default. */
interface Rule {
  readonly names: Definitions;
  /** Whether such a member may be left out. */
  readonly isOpen: (returned: unknown, name: string) => boolean;
  /** What the handler returned in this place. */
  readonly returned?: unknown;
}

/** Whether the handler left a member to its default. What is no record here has other names there. */
function hasNo(returned: unknown, name: string): boolean {
  return isRecord(returned) && returned[name] === undefined;
}

function withoutDefaults(value: unknown, schema: JsonSchema, rule: Rule): unknown {
  const told = resolve(schema, rule.names);
  if (Array.isArray(value)) return withoutDefaultsOfItems(value, told["items"], rule);
  const properties = told["properties"];
  if (!isRecord(value) || !isRecord(properties)) return value;
  const { returned } = rule;
  return mapped(value, (each, name) => {
    const member = properties[name];
    if (!isRecord(member)) return each;
    const isDefault = "default" in member && isSame(member["default"], each);
    if (isDefault && rule.isOpen(returned, name)) return undefined;
    return withoutDefaults(each, member, { ...rule, returned: memberOf(returned, name) });
  });
}

function withoutDefaultsOfItems(list: readonly unknown[], items: unknown, rule: Rule): unknown {
  if (!isRecord(items)) return list;
  return list.map((each, index) =>
    withoutDefaults(each, items, { ...rule, returned: memberOf(rule.returned, index) }),
  );
}

function memberOf(value: unknown, key: string | number): unknown {
  const isHolder = isRecord(value) || Array.isArray(value);
  return isHolder ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined;
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
