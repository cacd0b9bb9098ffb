/**
 * The document's components: every schema that has a name stands there once, and is referred to.
 *
 * A schema may look different from its two sides (a default, a transform). It is told once as `Item`
 * when both sides agree, and as `ItemInput` and `ItemOutput` when they do not.
 *
 * @module
 */
import type { SchemaNames, SchemaSide } from "../schema/adapter.ts";
import { jsonSchemaOf } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import type { JsonSchema, SecurityScheme } from "./document.ts";

const place = "#/components/schemas/";
/** Stands in a reference between a name and its side until both are known. */
const mark = "~";

/** Collects the schemas and security schemes of one document. */
export class Components {
  readonly #names: SchemaNames;
  readonly #sides = new Map<string, Partial<Record<SchemaSide, JsonSchema>>>();
  readonly #plain = new Map<string, JsonSchema>();
  readonly #securitySchemes: Record<string, SecurityScheme> = {};
  #anonymous = 0;

  constructor(names: SchemaNames) {
    this.#names = names;
  }

  /** The JSON Schema of a schema, a reference if it has a name. */
  schema(schema: unknown, side: SchemaSide): JsonSchema {
    const { $defs, ...json } = jsonSchemaOf(schema as AnySchema, side, this.#names) ?? {};
    const renames = new Map<string, string>();
    const definitions = Object.entries(($defs ?? {}) as Record<string, JsonSchema>);
    for (const [name] of definitions) renames.set(`#/$defs/${name}`, this.#target(name, side));
    const recursive = JSON.stringify(json).includes('"$ref":"#"');
    if (recursive) renames.set("#", this.#target("__schema", side));
    for (const [name, each] of definitions) {
      this.#define(renames.get(`#/$defs/${name}`) as string, side, rename(each, renames));
    }
    if (!recursive) return rename(json, renames);
    const target = renames.get("#") as string;
    this.#define(target, side, rename(json, renames));
    return { $ref: target };
  }

  /** Puts a schema of the document's own under a name; equal ones share it. */
  named(name: string, schema: JsonSchema): JsonSchema {
    const text = JSON.stringify(schema);
    let free = name;
    for (let count = 2; this.#taken(free, text); count += 1) free = `${name}${count}`;
    this.#plain.set(free, schema);
    return { $ref: `${place}${free}` };
  }

  /** The name of a security scheme; a different one of the same name gets a number. */
  securityScheme(name: string, scheme: SecurityScheme): string {
    const text = JSON.stringify(scheme);
    let free = name;
    for (let count = 2; ; count += 1) {
      const known = this.#securitySchemes[free];
      if (known === undefined || JSON.stringify(known) === text) break;
      free = `${name}${count}`;
    }
    this.#securitySchemes[free] = scheme;
    return free;
  }

  /** Settles the names and gives a function that puts them into the rest of the document. */
  finish(): {
    readonly schemas: Record<string, JsonSchema>;
    readonly securitySchemes: Record<string, SecurityScheme>;
    readonly settle: <T>(value: T) => T;
  } {
    const split = this.#split();
    const name = (reference: string): string => {
      const [bare = "", side] = reference.split(mark);
      if (side === undefined) return reference;
      const key = bare.slice(place.length);
      return split.has(key) ? `${bare}${side === "input" ? "Input" : "Output"}` : bare;
    };
    const settle = <T>(value: T): T => mapReferences(value, name) as T;
    const schemas: Record<string, JsonSchema> = {};
    for (const [key, sides] of this.#sides) {
      for (const [side, schema] of Object.entries(sides)) {
        schemas[name(`${place}${key}${mark}${side}`).slice(place.length)] = settle(schema);
      }
    }
    for (const [key, schema] of this.#plain) schemas[key] = settle(schema);
    const sorted = Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      schemas: Object.fromEntries(sorted),
      securitySchemes: this.#securitySchemes,
      settle,
    };
  }

  #taken(name: string, text: string): boolean {
    const known = this.#plain.get(name);
    return this.#sides.has(name) || (known !== undefined && JSON.stringify(known) !== text);
  }

  #target(name: string, side: SchemaSide): string {
    const bare = name.startsWith("__") ? `Schema${(this.#anonymous += 1)}` : safe(name);
    return `${place}${bare}${mark}${side}`;
  }

  #define(target: string, side: SchemaSide, schema: JsonSchema): void {
    const name = target.slice(place.length).split(mark)[0] as string;
    const { id: _id, ...json } = schema;
    this.#sides.set(name, { ...this.#sides.get(name), [side]: json });
  }

  /** The names whose two sides differ, in themselves or in what they refer to. */
  #split(): ReadonlySet<string> {
    const split = new Set<string>();
    const bare = (schema: unknown): string =>
      JSON.stringify(mapReferences(schema, (each) => each.split(mark)[0] as string));
    const both = [...this.#sides].filter(([, { input, output }]) => input && output);
    for (const [name, { input, output }] of both) {
      if (bare(input) !== bare(output)) split.add(name);
    }
    for (let before = -1; before !== split.size;) {
      before = split.size;
      for (const [name, { input }] of both) {
        mapReferences(input, (each) => {
          if (split.has(each.slice(place.length).split(mark)[0] as string)) split.add(name);
          return each;
        });
      }
    }
    return split;
  }
}

/** A name as components may have it (OpenAPI 3.1 section 4.8.7.1). */
function safe(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}

function rename(schema: JsonSchema, renames: ReadonlyMap<string, string>): JsonSchema {
  return mapReferences(schema, (each) => renames.get(each) ?? each) as JsonSchema;
}

/** A copy with every `$ref` mapped. */
function mapReferences(value: unknown, map: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => mapReferences(each, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key === "$ref" && typeof each === "string"
        ? [key, map(each)]
        : [key, mapReferences(each, map)],
    ),
  );
}
