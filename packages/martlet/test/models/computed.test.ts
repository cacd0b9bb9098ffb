import { get, json, martlet, post } from "martlet";
import { client } from "martlet/client";
import { computed } from "martlet/models";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const instant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

const Stay = z
  .object({ price: z.number(), nights: z.int().default(1), from: instant })
  .meta({ id: "Stay" });
const StayOut = computed(Stay, {
  total: [z.number(), (stay) => stay.price * stay.nights],
  until: [instant, ({ from, nights }) => new Date(from.getTime() + nights * 86_400_000)],
}).meta({ id: "StayWithTotal" });

class Row {
  readonly nights = 2;
  readonly from = new Date(0);
  readonly secret = "x";
  get price(): number {
    return 3;
  }
}

describe("a computed field", () => {
  const app = martlet({
    read: get("/", { returns: StayOut }, () => ({ price: 10, nights: 2, from: new Date(0) })),
    list: get("/list", { returns: z.array(StayOut) }, () => [new Row()]),
    save: post("/", { body: StayOut, returns: z.number() }, ({ body }) => {
      expectTypeOf(body.until).toEqualTypeOf<Date>();
      return body.total;
    }),
    wrong: get("/wrong", { returns: computed(Stay, { total: [z.int(), () => 0.5] }) }, () => ({
      price: 1,
      nights: 1,
      from: new Date(0),
    })),
  });

  test("is in answers, worked out from what the program has", async () => {
    await using test = testClient(app);
    expect(await (await test.get("/")).json()).toEqual({
      price: 10,
      nights: 2,
      from: "1970-01-01T00:00:00.000Z",
      total: 20,
      until: "1970-01-03T00:00:00.000Z",
    });
  });

  test("is worked out with the defaults of the model", async () => {
    const read = get("/", { returns: StayOut }, () => ({ price: 10, from: new Date(0) }));
    const unset = get("/unset", { returns: json(StayOut, { omit: "unset" }) }, () => ({
      price: 10,
      from: new Date(0),
    }));
    await using test = testClient(martlet({ read, unset }));
    expect(await (await test.get("/")).json()).toMatchObject({ nights: 1, total: 10 });
    expect(await (await test.get("/unset")).json()).toEqual({
      price: 10,
      from: "1970-01-01T00:00:00.000Z",
      total: 10,
      until: "1970-01-02T00:00:00.000Z",
    });
  });

  test("is worked out of an instance of a class as well, and filtered with it", async () => {
    await using test = testClient(app);
    expect(await (await test.get("/list")).json()).toEqual([
      {
        price: 3,
        nights: 2,
        from: expect.any(String) as string,
        total: 6,
        until: expect.any(String) as string,
      },
    ]);
  });

  test("is not in requests, but in what the program reads", async () => {
    await using test = testClient(app);
    const json = { price: 4, nights: 2, from: "1970-01-01T00:00:00Z", total: 99 };
    expect(await (await test.post("/", { json })).json()).toBe(8);
  });

  test("is checked by its schema", async () => {
    await using test = testClient(app, { raise: false });
    expect((await test.get("/wrong")).status).toBe(500);
  });

  test("is documented in answers alone, required and read-only", () => {
    const { schemas = {} } = app.openapi().components ?? {};
    const [input, output] = [schemas["StayWithTotalInput"], schemas["StayWithTotalOutput"]];
    expect(output).toMatchObject({
      properties: {
        total: { type: "number", readOnly: true },
        until: { type: "string", format: "date-time", readOnly: true },
      },
      required: ["price", "nights", "from", "total", "until"],
    });
    expect(JSON.stringify(input)).not.toContain("total");
  });

  test("has the types of both ends", async () => {
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const answer = await api.read();
    if (!answer.ok) throw new Error("The route answers.");
    expectTypeOf(answer.data).toEqualTypeOf<{
      price: number;
      nights: number;
      from: string;
      total: number;
      until: string;
    }>();
    expect(answer.data.total).toBe(20);
    // @ts-expect-error -- The schema of a sum is a number's.
    computed(Stay, { total: [z.number(), () => "x"] });
  });
});
