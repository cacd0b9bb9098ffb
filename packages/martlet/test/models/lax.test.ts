import { get, type Issue, martlet, post } from "martlet";
import { lax } from "martlet/models";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const day = "2026-02-28";

/** What is declared and sent, and what the handler got; a word in angles is the code of the issue. */
const rows: readonly (readonly [name: string, schema: z.ZodType, sent: unknown, got: unknown])[] = [
  ["int", z.int(), "1", 1],
  ["int", z.int(), " 1.0 ", 1],
  ["int", z.int(), true, 1],
  ["int", z.number().int(), false, 0],
  ["int", z.int(), "abc", "<int_parsing>"],
  ["int", z.int(), "1.5", "<int_parsing>"],
  ["int", z.int(), 1.5, "<int_from_float>"],
  ["int", z.int(), [1], "<int_type>"],
  ["int", z.int(), null, "<int_type>"],
  ["int", z.int().min(5), "4", "<greater_than_equal>"],
  ["number", z.number(), "1.5", 1.5],
  ["number", z.number(), true, 1],
  ["number", z.number(), "x", "<float_parsing>"],
  ["number", z.number(), "1e400", "<finite_number>"],
  ["bigint", z.bigint().transform(String), "9007199254740993", "9007199254740993"],
  ["boolean", z.boolean(), 0, false],
  ["boolean", z.boolean(), "YES", true],
  ["boolean", z.boolean(), "off", false],
  ["boolean", z.boolean(), 2, "<bool_type>"],
  ["boolean", z.boolean(), "x", "<bool_parsing>"],
  ["text", z.string(), 1, "<string_type>"],
  ["text", z.string(), true, "<string_type>"],
  ["date", z.date(), 1700000000, "2023-11-14T22:13:20.000Z"],
  ["date", z.date(), 1700000000000, "2023-11-14T22:13:20.000Z"],
  ["date", z.date(), `${day}T10:00:00Z`, `${day}T10:00:00.000Z`],
  ["date", z.date(), "x", "<datetime_from_date_parsing>"],
  ["date", z.date(), true, "<datetime_type>"],
  ["ISO date", z.iso.date(), 0, "1970-01-01"],
  ["ISO date", z.iso.date(), `${day}T00:00:00`, day],
  ["ISO date", z.iso.date(), `${day}T00:00:01`, "<date_from_datetime_inexact>"],
  ["ISO date", z.iso.date(), 1700000000, "<date_from_datetime_inexact>"],
  ["ISO date and time", z.iso.datetime(), 0, "1970-01-01T00:00:00.000Z"],
  ["ISO time", z.iso.time(), 3600, "01:00:00"],
  ["list", z.array(z.int()), ["1", 2], [1, 2]],
  ["list", z.array(z.int()), "12", "<list_type>"],
  ["set", z.set(z.int()).transform((each) => [...each]), ["1", 1, 2], [1, 2]],
  ["tuple", z.tuple([z.int(), z.boolean()]).rest(z.number()), ["1", 1, "2"], [1, true, 2]],
  ["record", z.record(z.string(), z.number()), { a: "1.5" }, { a: 1.5 }],
  ["literal", z.literal([1, "a"]), "1", "<literal_error>"],
  ["enumeration", z.enum(["a"]), 1, "<enum>"],
  ["wrapped", z.int().nullable().default(1), "2", 2],
  ["piped", z.int().pipe(z.int().max(2)), "2", 2],
  ["union", z.union([z.int(), z.string()]), "1", "1"],
  ["union", z.union([z.int(), z.boolean()]), "yes", true],
  ["union", z.union([z.int(), z.boolean()]), "2", 2],
  ["object", z.object({ a: z.object({ b: z.int() }) }), { a: { b: "1" } }, { a: { b: 1 } }],
];

describe("a lax model", () => {
  test.for(rows)("reads %s: %o of %o as %o", async ([, schema, sent, got]) => {
    const model = lax(z.object({ value: schema }));
    const app = martlet({ echo: post("/", { body: model }, ({ body }) => body) });
    await using test = testClient(app);
    const answer = await test.post("/", { json: { value: sent } });
    const { value, errors } = (await answer.json()) as { value: unknown; errors?: Issue[] };
    expect(errors === undefined ? value : `<${errors[0]?.code}>`).toEqual(got);
  });

  const Tree = z.object({
    size: z.int(),
    get branches() {
      return z.array(Tree).default([]);
    },
  });

  test("reads a model that holds itself, and tells all that is wrong at its place", async () => {
    const app = martlet({ echo: post("/", { body: lax(Tree) }, ({ body }) => body) });
    await using test = testClient(app);
    const json = { size: "1", branches: [{ size: "2" }] };
    expect(await (await test.post("/", { json })).json()).toEqual({
      size: 1,
      branches: [{ size: 2, branches: [] }],
    });
    const bad = await test.post("/", { json: { size: "x", branches: [{ size: "y" }, {}] } });
    const { errors } = (await bad.json()) as { errors: Issue[] };
    expect(errors.map(({ loc, code }) => `${loc.join(".")} ${code}`)).toEqual([
      "body.size int_parsing",
      "body.branches.0.size int_parsing",
      "body.branches.1.size missing",
    ]);
  });

  test("says what each branch of a union could not read", async () => {
    const model = lax(z.object({ value: z.union([z.int(), z.boolean()]) }));
    const app = martlet({ echo: post("/", { body: model }, ({ body }) => body) });
    const answer = await testClient(app).post("/", { json: { value: "x" } });
    expect(await answer.json()).toMatchObject({
      errors: [
        { loc: ["body", "value", "int"], code: "int_parsing" },
        { loc: ["body", "value", "bool"], code: "bool_parsing" },
      ],
    });
  });

  test("answers as strictly as its model, and is documented as it", async () => {
    const Item = z.object({ price: z.number() });
    const Lax = lax(Item);
    expectTypeOf<z.output<typeof Lax>>().toEqualTypeOf<{ price: number }>();
    const app = martlet({
      echo: post("/", { body: Lax, returns: Lax }, ({ body }) => body),
      wrong: get("/", { returns: Lax }, () => ({ price: "1" }) as never),
    });
    await using test = testClient(app, { raise: false });
    expect(await (await test.post("/", { json: { price: "1.5" } })).json()).toEqual({ price: 1.5 });
    expect((await test.get("/")).status).toBe(500);
    const strict = martlet({
      echo: post("/", { body: Item, returns: Item }, ({ body }) => body),
      wrong: get("/", { returns: Item }, () => ({ price: "1" }) as never),
    });
    expect(app.openapi().paths).toEqual(strict.openapi().paths);
  });
});
