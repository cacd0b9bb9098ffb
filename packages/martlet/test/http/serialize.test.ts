import { get, martlet, type Report, reply, response, ResponseMismatch } from "martlet";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const secret = "hunter2";
const Person = z.object({ id: z.int(), name: z.string() });
const stored = { id: 1, name: "Ann", passwordHash: secret };

/** The answer of a route that returns `value` by the model `returns`. */
async function answerOf(
  returns: z.ZodType,
  value: unknown,
): Promise<[status: number, text: string]> {
  const route = get("/", { returns }, () => value);
  await using client = testClient(martlet({ route }), { raise: false });
  const answer = await client.get("/");
  return [answer.status, await answer.text()];
}

describe("a response model", () => {
  test.for([
    ["an object", Person, stored, { id: 1, name: "Ann" }],
    [
      "a list",
      z.array(Person),
      [stored, stored],
      [
        { id: 1, name: "Ann" },
        { id: 1, name: "Ann" },
      ],
    ],
    [
      "what is within",
      z.object({ author: Person }),
      { author: stored, secret },
      { author: { id: 1, name: "Ann" } },
    ],
    ["a record", z.record(z.string(), Person), { a: stored }, { a: { id: 1, name: "Ann" } }],
    ["a tuple", z.tuple([Person]), [stored], [{ id: 1, name: "Ann" }]],
    ["a union", z.union([z.object({ error: z.string() }), Person]), stored, { id: 1, name: "Ann" }],
    [
      "a tagged union",
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), id: z.int() }),
        z.object({ kind: z.literal("b") }),
      ]),
      { kind: "b", ...stored },
      { kind: "b" },
    ],
    [
      "an optional part",
      z.object({ author: Person.optional() }),
      { author: undefined, secret },
      {},
    ],
    [
      "a nullable part",
      z.object({ author: Person.nullable() }),
      { author: null },
      { author: null },
    ],
    ["a lazy part", z.lazy(() => Person), stored, { id: 1, name: "Ann" }],
    [
      "an intersection",
      Person.and(z.object({ age: z.int() })),
      { ...stored, age: 7 },
      { id: 1, name: "Ann", age: 7 },
    ],
    [
      "nothing, for nothing is declared",
      z.looseObject({ id: z.int() }),
      { id: 1, more: true },
      { id: 1, more: true },
    ],
  ] as const)("leaves out what it does not declare: %s", async ([, model, value, expected]) => {
    const [status, text] = await answerOf(model, value);
    expect([status, JSON.parse(text)]).toEqual([200, expected]);
    expect(text).not.toContain(secret);
  });

  test("leaves it out of instances with inherited members", async () => {
    class Row {
      readonly id = 1;
      readonly passwordHash = secret;
      get name(): string {
        return "Ann";
      }
      toJSON(): unknown {
        return { leak: this.passwordHash };
      }
    }
    expect(await answerOf(Person, new Row())).toEqual([200, '{"id":1,"name":"Ann"}']);
  });

  test("applies defaults and transformations", async () => {
    const model = z.object({
      at: z.date(),
      n: z.int().default(3),
      up: z.string().transform((each) => each.toUpperCase()),
    });
    const [, text] = await answerOf(model, { at: new Date(0), up: "a" });
    expect(JSON.parse(text)).toEqual({ at: "1970-01-01T00:00:00.000Z", n: 3, up: "A" });
  });

  test("checks what it is given once", async () => {
    let count = 0;
    const Counted = Person.refine(() => (count += 1) > 0);
    expect(await answerOf(Counted, stored)).toEqual([200, '{"id":1,"name":"Ann"}']);
    expect(count).toBe(1);
  });

  test("may be some fields of another model", async () => {
    const some = Person.extend({ email: z.string().optional() });
    expect(await answerOf(some.pick({ name: true }), stored)).toEqual([200, '{"name":"Ann"}']);
    expect(await answerOf(some.omit({ name: true }), stored)).toEqual([200, '{"id":1}']);
  });

  test("may be asynchronous", async () => {
    const model = Person.refine((each) => Promise.resolve(each.id === 1));
    expect((await answerOf(model, stored))[0]).toBe(200);
    expect((await answerOf(model, { ...stored, id: 2 }))[0]).toBe(500);
  });

  test("gives integers of any size as they are", async () => {
    const model = z.object({ big: z.bigint(), list: z.array(z.bigint()) });
    const [, text] = await answerOf(model, { big: 2n ** 64n, list: [1n] });
    expect(text).toBe('{"big":18446744073709551616,"list":[1]}');
  });

  test.for([
    ["a field is missing", { name: "Ann" }],
    ["a type is wrong", { id: secret, name: "Ann" }],
    ["it is nothing", null],
    ["it is something else", secret],
  ] as const)("answers 500, and tells only the operator why, when %s", async ([, value]) => {
    const route = get(
      "/items/{id}",
      { path: { id: z.int() }, returns: Person },
      () => value as never,
    );
    await using client = testClient(martlet({ route }), { raise: false });
    const answer = await client.get("/items/1");
    expect(await answer.json()).toEqual({
      type: "/problems/internal",
      title: "Internal server error",
      status: 500,
      code: "internal",
    });
    const [report] = client.reports as [Report];
    expect(report).toMatchObject({ kind: "error", route: "GET /items/{id}" });
    expect(report.error).toBeInstanceOf(ResponseMismatch);
    expect(String(report.error)).toMatch(/^ResponseMismatch: GET \/items\/\{id\} returned what/);
    expect(String(report.error)).not.toContain(secret);
  });

  test("fails for what JSON cannot hold", async () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const route = get("/", {}, () => circle);
    await using client = testClient(martlet({ route }), { raise: false });
    expect((await client.get("/")).status).toBe(500);
    expect(String(client.reports[0]?.error)).toContain("circular");
  });

  test("is the one of the status, and the first for a status that has none", async () => {
    const route = get(
      "/{status}",
      {
        path: { status: z.int() },
        use: { response },
        returns: { 200: Person, 202: z.object({ position: z.int() }) },
      },
      ({ status, response }) => {
        response.status = status;
        return status === 202 ? reply(202, { position: 1, ...stored }) : reply(200, stored);
      },
    );
    await using client = testClient(martlet({ route }));
    const bodies = await Promise.all(
      [200, 202].map(async (status) => (await client.get(`/${status}`)).json()),
    );
    expect(bodies).toEqual([{ id: 1, name: "Ann" }, { position: 1 }]);
  });
});
