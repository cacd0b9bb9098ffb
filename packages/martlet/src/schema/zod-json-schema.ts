/**
 * The JSON Schema of a Zod schema: what Zod writes, without what it says beyond the schema's meaning.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { JsonSchema } from "../openapi/document.ts";
import type { AnySchema } from "../standard.ts";
import type { SchemaNames, SchemaSide } from "./adapter.ts";
import { answerSchema, type AnswerSchema } from "./zod-answer.ts";

/** What is put where Zod has no words. */
export interface ZodWords {
  readonly names: SchemaNames;
  readonly date: JsonSchema;
  readonly bigint: JsonSchema;
  /** The `type` of a set. */
  readonly set: "array" | "set";
}

/** Writes the JSON Schema of one side of a schema. */
export function zodJsonSchema(schema: AnySchema, side: SchemaSide, words: ZodWords): JsonSchema {
  const declared = schema as unknown as core.$ZodType;
  const told = side === "input" ? taken(declared) : answerSchema(declared);
  const json = core.toJSONSchema(told.schema, {
    io: side,
    unrepresentable: "any",
    metadata: registry(words.names, told.origin),
    override: ({ zodSchema, jsonSchema }) => {
      const def = zodSchema._zod.def as Def;
      if (def.type === "date") Object.assign(jsonSchema, words.date);
      if (def.type === "bigint") Object.assign(jsonSchema, words.bigint);
      if (def.type === "set") Object.assign(jsonSchema, setOf(def, side, words));
      corrections[def.type]?.(jsonSchema, def, told.origin(zodSchema));
      if ("default" in jsonSchema) jsonSchema.default = plain(jsonSchema.default);
    },
  });
  const { $schema: _dialect, ...rest } = json as Record<string, unknown>;
  return rest;
}

/** What comes in goes by the schema as it is. */
function taken(schema: core.$ZodType): AnswerSchema {
  return { schema, origin: (part) => part };
}

/** A list without repetitions, for Zod has no words for a set. */
function setOf({ valueType, checks = [] }: Def, side: SchemaSide, words: ZodWords): JsonSchema {
  const { $defs: _inner, ...items } = zodJsonSchema(valueType as AnySchema, side, {
    ...words,
    names: { of: () => undefined },
  });
  const limits = checks.map(({ _zod: { def } }) => ({
    ...(def.minimum !== undefined && { minItems: def.minimum }),
    ...(def.maximum !== undefined && { maxItems: def.maximum }),
  }));
  return Object.assign({ type: words.set, uniqueItems: true, items }, ...limits) as JsonSchema;
}

/** The parts of a definition that corrections look at. */
interface Def {
  readonly type: string;
  /** What an object makes of keys it does not declare. */
  readonly catchall?: unknown;
  /** The pattern of a string format. */
  readonly pattern?: RegExp;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDef } }[];
  /** What a set holds. */
  readonly valueType?: unknown;
  /** Evaluated anew each time. */
  readonly defaultValue?: unknown;
}

interface CheckDef {
  readonly pattern?: RegExp;
  /** The limits of a set's size. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Corrects what Zod wrote for a schema of one type. */
type Correction = (json: core.JSONSchema.BaseSchema, def: Def, schema: core.$ZodType) => void;

const corrections: Readonly<Record<string, Correction>> = {
  number: dropIdleBounds,
  object: leaveOpen,
  record: dropPlainKeys,
  string: correctText,
  readonly: dropReadOnly,
  default: dropUnsteadyDefault,
  prefault: dropUnsteadyDefault,
};

/** Bounds that say nothing: those of safe integers, which clutter every document, and infinity. */
function dropIdleBounds(json: core.JSONSchema.BaseSchema): void {
  const { maximum = 0, minimum = 0 } = json;
  if (maximum === Number.MAX_SAFE_INTEGER || maximum === Infinity) delete json.maximum;
  if (minimum === Number.MIN_SAFE_INTEGER || minimum === -Infinity) delete json.minimum;
}

/**
 * A plain object drops keys it does not know. Told of an answer as `additionalProperties: false`, that
 * would make clients refuse the next version's new member.
 */
function leaveOpen(json: core.JSONSchema.BaseSchema, { catchall }: Def): void {
  if (catchall === undefined) delete json.additionalProperties;
}

/** Every key of a JSON object is a string. */
function dropPlainKeys(json: core.JSONSchema.BaseSchema): void {
  if (JSON.stringify(json.propertyNames) === '{"type":"string"}') delete json.propertyNames;
}

/** Formats that are only names of checks, which the pattern tells already. */
const checkNames = new Set(["includes", "starts_with", "ends_with", "lowercase", "uppercase"]);

function correctText(json: core.JSONSchema.BaseSchema, { pattern, checks = [] }: Def): void {
  if (checkNames.has(json.format ?? "")) delete json.format;
  // JSON Schema has no flags: a pattern that needs them would refuse what the schema takes.
  const flagged = new Set(
    [pattern, ...checks.map((each) => each._zod.def.pattern)]
      .filter((each) => each !== undefined && /[ims]/.test(each.flags))
      .map((each) => each?.source),
  );
  if (flagged.size === 0) return;
  if (flagged.has(json.pattern)) delete json.pattern;
  const left = json.allOf?.filter((each) => !flagged.has(each.pattern));
  if (left === undefined) return;
  delete json.allOf;
  if (left.length === 1) Object.assign(json, left[0]);
  else if (left.length > 1) json.allOf = left;
}

/** Frozen in the program; `readOnly` in OpenAPI is another thing, a member that is only answered. */
function dropReadOnly(json: core.JSONSchema.BaseSchema, _def: Def, schema: core.$ZodType): void {
  if (core.globalRegistry.get(schema)?.["readOnly"] === undefined) delete json.readOnly;
}

/** The time of day or a random value is the default of this moment alone. */
function dropUnsteadyDefault(json: core.JSONSchema.BaseSchema, def: Def): void {
  const [first, second] = [def.defaultValue, def.defaultValue];
  if (first instanceof Date || text(first) !== text(second)) delete json.default;
}

function text(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "bigint" ? Number(each) : each,
  );
}

/** The value as JSON: examples of a bigint are bigints, and Zod would give up on them. */
function plain(value: unknown): unknown {
  return JSON.parse(text(value) ?? "null") as unknown;
}

/** Zod's own metadata, with the names that are given to schemas. */
function registry(
  names: SchemaNames,
  origin: AnswerSchema["origin"],
): core.$ZodRegistry<Record<string, unknown>> {
  const known = core.globalRegistry;
  const get = (part: core.$ZodType): Record<string, unknown> | undefined => {
    const schema = origin(part);
    const meta = known.get(schema);
    const id = names.of(schema, typeof meta?.id === "string" ? meta.id : undefined);
    if (meta === undefined) return id === undefined ? undefined : { id };
    return { ...(plain(meta) as object), ...(id !== undefined && { id }) };
  };
  // The conversion reads a registry through these two methods only.
  return {
    get,
    has: (schema: core.$ZodType) => get(schema) !== undefined,
  } as unknown as core.$ZodRegistry<Record<string, unknown>>;
}
