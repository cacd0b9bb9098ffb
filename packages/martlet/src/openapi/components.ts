/**
 * The document's components: every schema that has a name stands there once, and is referred to.
 *
 * A schema may look different from its two sides (a default, a transform). It is told once as `Item`
 * when both sides agree, and as `ItemInput` and `ItemOutput` when they do not.
 *
 * @module
 */
import type { SchemaNames, SchemaSide } from "../schema/adapter.ts";
import { Names } from "../schema/names.ts";
import { jsonSchemaOf } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import type { JsonSchema, SecurityRequirement, SecurityScheme } from "./document.ts";
import { type Definition, mergeTwins, referenceTo, splitNames, targetOf } from "./definition.ts";
import { discriminate, mapReferences, shown } from "./json.ts";

/** What {@link Components.finish} gives. */
export interface FinishedComponents {
  readonly schemas: Record<string, JsonSchema>;
  readonly securitySchemes: Record<string, SecurityScheme>;
  /** Puts the settled names into the rest of the document. */
  readonly settle: <T>(value: T) => T;
}

/** One field of a model. */
export interface FieldOfModel {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

type Definitions = Readonly<Record<string, JsonSchema>>;

/** Collects the schemas and security schemes of one document. */
export class Components {
  readonly #names: Names;
  readonly #told = new Map<unknown, Definition>();
  readonly #definitions = new Map<string, Definition>();
  /** Names for what a schema's library calls something within that schema. */
  readonly #local = new Map<unknown, Map<string, string>>();
  readonly #own = new Map<string, JsonSchema>();
  readonly #securitySchemes: Record<string, SecurityScheme> = {};

  /** `given` are names for schemas that have none of their own. */
  constructor(given: ReadonlyMap<unknown, string>) {
    this.#names = new Names(given);
  }

  /** The JSON Schema of a schema, a reference if it has a name. */
  schema(schema: unknown, side: SchemaSide): JsonSchema {
    const sides = this.#told.get(schema) ?? {};
    const told = sides[side] ?? this.#tell(schema, side);
    this.#told.set(schema, { ...sides, [side]: told });
    return told;
  }

  /** The fields of a model that is no component itself: parameters are told one by one. */
  fields(schema: unknown): ReadonlyMap<string, FieldOfModel> {
    const told = this.#tell(schema, "input", { isInline: true });
    const branches = (told["anyOf"] ?? told["oneOf"] ?? [told]) as readonly JsonSchema[];
    const all = branches.map((each) => this.annotations(each));
    const fields = new Map<string, FieldOfModel>();
    for (const each of all) {
      for (const [name, field] of Object.entries((each["properties"] ?? {}) as Definitions)) {
        const isRequired = all.every(({ required }) =>
          (required as string[] | undefined)?.includes(name),
        );
        const known = fields.get(name)?.schema;
        const anyOf = known === undefined ? field : { anyOf: [known, field] };
        fields.set(name, { schema: anyOf, required: isRequired });
      }
    }
    return fields;
  }

  /** What a schema says beside its shape, also when it is a reference. */
  annotations(schema: JsonSchema): JsonSchema {
    const { $ref, ...own } = schema;
    if (typeof $ref !== "string") return own;
    const { name, side = "input" } = targetOf($ref);
    return { ...this.#definitions.get(name)?.[side], ...own };
  }

  /** Puts a schema of the document's own under a name; equal ones share it. */
  named(name: string, schema: JsonSchema): JsonSchema {
    const text = JSON.stringify(schema);
    for (let free = name, count = 2; ; free = `${name}${count}`, count += 1) {
      const known = this.#own.get(free);
      if (known !== undefined && JSON.stringify(known) === text)
        return { $ref: referenceTo({ name: free }) };
      if (this.#names.has(free)) continue;
      this.#own.set(this.#names.free(free), schema);
      return { $ref: referenceTo({ name: free }) };
    }
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

  /** Settles all names. `requirements` are those of the operations. */
  finish(requirements: readonly SecurityRequirement[]): FinishedComponents {
    const { definitions, firsts } = mergeTwins(this.#definitions, (name) =>
      this.#names.wanted(name),
    );
    const settled = this.#settledNames(splitNames(definitions));
    const resolve = (value: unknown): unknown =>
      mapReferences(value, (reference) => {
        const { name, side } = targetOf(reference);
        if (side === undefined) return reference;
        return referenceTo({ name: settled(firsts.get(name) ?? name, side) });
      });
    const schemas = new Map<string, JsonSchema>();
    for (const [name, sides] of definitions) {
      for (const [side, schema] of Object.entries(sides)) {
        schemas.set(settled(name, side as SchemaSide), resolve(schema) as JsonSchema);
      }
    }
    for (const [name, schema] of this.#own) schemas.set(name, resolve(schema) as JsonSchema);
    const find = (reference: string): JsonSchema | undefined =>
      schemas.get(targetOf(reference).name);
    const settle = <T>(value: T): T => discriminate(resolve(value), find) as T;
    const sorted = [...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      schemas: settle(Object.fromEntries(sorted)),
      securitySchemes: withScopes(this.#securitySchemes, requirements),
      settle,
    };
  }

  /** Gives the final name of each side. */
  #settledNames(split: ReadonlySet<string>): (name: string, side: SchemaSide) => string {
    const settled = new Map<string, string>();
    return (name, side) => {
      if (!split.has(name)) return name;
      const wanted = `${name}${side === "input" ? "Input" : "Output"}`;
      const known = settled.get(wanted) ?? this.#names.free(wanted);
      settled.set(wanted, known);
      return known;
    };
  }

  #tell(schema: unknown, side: SchemaSide, { isInline = false } = {}): JsonSchema {
    const given = new Set<string>();
    const names: SchemaNames = {
      of: (each, own) => {
        if (isInline && each === schema) return undefined;
        const name = this.#names.of(each, own);
        if (name !== undefined) given.add(name);
        return name;
      },
    };
    const { $defs, ...json } = shown(jsonSchemaOf(schema as AnySchema, side, names) ?? {});
    const definitions = Object.entries(($defs ?? {}) as Record<string, JsonSchema>);
    const references = new Map(
      definitions.map(([name]) => {
        const known = given.has(name) ? name : this.#localName(schema, name);
        return [`#/$defs/${name}`, referenceTo({ name: known, side })];
      }),
    );
    const root = isInline ? undefined : this.#rootName(schema, { json, definitions });
    if (root !== undefined) references.set("#", referenceTo({ name: root, side }));
    const map = (each: JsonSchema): JsonSchema =>
      mapReferences(each, (reference) => references.get(reference) ?? reference) as JsonSchema;
    for (const [name, each] of definitions) {
      this.#define(references.get(`#/$defs/${name}`) as string, map(each));
    }
    if (root === undefined) return map(json);
    const target = references.get("#") as string;
    this.#define(target, map(json));
    return { $ref: target };
  }

  /** A name for the whole schema: one it was given, or one that lets it refer to itself. */
  #rootName(
    schema: unknown,
    {
      json,
      definitions,
    }: {
      readonly json: JsonSchema;
      readonly definitions: readonly (readonly [string, JsonSchema])[];
    },
  ): string | undefined {
    if (definitions.some(([name]) => json["$ref"] === `#/$defs/${name}`)) return undefined;
    const given = this.#names.of(schema, undefined);
    if (given !== undefined) return given;
    const isRecursive = JSON.stringify([json, definitions]).includes('"$ref":"#"');
    return isRecursive ? this.#localName(schema, "#") : undefined;
  }

  #localName(schema: unknown, name: string): string {
    const names = this.#local.get(schema) ?? new Map<string, string>();
    this.#local.set(schema, names);
    // Zod's `__schema0`, Valibot's `0` and the like are no names.
    const free = names.get(name) ?? this.#names.free(/^[A-Za-z]/.test(name) ? name : "Schema");
    names.set(name, free);
    return free;
  }

  #define(target: string, schema: JsonSchema): void {
    const { name, side = "input" } = targetOf(target);
    this.#definitions.set(name, { ...this.#definitions.get(name), [side]: schema });
  }
}

/** Scopes that are asked for belong to those that a flow offers: the docs page lists them to choose. */
function withScopes(
  schemes: Readonly<Record<string, SecurityScheme>>,
  requirements: readonly SecurityRequirement[],
): Record<string, SecurityScheme> {
  const asked = (name: string): readonly string[] =>
    requirements.flatMap((each) => each[name] ?? []);
  return Object.fromEntries(
    Object.entries(schemes).map(([name, scheme]) => {
      if (scheme.type !== "oauth2") return [name, scheme];
      const missing = Object.fromEntries(asked(name).map((each) => [each, ""]));
      const flows = Object.entries(scheme["flows"] as Record<string, { scopes?: object }>).map(
        ([kind, flow]) => [kind, { ...flow, scopes: { ...missing, ...flow.scopes } }],
      );
      return [name, { ...scheme, flows: Object.fromEntries(flows) }];
    }),
  );
}
