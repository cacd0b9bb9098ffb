import { martlet, patch } from "martlet";
import { client } from "martlet/client";
import { applyPatch, patchOf } from "martlet/models";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";

const Item = z.object({
  name: z.string().min(1),
  note: z.string().nullable().default("none"),
  stock: z.int().min(0).default(7),
  tags: z.array(z.string()).prefault([]),
  colour: z.enum(["red", "blue"]).catch("red"),
  size: z.object({ width: z.int(), height: z.int().default(1) }),
  slug: z
    .string()
    .default("x")
    .transform((text) => text.toLowerCase()),
});

describe("a patch", () => {
  const ItemPatch = patchOf(Item);

  test("has what was sent and nothing else, null included", () => {
    expect(ItemPatch.parse({})).toEqual({});
    expect(ItemPatch.parse({ note: null, slug: "A" })).toEqual({ note: null, slug: "a" });
    expect(Item.partial().parse({ note: null })).toEqual({
      note: null,
      stock: 7,
      tags: [],
      slug: "x",
    });
  });

  test("checks what was sent as the model does", () => {
    for (const wrong of [
      { name: "" },
      { stock: -1 },
      { colour: "green" },
      { size: { width: 1.5 } },
    ]) {
      expect(ItemPatch.safeParse(wrong).success).toBe(false);
    }
    expect(ItemPatch.parse({ size: { width: 2 } })).toEqual({ size: { width: 2, height: 1 } });
  });

  test("is as strict as its model, and knows nothing of checks of the whole", () => {
    const Range = z
      .strictObject({ low: z.int(), high: z.int() })
      .refine(({ low, high }) => low < high, "The range is empty.");
    const RangePatch = patchOf(Range);
    expect(RangePatch.parse({ low: 9 })).toEqual({ low: 9 });
    expect(RangePatch.safeParse({ middle: 1 }).success).toBe(false);
    expect(patchOf(z.looseObject({ a: z.int() })).parse({ b: 1 })).toEqual({ b: 1 });
  });

  test("goes into objects when it is told to", () => {
    const Deep = patchOf(Item, { deep: true });
    expect(Deep.parse({ size: { width: 2 } })).toEqual({ size: { width: 2 } });
    expectTypeOf<z.output<typeof Deep>["size"]>().toEqualTypeOf<
      { width?: number | undefined; height?: number | undefined } | undefined
    >();
  });

  test("has the types of what may be sent", async () => {
    expectTypeOf<z.output<typeof ItemPatch>["note"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<z.output<typeof ItemPatch>["stock"]>().toEqualTypeOf<number | undefined>();
    const app = martlet({
      change: patch("/", { body: ItemPatch }, ({ body }) => Object.keys(body)),
    });
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const answer = await api.change({ body: { note: null, stock: 3 } });
    expect(answer.ok && answer.data).toEqual(["note", "stock"]);
    const body = app.openapi().paths["/"]?.patch?.requestBody;
    expect(JSON.stringify(body)).not.toContain('required":["name');
    expect(JSON.stringify(body)).not.toContain('default":7');
  });

  test("is made of a model of Zod Mini, too", () => {
    const Small = mini.object({ a: mini._default(mini.int(), 1), b: mini.optional(mini.string()) });
    expect(patchOf(Small).parse({ b: "x" })).toEqual({ b: "x" });
  });
});

describe("applying a patch", () => {
  test("replaces what the patch has, and changes nothing in place", () => {
    const before = { a: 1, b: "x" as string | null, c: { d: 1, e: [1, 2] } };
    const after = applyPatch(before, { b: null, c: { d: 2, e: [] } });
    expect(after).toEqual({ a: 1, b: null, c: { d: 2, e: [] } });
    expect(before).toEqual({ a: 1, b: "x", c: { d: 1, e: [1, 2] } });
    expect(applyPatch(before, { a: undefined })).toEqual(before);
  });

  test("merges objects when it is told to, but never lists or dates", () => {
    const before = { at: new Date(0), c: { d: 1, e: [1, 2], f: null as { g: number } | null } };
    const patched = applyPatch(
      before,
      { at: new Date(1), c: { e: [3], f: { g: 1 } } },
      { deep: true },
    );
    expect(patched).toEqual({ at: new Date(1), c: { d: 1, e: [3], f: { g: 1 } } });
    expect(patched.at.getTime()).toBe(1);
  });

  test("leaves prototypes alone", () => {
    const evil = JSON.parse('{"__proto__":{"admin":true}}') as object;
    const after = applyPatch<object>({ a: 1 }, evil);
    expect((after as { admin?: boolean }).admin).toBeUndefined();
  });
});
