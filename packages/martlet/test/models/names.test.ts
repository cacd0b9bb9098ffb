import { Fault, get, json, martlet, patch, post } from "martlet";
import { client } from "martlet/client";
import { camelCase, computed, path, renamed } from "martlet/models";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const Person = z
  .object({
    user_name: z.string().min(2),
    zip: z.string().max(4),
    city: z.string(),
    country: z.string().default("CH"),
    born: z.date().optional(),
  })
  .meta({ id: "Person" });

const Wire = renamed(Person, {
  user_name: "userName",
  zip: ["zip", "postcode", "plz"],
  city: path("address", "city"),
  country: path("address", "country"),
}).meta({ id: "PersonWire" });

const ann = { userName: "ann", zip: "3000", address: { city: "Bern" } };

describe("renamed", () => {
  const seen: unknown[] = [];
  const app = martlet({
    save: post("/people", { body: Wire, returns: Wire }, ({ body }) => {
      seen.push(body);
      return body;
    }),
    list: get("/people", { returns: z.array(Wire) }, () => [
      { user_name: "bob", zip: "1", city: "Thun" },
    ]),
    wrong: get("/wrong", { returns: Wire }, () => ({ user_name: "x", zip: "1", city: "a" })),
  });

  test("gives the program its own names, and the wire the others", async () => {
    await using test = testClient(app);
    const answer = await test.post("/people", { json: ann });
    expect(seen.at(-1)).toEqual({ user_name: "ann", zip: "3000", city: "Bern", country: "CH" });
    expect(await answer.json()).toEqual({ ...ann, address: { city: "Bern", country: "CH" } });
    expect(await (await test.get("/people")).json()).toEqual([
      { userName: "bob", zip: "1", address: { city: "Thun", country: "CH" } },
    ]);
  });

  test("takes the first of several names that is sent, and answers the first there is", async () => {
    await using test = testClient(app);
    const { zip: _zip, ...rest } = ann;
    const answer = await test.post("/people", { json: { ...rest, plz: "1", postcode: "2" } });
    expect(await answer.json()).toMatchObject({ zip: "2" });
    const first = await test.post("/people", { json: { ...ann, plz: "1" } });
    expect(await first.json()).toMatchObject({ zip: "3000" });
  });

  test("says what is wrong at the place where it was sent", async () => {
    await using test = testClient(app);
    const places = async (json: unknown): Promise<string[]> => {
      const { errors } = (await (await test.post("/people", { json })).json()) as {
        errors: { loc: unknown[]; code: string }[];
      };
      return errors.map(({ loc, code }) => `${loc.join(".")} ${code}`);
    };
    expect(await places({ userName: "a", postcode: "12345", address: { city: 7 } })).toEqual([
      "body.userName string_too_short",
      "body.postcode string_too_long",
      "body.address.city string_type",
    ]);
    expect(await places({ user_name: "ann", address: {} })).toEqual([
      "body.userName missing",
      "body.zip missing",
      "body.address.city missing",
    ]);
    expect(await places([])).toEqual(["body model_attributes_type"]);
  });

  test("is documented by the names of the wire, on both sides", () => {
    const { schemas = {} } = app.openapi().components ?? {};
    expect(schemas["PersonWireOutput"]).toMatchObject({
      properties: {
        userName: { type: "string", minLength: 2 },
        zip: { type: "string" },
        address: { properties: { city: {}, country: { default: "CH" } } },
      },
      required: ["userName", "zip", "address"],
    });
    expect(schemas["PersonWireInput"]).toMatchObject({
      properties: { postcode: { deprecated: true }, plz: { deprecated: true } },
      required: ["userName", "zip", "address"],
    });
  });

  test("has the types of both ends", async () => {
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const answer = await api.save({
      body: { userName: "ann", zip: "1", address: { city: "Bern" }, born: new Date(0) },
    });
    if (!answer.ok) throw new Error(answer.error.title);
    expectTypeOf(answer.data.address.country).toEqualTypeOf<string>();
    expectTypeOf(answer.data.userName).toEqualTypeOf<string>();
    expectTypeOf(answer.data.born).toEqualTypeOf<string | undefined>();
    expect(answer.data.born).toBe("1970-01-01T00:00:00.000Z");
    // @ts-expect-error -- The program has names of its own.
    get("/", { returns: Wire }, () => ({ userName: "x", zip: "1", address: { city: "a" } }));
    // @ts-expect-error -- There is no such field.
    expect(() => renamed(Person, { userName: "name" })).toThrow(Fault);
  });

  test("leaves a model its strictness, its checks and what is made of it", async () => {
    const Pair = renamed(
      z
        .strictObject({ low_end: z.int(), high_end: z.int() })
        .refine((each) => each.low_end < each.high_end, { path: ["high_end"], error: "Too low." }),
      { low_end: "lowEnd", high_end: ["highEnd", "top"] },
    );
    const own = martlet({ route: post("/", { body: Pair.optional() }, ({ body }) => body) });
    await using test = testClient(own);
    const codes = async (body: unknown): Promise<unknown> =>
      ((await (await test.post("/", { json: body })).json()) as { errors: unknown }).errors;
    expect(await codes({ lowEnd: 1, highEnd: 2, low_end: 3 })).toMatchObject([
      { loc: ["body", "low_end"], code: "extra_forbidden" },
    ]);
    expect(await codes({ lowEnd: 3, highEnd: 2 })).toMatchObject([
      { loc: ["body", "highEnd"], code: "value_error", message: "Too low." },
    ]);
    expect(await (await test.post("/", { json: { lowEnd: 1, top: 2 } })).json()).toEqual({
      low_end: 1,
      high_end: 2,
    });
  });

  test("may be a branch of a tagged union, in both directions", async () => {
    const Pet = z.discriminatedUnion("kind", [
      renamed(z.object({ kind: z.literal("cat"), lives_left: z.int() }), { lives_left: "lives" }),
      renamed(z.object({ kind: z.literal("dog"), barks: z.int() }), { barks: ["barks", "woofs"] }),
    ]);
    const pets = martlet({ route: post("/", { body: Pet, returns: Pet }, ({ body }) => body) });
    await using test = testClient(pets);
    const cat = { kind: "cat", lives: 7 };
    expect(await (await test.post("/", { json: cat })).json()).toEqual(cat);
    const dog = await test.post("/", { json: { kind: "dog", woofs: 1 } });
    expect(await dog.json()).toEqual({ kind: "dog", barks: 1 });
    const bad = await test.post("/", { json: { kind: "cat", lives: "x" } });
    expect(await bad.json()).toMatchObject({
      errors: [{ loc: ["body", "cat", "lives"], code: "int_type" }],
    });
  });

  test("refuses names that do not fit together", () => {
    const both = z.object({ a: z.int(), b: z.int() });
    for (const names of [
      { a: "b" },
      { a: "x", b: "x" },
      { a: ["x", "y"], b: "y" },
      { a: path("b", "c") },
    ] as const) {
      expect(() => renamed(both, names)).toThrow(Fault);
    }
  });
});

describe("camelCase", () => {
  const Order = camelCase(
    z.object({
      order_id: z.int(),
      line_items: z.array(z.object({ unit_price: z.number(), at_2x: z.boolean().default(false) })),
      ship_to: z.object({ zip_code: z.string() }).nullable().optional(),
      _internal: z.string().optional(),
    }),
    { deep: true },
  );

  test("renames every field, at every depth", async () => {
    const app = martlet({
      save: patch("/", { body: Order, returns: Order }, ({ body }) => {
        expectTypeOf(body.line_items[0]?.unit_price).toEqualTypeOf<number | undefined>();
        return body;
      }),
    });
    const wire = {
      orderId: 1,
      lineItems: [{ unitPrice: 2, at2x: true }],
      shipTo: { zipCode: "1" },
      _internal: "x",
    };
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const answer = await api.save({ body: wire });
    if (!answer.ok) throw new Error(answer.error.title);
    expectTypeOf(answer.data.lineItems[0]?.at2x).toEqualTypeOf<boolean | undefined>();
    expect(answer.data).toEqual(wire);
    await using test = testClient(app);
    const bad = await test.patch("/", { json: { orderId: 1, lineItems: [{ unit_price: 1 }] } });
    expect(await bad.json()).toMatchObject({
      errors: [{ loc: ["body", "lineItems", 0, "unitPrice"], code: "missing" }],
    });
  });

  test("names the values of a query, a form and the headers, too", async () => {
    const Filter = camelCase(
      z.strictObject({ page_size: z.int().max(50).default(20), tag_names: z.array(z.string()) }),
    );
    const app = martlet({
      query: get("/", { query: Filter }, ({ page_size, tag_names }) => [page_size, tag_names]),
      form: post("/", { form: Filter }, (all) => all),
      header: get("/header", { header: camelCase(z.object({ max_age: z.int() })) }, (all) => all),
    });
    await using test = testClient(app);
    const query = await test.get("/", { query: { pageSize: 5, tagNames: ["a", "b"] } });
    expect(await query.json()).toEqual([5, ["a", "b"]]);
    const form = await test.post("/", { form: { tagNames: ["a"] } });
    expect(await form.json()).toEqual({ page_size: 20, tag_names: ["a"] });
    const header = await test.get("/header", { headers: { "max-age": "7" } });
    expect(await header.json()).toEqual({ max_age: 7 });
    const bad = await test.get("/", { query: { pageSize: "x", page_size: 1 } });
    expect(await bad.json()).toMatchObject({
      errors: [
        { loc: ["query", "pageSize"], code: "int_parsing" },
        { loc: ["query", "tagNames"], code: "missing" },
        { loc: ["query", "page_size"], code: "extra_forbidden" },
      ],
    });
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const typed = await api.query({ pageSize: 3, tagNames: ["a"] });
    expect(typed.ok && typed.data).toEqual([3, ["a"]]);
    const { parameters } = app.openapi().paths["/"]?.get ?? {};
    expect(parameters).toMatchObject([{ name: "pageSize" }, { name: "tagNames", required: true }]);
  });

  test("goes with what an answer leaves out", async () => {
    const Item = computed(
      camelCase(z.object({ unit_price: z.number(), stock_left: z.int().default(0) })),
      {
        isFree: [z.boolean(), (item) => item.unit_price === 0],
        isSoldOut: [z.boolean(), (item) => item.stock_left === 0],
      },
    );
    const value = { unit_price: 1 };
    const app = martlet({
      unset: get("/unset", { returns: json(Item, { omit: "unset" }) }, () => value),
      full: get("/full", { returns: Item }, () => value),
    });
    await using test = testClient(app);
    expect(await (await test.get("/unset")).json()).toEqual({
      unitPrice: 1,
      isFree: false,
      isSoldOut: true,
    });
    expect(await (await test.get("/full")).json()).toEqual({
      unitPrice: 1,
      stockLeft: 0,
      isFree: false,
      isSoldOut: true,
    });
  });

  test("leaves what is within alone, unless it is told to be deep", () => {
    const Flat = camelCase(z.object({ ship_to: z.object({ zip_code: z.string() }) }));
    expect(Flat.parse({ shipTo: { zip_code: "1" } })).toEqual({ ship_to: { zip_code: "1" } });
    expect(() => camelCase(z.object({ a_b: z.int(), aB: z.int() }))).toThrow(Fault);
  });
});
