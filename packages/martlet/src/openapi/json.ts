/**
 * The document as plain JSON, and the references within.
 *
 * @module
 */
import type { JsonSchema } from "./document.ts";

/** A copy that is plain JSON, with every `$ref` mapped. */
export function mapReferences(value: unknown, map: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => mapReferences(each, map) ?? null);
  if (typeof value !== "object" || value === null) return plain(value);
  if (value instanceof Date) return plain(value);
  const mapped: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const told = key === "$ref" && typeof each === "string" ? map(each) : mapReferences(each, map);
    if (told !== undefined) mapped[key] = told;
  }
  return mapped;
}

/** A record of the same names, with other values. */
export function mapped<T, R>(
  record: Readonly<Record<string, T>>,
  map: (each: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, map(each)]));
}

/** Metadata of schemas may hold what JSON has no words for. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return typeof value === "function" || typeof value === "symbol" ? undefined : value;
}

/** Keywords that hold schemas by names of the developer's, and those that hold no schemas at all. */
const named = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);
const values = new Set(["default", "const", "enum", "example", "examples"]);

/** A JSON Schema without `hidden`, which is a word of Martlet's own for the document. */
export function shown(schema: JsonSchema): JsonSchema {
  const { hidden: _hidden, ...rest } = schema;
  return Object.fromEntries(
    Object.entries(rest).map(([keyword, value]) => {
      if (values.has(keyword)) return [keyword, value];
      if (named.has(keyword)) return [keyword, mapped(value as Record<string, unknown>, shownIn)];
      return [keyword, shownIn(value)];
    }),
  );
}

function shownIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownIn);
  return typeof value === "object" && value !== null ? shown(value as JsonSchema) : value;
}

/** What tells the alternatives of a union apart. */
export interface Discriminator {
  /** A required property that holds other texts in each of them. */
  readonly property: string;
  /** The texts of each alternative, in their order. */
  readonly values: readonly (readonly string[])[];
}

/** The property by whose value exactly one of the schemas fits, if there is one. */
export function discriminatorOf(schemas: readonly JsonSchema[]): Discriminator | undefined {
  for (const property of required(schemas[0])) {
    const values = schemas.map((each) =>
      required(each).includes(property) ? texts(each, property) : [],
    );
    const all = values.flat();
    const isTold = values.every((each) => each.length > 0);
    if (isTold && new Set(all).size === all.length) return { property, values };
  }
  return undefined;
}

function required(schema: JsonSchema | undefined): readonly string[] {
  return (schema?.["required"] ?? []) as readonly string[];
}

/** The texts that a property may hold, if it lists them. */
function texts(schema: JsonSchema, property: string): readonly string[] {
  const { [property]: told } = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  const values = "const" in (told ?? {}) ? [told?.["const"]] : (told?.["enum"] ?? []);
  const all = values as readonly unknown[];
  return all.every((each) => typeof each === "string") ? all : [];
}

/**
 * A copy in which every union of components that one property tells apart says so: code generators
 * make a tagged union of it.
 */
export function discriminate(
  value: unknown,
  find: (reference: string) => JsonSchema | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((each) => discriminate(each, find));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    copy[key] = discriminate(each, find);
    if (key !== "oneOf" && key !== "anyOf") continue;
    const told = taggedUnion(each, find);
    if (told !== undefined && !("discriminator" in value)) copy["discriminator"] = told;
  }
  return copy;
}

function taggedUnion(
  alternatives: unknown,
  find: (reference: string) => JsonSchema | undefined,
): { readonly propertyName: string; readonly mapping: Record<string, string> } | undefined {
  if (!Array.isArray(alternatives) || alternatives.length < 2) return undefined;
  const references = alternatives.map((each: JsonSchema) => each?.["$ref"]);
  const schemas = references.map((each) => (typeof each === "string" ? find(each) : undefined));
  if (schemas.includes(undefined)) return undefined;
  const found = discriminatorOf(schemas as JsonSchema[]);
  if (found === undefined) return undefined;
  const pairs = found.values.flatMap((texts, index) =>
    texts.map((each) => [each, references[index] as string] as const),
  );
  return { propertyName: found.property, mapping: Object.fromEntries(pairs) };
}
