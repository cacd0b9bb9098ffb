import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { jsonSchema } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";

/** A schema, with values that it takes and values that it refuses. */
interface Sample {
  readonly schema: z.ZodType;
  readonly taken: readonly unknown[];
  readonly refused: readonly unknown[];
}

const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree).optional();
  },
});
const Card = z.object({ kind: z.literal("card"), number: z.string() });
const Bill = z.object({ kind: z.enum(["bill", "reminder"]), due: z.iso.date() });

const samples: Readonly<Record<string, Sample>> = {
  string: { schema: z.string(), taken: ["", "é"], refused: [1, null, undefined] },
  "string with bounds": {
    schema: z.string().min(2).max(3),
    taken: ["ab", "abc"],
    refused: ["a", "abcd"],
  },
  pattern: { schema: z.string().regex(/^[a-z]+$/), taken: ["abc"], refused: ["ABC", "a1"] },
  "pattern in any case": {
    schema: z.string().regex(/^[a-z]+$/i),
    taken: ["abc", "ABC"],
    refused: [1],
  },
  "patterns, one of them in any case": {
    schema: z
      .string()
      .regex(/^[a-z]+$/i)
      .regex(/b/),
    taken: ["ab", "Ab"],
    refused: ["ac"],
  },
  "parts of text": {
    schema: z.string().startsWith("a.").endsWith("?").includes("+"),
    taken: ["a.+?", "a.b+c?"],
    refused: ["ab+?", "a.?", "a.+"],
  },
  email: { schema: z.email(), taken: ["ann@shop.test"], refused: ["ann", "@shop.test"] },
  uuid: {
    schema: z.uuid(),
    taken: ["2f0c9a3e-54d7-4f5c-9a0e-2b6f3f1d6c11"],
    refused: ["2f0c9a3e", "zf0c9a3e-54d7-4f5c-9a0e-2b6f3f1d6c11"],
  },
  "date and time": {
    schema: z.iso.datetime(),
    taken: ["2026-11-24T10:00:00Z"],
    refused: ["2026-11-24", "2026-02-30T10:00:00Z"],
  },
  "date and time with an offset": {
    schema: z.iso.datetime({ offset: true }),
    taken: ["2026-11-24T10:00:00+01:00"],
    refused: ["2026-11-24T10:00:00"],
  },
  "local date and time": {
    schema: z.iso.datetime({ local: true }),
    taken: ["2026-11-24T10:00:00"],
    refused: ["2026-11-24"],
  },
  date: { schema: z.iso.date(), taken: ["2024-02-29"], refused: ["2026-02-29", "24-02-29"] },
  time: { schema: z.iso.time(), taken: ["10:00", "10:00:01.5"], refused: ["25:00"] },
  url: { schema: z.url(), taken: ["https://shop.test/a?b"], refused: ["not a url"] },
  ipv4: { schema: z.ipv4(), taken: ["127.0.0.1"], refused: ["256.0.0.1"] },
  base64: { schema: z.base64(), taken: ["YWI=", ""], refused: ["YWI", "*"] },
  number: { schema: z.number(), taken: [0, -1.5, 1e300], refused: ["1", null, true] },
  "number with bounds": {
    schema: z.number().gt(0).lte(10).multipleOf(0.5),
    taken: [0.5, 10],
    refused: [0, 10.5, 0.3],
  },
  integer: { schema: z.int(), taken: [0, -7, 2 ** 53 - 1], refused: [0.5, "1"] },
  "integer of 32 bits": { schema: z.int32(), taken: [2 ** 31 - 1], refused: [2 ** 31] },
  boolean: { schema: z.boolean(), taken: [true, false], refused: [0, "true"] },
  null: { schema: z.null(), taken: [null], refused: [0, ""] },
  nullable: { schema: z.string().nullable(), taken: ["a", null], refused: [1] },
  literals: {
    schema: z.literal(["a", 1, null, true]),
    taken: ["a", 1, null, true],
    refused: ["b", 2, false],
  },
  enum: { schema: z.enum(["a", "b"]), taken: ["a"], refused: ["c", 0] },
  "enum of numbers": { schema: z.enum({ Low: 1, High: 2 }), taken: [1, 2], refused: [3, "Low"] },
  list: {
    schema: z.array(z.int()).min(1).max(2),
    taken: [[1], [1, 2]],
    refused: [[], [1, 2, 3], ["1"], {}],
  },
  tuple: {
    schema: z.tuple([z.string(), z.int()]),
    taken: [["a", 1]],
    refused: [["a"], ["a", 1, 2], [1, "a"]],
  },
  "tuple with a rest": {
    schema: z.tuple([z.string()], z.int()),
    taken: [["a"], ["a", 1, 2]],
    refused: [[], ["a", "b"]],
  },
  object: {
    schema: z.object({ a: z.int(), b: z.string().optional(), c: z.boolean().default(true) }),
    taken: [{ a: 1 }, { a: 1, b: "x", c: false }, { a: 1, more: 2 }],
    refused: [{}, { a: "1" }, { a: 1, b: null }, [], null],
  },
  "strict object": {
    schema: z.strictObject({ a: z.int() }),
    taken: [{ a: 1 }],
    refused: [{ a: 1, b: 2 }],
  },
  "loose object": {
    schema: z.looseObject({ a: z.int() }),
    taken: [{ a: 1, b: 2 }],
    refused: [{ b: 2 }],
  },
  "object with a type for the rest": {
    schema: z.object({ a: z.int() }).catchall(z.string()),
    taken: [{ a: 1, b: "x" }],
    refused: [{ a: 1, b: 2 }],
  },
  "nested objects": {
    schema: z.object({ a: z.object({ b: z.object({ c: z.int() }).optional() }).nullable() }),
    taken: [{ a: null }, { a: {} }, { a: { b: { c: 1 } } }],
    refused: [{}, { a: { b: null } }, { a: { b: {} } }],
  },
  partial: { schema: Card.partial(), taken: [{}, { number: "1" }], refused: [{ kind: "bill" }] },
  record: {
    schema: z.record(z.string(), z.int()),
    taken: [{}, { a: 1 }],
    refused: [{ a: "1" }, []],
  },
  "record of known keys": {
    schema: z.record(z.enum(["a", "b"]), z.int()),
    taken: [{ a: 1, b: 2 }],
    refused: [{ a: 1 }, { a: 1, b: 2, c: 3 }],
  },
  "record of some known keys": {
    schema: z.partialRecord(z.enum(["a", "b"]), z.int()),
    taken: [{}, { a: 1 }],
    refused: [{ c: 1 }],
  },
  union: { schema: z.union([z.string(), z.int()]), taken: ["a", 1], refused: [1.5, null] },
  "discriminated union": {
    schema: z.discriminatedUnion("kind", [Card, Bill]),
    taken: [
      { kind: "card", number: "1" },
      { kind: "reminder", due: "2026-12-24" },
    ],
    refused: [{ kind: "card" }, { kind: "bill", number: "1" }, { kind: "other" }, {}],
  },
  intersection: {
    schema: z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })),
    taken: [
      { a: 1, b: 2 },
      { a: 1, b: 2, c: 3 },
    ],
    refused: [{ a: 1 }, { b: 2 }],
  },
  recursive: {
    schema: Tree,
    taken: [{ name: "a" }, { name: "a", children: [{ name: "b", children: [] }] }],
    refused: [{ name: "a", children: [{}] }],
  },
  "any JSON": { schema: z.json(), taken: [null, 1, { a: [true] }], refused: [] },
  frozen: { schema: z.object({ a: z.int() }).readonly(), taken: [{ a: 1 }], refused: [{}] },
  "text that says a truth": { schema: z.stringbool(), taken: ["yes", "0"], refused: [true] },
  "text from a template": {
    schema: z.templateLiteral(["v", z.int()]),
    taken: ["v1"],
    refused: ["1", "v1.5"],
  },
  nothing: { schema: z.never(), taken: [], refused: [1, null, {}] },
};

const ajv = new Ajv2020({ strict: false, logger: false });
// The formats may be typed by another copy of Ajv, of the same interface.
formats.default(ajv as unknown as Parameters<typeof formats.default>[0]);

/** What a JSON Schema validator makes of values. */
function judge(schema: z.ZodType, side: "input" | "output"): (value: unknown) => boolean {
  const json = JSON.parse(JSON.stringify(jsonSchema(schema, side))) as object;
  return ajv.compile(json) as (value: unknown) => boolean;
}

describe("the JSON Schema of", () => {
  describe.each(Object.entries(samples))("%s", (_name, { schema, taken, refused }) => {
    test("takes what the schema takes, and refuses what it refuses", () => {
      const takes = judge(schema, "input");
      for (const value of [...taken, ...refused]) {
        const told = { value, told: takes(value) };
        expect(told).toEqual({ value, told: schema.safeParse(value).success });
      }
      expect(taken.every((value) => schema.safeParse(value).success)).toBe(true);
      expect(refused.some((value) => schema.safeParse(value).success)).toBe(false);
    });

    test("fits what the schema gives, with a member more too", () => {
      const fits = judge(schema, "output");
      for (const value of taken) {
        const made = schema.parse(value);
        // A codec is answered the way it came.
        const sent = schema instanceof z.ZodCodec ? z.encode(schema, made) : made;
        const given = JSON.parse(JSON.stringify(sent)) as unknown;
        expect({ given, fits: fits(given) }).toEqual({ given, fits: true });
      }
    });
  });
});

describe("the JSON Schema of an answer", () => {
  test("lets a later version add members, unless the schema is strict", () => {
    const later = { a: 1, added: 2 };
    expect(judge(z.object({ a: z.int() }), "output")(later)).toBe(true);
    expect(judge(z.array(z.object({ a: z.int() })).nullable(), "output")([later])).toBe(true);
    expect(judge(z.strictObject({ a: z.int() }), "output")(later)).toBe(false);
  });

  test("asks for what a default fills in", () => {
    const schema = z.object({ a: z.int().default(1) });
    expect([judge(schema, "input")({}), judge(schema, "output")({})]).toEqual([true, false]);
  });
});

describe("a JSON Schema", () => {
  const told = (schema: z.ZodType) => jsonSchema(schema, "input");

  test("says nothing that its type says already", () => {
    expect(told(z.int())).toEqual({ type: "integer" });
    expect(told(z.int().min(0))).toEqual({ type: "integer", minimum: 0 });
    expect(told(z.record(z.string(), z.int()))).toEqual({
      type: "object",
      additionalProperties: { type: "integer" },
    });
    expect(told(z.string().includes("a"))).toEqual({ type: "string", pattern: "a" });
  });

  test("leaves out a pattern that needs flags, which it has no words for", () => {
    expect(told(z.string().regex(/^a$/i))).toEqual({ type: "string" });
    expect(told(z.string().regex(/^a/i).regex(/b/).regex(/c/))).toEqual({
      type: "string",
      allOf: [{ pattern: "b" }, { pattern: "c" }],
    });
  });

  test("leaves out a default that is another each time", () => {
    expect(told(z.date().default(() => new Date()))).toEqual({
      type: "string",
      format: "date-time",
    });
    expect(told(z.number().default(() => Math.random()))).toEqual({ type: "number" });
    expect(told(z.array(z.string()).default(() => []))).toMatchObject({ default: [] });
  });

  test("tells bigints in metadata and defaults as numbers", () => {
    expect(told(z.bigint().meta({ examples: [5n] }))).toMatchObject({ examples: [5] });
    expect(told(z.object({ a: z.bigint() }).catch({ a: 1n }))).toMatchObject({ default: { a: 1 } });
  });

  test("leaves out bounds at infinity, which JSON has no word for", () => {
    expect(told(z.number().min(-Infinity).max(Infinity))).toEqual({ type: "number" });
  });

  test("keeps readOnly for members that are only answered", () => {
    expect(told(z.object({}).readonly())).not.toHaveProperty("readOnly");
    expect(told(z.int().meta({ readOnly: true }))).toEqual({ type: "integer", readOnly: true });
  });

  test("has words for dates and bigints", () => {
    expect(told(z.date())).toEqual({ type: "string", format: "date-time" });
    expect(told(z.bigint())).toEqual({ type: "integer", format: "int64" });
  });

  test("tells two schemas of one id apart", () => {
    const [one, other] = [z.string(), z.int()].map((each) => each.meta({ id: "Key" }));
    const json = told(z.object({ one, other }));
    expect(json?.["$defs"]).toEqual({ Key: { type: "string" }, Key2: { type: "integer" } });
  });
});
