/**
 * Zod's schemas as a tree: what stands within a schema, and what a value of it goes through.
 *
 * @module
 */
import type * as core from "zod/v4/core";

/** The members of a definition that hold other schemas, or tell one kind of schema from another. */
export interface Definition {
  readonly type: string;
  /** The kind of text, and of number. */
  readonly format?: string;
  readonly checks?: readonly unknown[];
  readonly shape?: Readonly<Record<string, core.$ZodType>>;
  readonly catchall?: core.$ZodType;
  readonly element?: core.$ZodType;
  readonly items?: readonly core.$ZodType[];
  readonly rest?: core.$ZodType | null;
  readonly keyType?: core.$ZodType;
  readonly valueType?: core.$ZodType;
  readonly options?: readonly core.$ZodType[];
  readonly discriminator?: string;
  readonly left?: core.$ZodType;
  readonly right?: core.$ZodType;
  readonly in?: core.$ZodType;
  readonly out?: core.$ZodType;
  readonly innerType?: core.$ZodType;
  readonly getter?: () => core.$ZodType;
  /** Whether text in JSON is read as what it stands for: `lax` of `martlet/models`. */
  readonly lax?: boolean;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

/** The definition of a schema, whatever its kind. */
export function definitionOf(schema: core.$ZodType): Definition {
  return schema._zod.def;
}

/** The schema that decides first about a value of this one: within a wrapper, or at a pipe's start. */
export function within(schema: core.$ZodType): core.$ZodType | undefined {
  const { type, innerType, getter, in: first, out, options = [] } = definitionOf(schema);
  if (innerType !== undefined) return innerType;
  if (getter !== undefined) return getter();
  // What z.preprocess starts with takes anything.
  if (first !== undefined) return definitionOf(first).type === "transform" ? out : first;
  const branches = type === "union" ? options.filter(isTold) : [];
  return branches.length === 1 && options.length > 1 ? branches[0] : undefined;
}

/** Whether a branch of a union is worth a word: that there may be nothing is not. */
export function isTold(branch: core.$ZodType): boolean {
  return !["null", "undefined", "void"].includes(definitionOf(branch).type);
}

/** The schema of what stands under a key. */
export function childOf(schema: core.$ZodType, key: PropertyKey): core.$ZodType | undefined {
  const def = definitionOf(schema);
  if (def.shape !== undefined) {
    return Object.hasOwn(def.shape, key) ? def.shape[key as string] : def.catchall;
  }
  if (def.items !== undefined) return def.items[key as number] ?? def.rest ?? undefined;
  if (def.left !== undefined && def.right !== undefined) {
    return deepChildOf(def.left, key) ?? deepChildOf(def.right, key);
  }
  return def.element ?? def.valueType;
}

function deepChildOf(schema: core.$ZodType, key: PropertyKey): core.$ZodType | undefined {
  const inner = within(schema);
  return inner === undefined ? childOf(schema, key) : deepChildOf(inner, key);
}
