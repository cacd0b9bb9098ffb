/**
 * The schema by which values of the program go out: what Zod's schema says, with its codecs turned
 * round, for a codec decodes what comes in and encodes what is answered.
 *
 * `z.encode` is not it: that applies no defaults and refuses every transform.
 *
 * @module
 */
import * as core from "zod/v4/core";
import { type Definition, definitionOf } from "./zod-tree.ts";

/** A schema for answers. */
export interface AnswerSchema {
  readonly schema: core.$ZodType;
  /** What one of its parts was made of, which knows the names and descriptions. */
  readonly origin: (part: core.$ZodType) => core.$ZodType;
}

/** Turns a schema round; itself where there is nothing to turn. */
export function answerSchema(schema: core.$ZodType): AnswerSchema {
  if (!holdsCodec(schema, new Set())) return { schema, origin: (part) => part };
  const turner = new Turner();
  return {
    schema: turner.turn(schema),
    origin: (part) => turner.origins.get(part) ?? part,
  };
}

/** The parts of a definition that tell how a value of it goes out. */
interface Turning {
  /** A codec's way back. */
  readonly reverseTransform?: core.$ZodTransformDef["transform"];
  /** The schema of answers, where that is another one: it takes what `out` gives. */
  readonly answer?: core.$ZodType;
}

function turningOf(schema: core.$ZodType): Turning {
  const def = definitionOf(schema);
  return def.type === "pipe" ? (def as Turning) : {};
}

function holdsCodec(schema: core.$ZodType, seen: Set<core.$ZodType>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  const { reverseTransform, answer } = turningOf(schema);
  if (reverseTransform !== undefined || answer !== undefined) return true;
  return partsOf(definitionOf(schema)).some((each) => holdsCodec(each, seen));
}

/** The schemas that a definition holds. */
function partsOf(def: Definition): readonly core.$ZodType[] {
  const single = singles.flatMap((name) => def[name] ?? []);
  const lists = [...(def.items ?? []), ...(def.options ?? []), ...Object.values(def.shape ?? {})];
  return [...single, ...lists, ...(def.getter === undefined ? [] : [def.getter()])];
}

const singles = [
  "catchall",
  "element",
  "rest",
  "keyType",
  "valueType",
  "left",
  "right",
  "in",
  "out",
  "innerType",
] as const;

class Turner {
  readonly origins = new Map<core.$ZodType, core.$ZodType>();
  readonly #turned = new Map<core.$ZodType, core.$ZodType>();

  turn(schema: core.$ZodType): core.$ZodType {
    const known = this.#turned.get(schema);
    if (known !== undefined) return known;
    if (!holdsCodec(schema, new Set())) return schema;
    // A schema may hold itself: what is being made is looked up when the first value comes.
    const getter = (): core.$ZodType => this.#turned.get(schema) as core.$ZodType;
    this.#turned.set(schema, new core.$ZodLazy({ type: "lazy", getter }));
    const made = this.#make(schema);
    this.#turned.set(schema, made);
    this.origins.set(made, schema);
    return made;
  }

  #make(schema: core.$ZodType): core.$ZodType {
    const def = definitionOf(schema);
    const { reverseTransform, answer } = turningOf(schema);
    if (answer !== undefined) return this.turn(answer);
    if (def.type === "catch") return this.turn(def.innerType as core.$ZodType);
    if (def.type === "default") return this.#prefault(def);
    if (reverseTransform === undefined) return this.#rebuild(schema, def);
    const back = new core.$ZodTransform({ type: "transform", transform: reverseTransform });
    const value = checked(this.turn(def.out as core.$ZodType), def.checks);
    return pipe(pipe(value, back), this.turn(def.in as core.$ZodType));
  }

  /** A default is what the program has: it goes out like any other value. */
  #prefault(def: Definition & { readonly defaultValue?: unknown }): core.$ZodType {
    const innerType = this.turn(def.innerType as core.$ZodType);
    return new core.$ZodPrefault({
      type: "prefault",
      innerType,
      get defaultValue() {
        return def.defaultValue;
      },
    });
  }

  /** The same schema of turned parts. */
  #rebuild(schema: core.$ZodType, def: Definition): core.$ZodType {
    const parts: Record<string, unknown> = {};
    for (const name of singles) {
      const part = def[name];
      if (part) parts[name] = this.turn(part);
    }
    // A pipe goes backwards, too, unless it transforms, which has no way back.
    const ends = [def.in, def.out].map((each) => each && definitionOf(each).type);
    if (!ends.includes("transform")) [parts["in"], parts["out"]] = [parts["out"], parts["in"]];
    if (def.items !== undefined) parts["items"] = def.items.map((each) => this.turn(each));
    if (def.options !== undefined) parts["options"] = def.options.map((each) => this.turn(each));
    if (def.shape !== undefined) {
      const members = Object.entries(def.shape);
      parts["shape"] = Object.fromEntries(members.map(([key, each]) => [key, this.turn(each)]));
    }
    const { getter } = def;
    if (getter !== undefined) parts["getter"] = () => this.turn(getter());
    // The checks of one's own look at the program's value, those of size at either.
    const { custom = [], rest = [] } = Object.groupBy(def.checks ?? [], kindOf);
    const { _cachedInner: _inner, ...whole } = def as Definition & { _cachedInner?: unknown };
    const made = core.clone(schema, { ...whole, ...parts, checks: rest } as never);
    return custom.length === 0 ? made : pipe(checked(anything(), custom), made);
  }
}

function kindOf(check: unknown): "custom" | "rest" {
  const { def } = (check as { readonly _zod: { readonly def: { readonly check?: string } } })._zod;
  return def.check === "custom" ? "custom" : "rest";
}

function anything(): core.$ZodType {
  return new core.$ZodAny({ type: "any" });
}

/** A schema with some more checks. */
function checked(schema: core.$ZodType, checks: readonly unknown[] = []): core.$ZodType {
  if (checks.length === 0) return schema;
  return pipe(schema, core.clone(anything(), { type: "any", checks } as never));
}

function pipe(first: core.$ZodType, out: core.$ZodType): core.$ZodType {
  return new core.$ZodPipe({ type: "pipe", in: first, out });
}
