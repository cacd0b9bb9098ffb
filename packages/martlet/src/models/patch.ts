/**
 * Models of changes: every field may be left out, and what is left out stays as it was.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";
import { changed, isObjectSchema, mapParts, type Parts, partsOf } from "./parts.ts";

/** How a patch is made. */
export interface PatchOptions<Deep extends boolean> {
  /** Whether nested objects are patched as well, not replaced as a whole. @default false */
  readonly deep?: Deep;
}

/** A model of objects, of Zod or Zod Mini. */
type ObjectModel = core.$ZodObject;

/** The fields of a model as its patch has them. */
export type PatchShape<Shape, Deep extends boolean> = {
  [K in keyof Shape]: z.ZodOptional<PatchField<Shape[K], Deep>>;
};

/** A field without what would fill it in; with `deep`, an object becomes a patch of itself. */
type PatchField<S, Deep extends boolean> =
  S extends z.core.$ZodDefault<infer Inner>
    ? PatchField<Inner, Deep>
    : S extends z.core.$ZodPrefault<infer Inner>
      ? PatchField<Inner, Deep>
      : S extends z.core.$ZodOptional<infer Inner>
        ? PatchField<Inner, Deep>
        : S extends z.core.$ZodNullable<infer Inner>
          ? z.ZodNullable<PatchField<Inner, Deep>>
          : [Deep, S] extends [true, z.core.$ZodObject<infer Shape, infer Config>]
            ? z.ZodObject<PatchShape<Shape, true>, Config>
            : S extends core.$ZodType
              ? S
              : never;

/** The model that {@link patchOf} makes. */
export type PatchOf<M extends ObjectModel, Deep extends boolean = false> = z.ZodObject<
  PatchShape<M["_zod"]["def"]["shape"], Deep>
>;

/**
 * The model of a change to `model`: every field may be left out, and none is filled in.
 *
 * `model.partial()` keeps the defaults: a client that sends `{ price: 3 }` would reset every other
 * field that has one. A field that is left out of a patch is not there, while one that is `null` is,
 * where the model takes null. Checks of the whole model need the whole of it: check the result.
 * A strict model has a strict patch.
 *
 * @example
 * ```ts
 * import { applyPatch, patchOf } from "martlet/models";
 * import { z } from "zod";
 *
 * const Item = z.object({ name: z.string(), note: z.string().nullable(), stock: z.int().default(0) });
 * const ItemPatch = patchOf(Item);
 * expect(Item.partial().parse({ note: null })).toEqual({ note: null, stock: 0 });
 * expect(ItemPatch.parse({ note: null })).toEqual({ note: null });
 *
 * const item: z.infer<typeof Item> = { name: "Lamp", note: "new", stock: 7 };
 * expect(applyPatch(item, ItemPatch.parse({ note: null }))).toEqual({ name: "Lamp", note: null, stock: 7 });
 * ```
 */
export function patchOf<M extends ObjectModel, const Deep extends boolean = false>(
  model: M,
  options: PatchOptions<Deep> = {},
): PatchOf<M, Deep> {
  // What is made field by field has the type that is worked out field by field.
  return patchModel(model, options.deep ?? false) as unknown as PatchOf<M, Deep>;
}

function patchModel(model: core.$ZodType, deep: boolean): z.ZodObject {
  const { shape = {}, catchall } = partsOf(model);
  const fields = Object.entries(shape).map(
    ([name, field]) =>
      [name, new z.ZodOptional({ type: "optional", innerType: bare(field, deep) })] as const,
  );
  const def = { type: "object", shape: Object.fromEntries(fields), ...(catchall && { catchall }) };
  return new z.ZodObject(def as never);
}

/** What would make a value of nothing, or of something else. */
const filling: ReadonlySet<string> = new Set([
  "default",
  "prefault",
  "catch",
  "optional",
  "nonoptional",
]);
const wrapping: ReadonlySet<string> = new Set(["nullable", "readonly"]);

function bare(schema: core.$ZodType, deep: boolean): core.$ZodType {
  const { type, innerType, in: first } = partsOf(schema) as Required<Parts>;
  if (filling.has(type)) return bare(innerType, deep);
  if (wrapping.has(type)) return mapParts(schema, (part) => bare(part, deep));
  if (type === "pipe") return changed(schema, { in: bare(first, deep) });
  return deep && isObjectSchema(schema) ? patchModel(schema, deep) : schema;
}

/**
 * An object with a patch applied: what the patch has replaces what was there, `null` included. Nothing
 * is changed in place. With `deep`, objects within are patched in turn; lists are always replaced.
 *
 * @example
 * ```ts
 * import { applyPatch } from "martlet/models";
 *
 * const user = { name: "Ann", address: { city: "Bern", zip: "3000" } };
 * const moved = applyPatch(user, { address: { zip: "3001" } }, { deep: true });
 * expect(moved).toEqual({ name: "Ann", address: { city: "Bern", zip: "3001" } });
 * expect(user.address.zip).toBe("3000");
 * ```
 */
export function applyPatch<T extends object, Deep extends boolean = false>(
  current: T,
  patch: Patch<T, Deep>,
  options: PatchOptions<Deep> = {},
): T {
  const members = Object.entries(patch)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const known = (current as Record<string, unknown>)[name];
      const isNested = options.deep === true && isRecord(known) && isRecord(value);
      return [name, isNested ? applyPatch(known, value, { deep: true }) : value] as const;
    });
  // A member that the patch has is of the type that it has in T.
  return { ...current, ...Object.fromEntries(members) };
}

/** What may be applied to a T. */
export type Patch<T, Deep extends boolean = false> = {
  readonly [K in keyof T]?: Deep extends true ? DeepPatch<T[K]> | undefined : T[K] | undefined;
};

type DeepPatch<V> = V extends readonly unknown[] | Date | ((...args: never[]) => unknown)
  ? V
  : V extends object
    ? Patch<V, true>
    : V;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
