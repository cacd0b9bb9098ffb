import { get, json, martlet, post, type Reply, reply } from "martlet";
import { client } from "martlet/client";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

const csv = z.codec(z.string(), z.array(z.string()), {
  decode: (text) => text.split(","),
  encode: (list) => list.join(","),
});

/** As a model has it: within objects, lists and unions, with defaults and checks around. */
const Stay = z
  .object({
    id: z.int(),
    from: instant,
    to: instant.optional(),
    tags: csv.default(["new"]),
    guests: z.array(z.object({ name: z.string(), born: instant.nullable() })),
    room: z.int().default(1),
  })
  .refine(({ from, to }) => to === undefined || from.getTime() <= to.getTime(), "Ends too early.")
  .meta({ id: "Stay" });

const stay = { id: 1, from: new Date(0), guests: [{ name: "Ann", born: new Date(1) }] };
const wire = {
  id: 1,
  from: "1970-01-01T00:00:00.000Z",
  tags: "new",
  guests: [{ name: "Ann", born: "1970-01-01T00:00:00.001Z" }],
  room: 1,
};

describe("a codec", () => {
  const app = martlet({
    read: get("/", { returns: Stay }, () => stay),
    echo: post("/", { body: Stay, returns: Stay }, ({ body }) => body),
    list: get("/list", { returns: z.array(Stay) }, () => [stay, stay]),
    either: get("/either", { returns: { 200: Stay, 202: instant } }, () => reply(202, new Date(0))),
    sparse: get("/sparse", { returns: json(Stay, { omit: "null" }) }, () => ({
      ...stay,
      guests: [{ name: "Ann", born: null }],
    })),
    wrong: get("/wrong", { returns: Stay }, () => ({ ...stay, to: new Date(-1) })),
    wrongText: get("/wrong-text", { returns: instant }, () => "1970-01-01T00:00:00Z" as never),
  });

  test("decodes what comes in and encodes what is answered", async () => {
    await using test = testClient(app, { raise: false });
    expect(await (await test.get("/")).json()).toEqual(wire);
    expect(await (await test.post("/", { json: wire })).json()).toEqual(wire);
    expect(await (await test.get("/list")).json()).toEqual([wire, wire]);
    expect(await (await test.get("/either")).json()).toBe("1970-01-01T00:00:00.000Z");
    expect(await (await test.get("/sparse")).json()).toEqual({
      ...wire,
      guests: [{ name: "Ann" }],
    });
  });

  test("leaves checks to the program's values, whichever way they go", async () => {
    await using test = testClient(app, { raise: false });
    const early = { ...wire, to: "1969-01-01T00:00:00Z" };
    expect((await test.post("/", { json: early })).status).toBe(422);
    expect((await test.get("/wrong")).status).toBe(500);
    expect((await test.get("/wrong-text")).status).toBe(500);
  });

  test("is documented by what is sent, under the name of its model", () => {
    const { components } = app.openapi();
    const schemas = components?.schemas ?? {};
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(["StayInput", "StayOutput"]));
    expect(schemas["StayOutput"]).toMatchObject({
      properties: { from: { type: "string", format: "date-time" }, tags: { type: "string" } },
      required: ["id", "from", "tags", "guests", "room"],
    });
    expect(schemas["StayInput"]).toMatchObject({ required: ["id", "from", "guests"] });
  });

  test("has the types of both ends", async () => {
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const answer = await api.read();
    if (!answer.ok) throw new Error("The route answers.");
    expectTypeOf(answer.data).toEqualTypeOf<{
      id: number;
      from: string;
      to?: string | undefined;
      tags: string;
      guests: { name: string; born: string | null }[];
      room: number;
    }>();
    expect(answer.data.guests[0]?.born).toBe("1970-01-01T00:00:00.001Z");
    // @ts-expect-error -- The handler gives a date, not its text.
    get("/", { returns: z.object({ at: instant }) }, () => ({ at: "1970-01-01T00:00:00Z" }));
    expectTypeOf<Reply<202, Date>>().toExtend<Awaited<ReturnType<typeof either>>>();
  });
});

const either = (): Reply<202, Date> => reply(202, new Date(0));

describe("a schema that holds itself", () => {
  interface Tree {
    readonly at: Date;
    readonly children: readonly Tree[];
  }
  const Tree: z.ZodType<Tree> = z.object({
    at: instant,
    get children() {
      return z.array(Tree);
    },
  });

  test("goes out with its codecs, at every depth", async () => {
    const app = martlet({
      read: get("/", { returns: Tree }, () => ({
        at: new Date(0),
        children: [{ at: new Date(1), children: [] }],
      })),
    });
    await using test = testClient(app);
    expect(await (await test.get("/")).json()).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      children: [{ at: "1970-01-01T00:00:00.001Z", children: [] }],
    });
    expect(JSON.stringify(app.openapi())).toContain('"date-time"');
  });
});
