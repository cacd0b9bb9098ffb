import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { type AnySchema, type Faults, get, martlet, post } from "martlet";
import { testClient } from "martlet/testing";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

interface Library {
  readonly name: string;
  readonly int: AnySchema;
  readonly flag: AnySchema;
  readonly color: AnySchema;
  readonly tags: AnySchema;
  readonly text: AnySchema;
  readonly item: AnySchema;
}

const valibot: Library = {
  name: "Valibot",
  int: toStandardJsonSchema(v.pipe(v.number(), v.integer(), v.maxValue(100))),
  flag: toStandardJsonSchema(v.optional(v.boolean(), false)),
  color: toStandardJsonSchema(v.picklist(["red", "green"])),
  tags: toStandardJsonSchema(v.optional(v.array(v.number()), [])),
  text: toStandardJsonSchema(v.pipe(v.string(), v.minLength(2))),
  item: toStandardJsonSchema(
    v.object({ name: v.string(), price: v.number(), parts: v.array(v.object({ id: v.number() })) }),
  ),
};

const arktype: Library = {
  name: "ArkType",
  int: type("number.integer <= 100"),
  flag: type("boolean | undefined").pipe((each) => each ?? false),
  color: type("'red' | 'green'"),
  tags: type("number[] | undefined").pipe((each) => each ?? []),
  text: type("string >= 2"),
  item: type({ name: "string", price: "number", parts: type({ id: "number" }).array() }),
};

const zod: Library = {
  name: "Zod",
  int: z.int().max(100),
  flag: z.boolean().default(false),
  color: z.enum(["red", "green"]),
  tags: z.array(z.number()).default([]),
  text: z.string().min(2),
  item: z.object({
    name: z.string(),
    price: z.number(),
    parts: z.array(z.object({ id: z.number() })),
  }),
};

interface Refusal {
  readonly errors: readonly { readonly loc: readonly unknown[]; readonly code: string }[];
}

describe.each([zod, valibot, arktype])(
  "schemas of $name",
  ({ int, flag, color, tags, text, item }) => {
    const app = martlet({
      read: get(
        "/read/{int}",
        {
          path: { int },
          query: { flag, color, tags },
          header: { xText: text },
          cookie: { count: int },
        },
        (all) => all,
      ),
      form: post("/form", { form: { int, flag, tags, text } }, (all) => all),
      body: post("/body", { body: item, returns: item }, ({ body }) => body as never),
    });

    test("read text as they declare", async () => {
      await using client = testClient(app);
      const headers = { "x-text": "ab", cookie: "count=7" };
      const answer = await client.get("/read/5?flag=yes&color=red&tags=1&tags=2", { headers });
      expect(await answer.json()).toEqual({
        int: 5,
        flag: true,
        color: "red",
        tags: [1, 2],
        xText: "ab",
        count: 7,
      });
      const form = await client.post("/form", { form: { int: "5", tags: ["1", "2"], text: "ab" } });
      expect(await form.json()).toEqual({ int: 5, flag: false, tags: [1, 2], text: "ab" });
    });

    test("tell everything that is wrong, each in its place", async () => {
      await using client = testClient(app);
      const headers = { "x-text": "a", cookie: "count=101" };
      const answer = await client.get("/read/x?flag=maybe&color=blue&tags=1&tags=x", { headers });
      const { errors } = (await answer.json()) as Refusal;
      expect([answer.status, errors.map((each) => each.loc.join("."))]).toEqual([
        422,
        ["path.int", "query.flag", "query.color", "query.tags.1", "header.x-text", "cookie.count"],
      ]);
      const coded = errors.filter((each) => /parsing/.test(each.code));
      expect(coded.map((each) => each.code)).toEqual([
        "int_parsing",
        "bool_parsing",
        "float_parsing",
      ]);
      expect(JSON.stringify(errors)).not.toContain("maybe");
    });

    test("say what is missing", async () => {
      await using client = testClient(app);
      const answer = await client.post("/form", { form: {} });
      const { errors } = (await answer.json()) as Refusal;
      expect(errors.map((each) => `${each.loc.join(".")} ${each.code}`)).toEqual([
        "body.int missing",
        "body.text missing",
      ]);
    });

    test("validate bodies and answers", async () => {
      await using client = testClient(app);
      const sent = { name: "a", price: 1.5, parts: [{ id: 1 }] };
      expect(await (await client.post("/body", { json: sent })).json()).toEqual(sent);
      const wrong = { name: 1, parts: [{ id: 1 }, { id: "x" }] };
      const answer = await client.post("/body", { json: wrong });
      const { errors } = (await answer.json()) as Refusal;
      expect([answer.status, errors.map((each) => each.loc.join(".")).toSorted()]).toEqual([
        422,
        ["body.name", "body.parts.1.id", "body.price"],
      ]);
    });
  },
);

describe("a schema that does not tell its JSON Schema", () => {
  test("is a fault at start where text is read", () => {
    const plain = v.pipe(v.string(), v.minLength(2));
    for (const section of ["query", "header", "cookie"] as const) {
      const route = get("/", { [section]: { q: plain } }, () => null);
      let faults: Faults | undefined;
      try {
        martlet({ route }).ready();
      } catch (error) {
        faults = error as Faults;
      }
      expect(faults?.errors.map((each) => each.code)).toEqual(["M012"]);
      expect(faults?.message).toContain(`The schema of ${section} "q" does not tell`);
      expect(faults?.message).toContain("toStandardJsonSchema()");
    }
  });

  test("may validate what is no text", async () => {
    const plain = v.object({ name: v.string() });
    const create = post("/", { body: plain }, ({ body }) => body);
    await using client = testClient(martlet({ create }, { openapi: false }));
    expect((await client.post("/", { json: { name: "a" } })).status).toBe(200);
    expect((await client.post("/", { json: { name: 1 } })).status).toBe(422);
  });
});
