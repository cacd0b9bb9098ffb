import { inspect } from "node:util";
import { get, type Issue, martlet, post, type Secret } from "martlet";
import { client } from "martlet/client";
import {
  byteSize,
  bytesBase64,
  decimal,
  duration,
  emailAddress,
  futureDate,
  httpUrl,
  instant,
  ipAddress,
  jsonText,
  pastDate,
  plainDate,
  secretText,
  timeOfDay,
} from "martlet/models";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";

const now = (): Date => new Date("2026-03-01T12:00Z");

/** What is sent and what is answered; a word in angles is the code of the issue. */
const rows: readonly (readonly [type: string, schema: z.ZodType, sent: unknown, got: unknown])[] = [
  ["decimal", decimal(), "1.10", "1.10"],
  ["decimal", decimal(), " +01.50 ", "1.50"],
  ["decimal", decimal(), "-0.0", "0.0"],
  ["decimal", decimal(), "1e2", "100"],
  ["decimal", decimal(), "1.25e1", "12.5"],
  ["decimal", decimal(), "125e-4", "0.0125"],
  ["decimal", decimal(), ".5", "0.5"],
  ["decimal", decimal(), 1.5, "1.5"],
  ["decimal", decimal(), 1e21, "1000000000000000000000"],
  ["decimal", decimal(), 2 ** 60, "<decimal_parsing>"],
  ["decimal", decimal(), "123456789012345678901234567890.1", "123456789012345678901234567890.1"],
  ["decimal", decimal(), "abc", "<decimal_parsing>"],
  ["decimal", decimal(), "1e999", "<decimal_parsing>"],
  ["decimal", decimal(), ".", "<decimal_parsing>"],
  ["decimal", decimal(), "NaN", "<finite_number>"],
  ["decimal", decimal(), true, "<decimal_type>"],
  ["decimal", decimal({ digits: 5, places: 2 }), "1234.5", "<decimal_whole_digits>"],
  ["decimal", decimal({ digits: 5, places: 2 }), "1.234", "<decimal_max_places>"],
  ["decimal", decimal({ digits: 5, places: 2 }), "123.45", "123.45"],
  ["decimal", decimal({ digits: 3 }), "12.34", "<decimal_max_digits>"],
  ["decimal", decimal({ digits: 3 }), "0.123", "0.123"],
  ["decimal", decimal({ min: "0.01" }), "0.009", "<greater_than_equal>"],
  ["decimal", decimal({ min: -1, max: 10 }), "10.00", "10.00"],
  ["decimal", decimal({ max: 10 }), "10.0000000000000000001", "<less_than_equal>"],
  ["duration", duration(), "PT1H30M", "PT1H30M"],
  ["duration", duration(), "PT90M", "PT1H30M"],
  ["duration", duration(), "P1W", "P7D"],
  ["duration", duration(), "-P1DT0,5S", "-P1DT0.5S"],
  ["duration", duration(), "PT0S", "PT0S"],
  ["duration", duration(), "P1Y", "<time_delta_parsing>"],
  ["duration", duration(), "P", "<time_delta_parsing>"],
  ["duration", duration(), "PT", "<time_delta_parsing>"],
  ["duration", duration(), "P999999999999W", "<time_delta_parsing>"],
  ["duration", duration(), 90, "<time_delta_type>"],
  ["plainDate", plainDate(), "2026-02-28", "2026-02-28"],
  ["plainDate", plainDate(), "2026-02-28T00:00:00", "2026-02-28"],
  ["plainDate", plainDate(), "2026-02-28T00:00:01", "<date_from_datetime_inexact>"],
  ["plainDate", plainDate(), "2026-02-31", "<date_from_datetime_parsing>"],
  ["plainDate", plainDate(), "2026-2-1", "<date_from_datetime_parsing>"],
  ["plainDate", plainDate(), 0, "<date_type>"],
  ["pastDate", pastDate({ now }), "2026-02-28", "2026-02-28"],
  ["pastDate", pastDate({ now }), "2026-03-01", "<date_past>"],
  ["futureDate", futureDate({ now }), "2026-03-02", "2026-03-02"],
  ["futureDate", futureDate({ now }), "2026-03-01", "<date_future>"],
  ["futureDate", futureDate({ now }), "soon", "<date_from_datetime_parsing>"],
  ["instant", instant(), "2026-02-28T10:00:00+02:00", "2026-02-28T08:00:00.000Z"],
  ["instant", instant(), "2026-02-28T10:00:00", "<timezone_aware>"],
  ["instant", instant(), "2026-02-28", "<datetime_from_date_parsing>"],
  ["instant", instant(), "2026-02-31T10:00:00Z", "<datetime_from_date_parsing>"],
  ["instant", instant(), 1700000000, "<datetime_type>"],
  ["timeOfDay", timeOfDay(), "10:30", "10:30:00"],
  ["timeOfDay", timeOfDay(), "10:30:05.5z", "10:30:05.5Z"],
  ["timeOfDay", timeOfDay(), "24:00", "<time_parsing>"],
  ["timeOfDay", timeOfDay(), "3:4", "<time_parsing>"],
  ["timeOfDay", timeOfDay(), 3600, "<time_type>"],
  ["bytesBase64", bytesBase64(), "aGk=", "aGk="],
  ["bytesBase64", bytesBase64(), "_-8", "/+8="],
  ["bytesBase64", bytesBase64(), "", ""],
  ["bytesBase64", bytesBase64(), "é", "<bytes_invalid_encoding>"],
  ["bytesBase64", bytesBase64(), "aGk==", "<bytes_invalid_encoding>"],
  ["bytesBase64", bytesBase64(), "a", "<bytes_invalid_encoding>"],
  ["bytesBase64", bytesBase64({ maxSize: 1 }), "aGk=", "<bytes_too_long>"],
  ["bytesBase64", bytesBase64(), 1, "<bytes_type>"],
  ["byteSize", byteSize(), "5MB", 5_000_000],
  ["byteSize", byteSize(), 512, 512],
  ["byteSize", byteSize(), "5 parsecs", "<byte_size>"],
  ["byteSize", byteSize(), -1, "<byte_size>"],
  ["byteSize", byteSize(), 1.5, "<byte_size>"],
  ["ipAddress", ipAddress(), "192.0.2.1", "192.0.2.1"],
  ["ipAddress", ipAddress(), "2001:DB8::0:1", "2001:db8::1"],
  ["ipAddress", ipAddress(), "1.2.3", "<ip_any_address>"],
  ["ipAddress", ipAddress({ version: 4 }), "::1", "<ip_v4_address>"],
  ["ipAddress", ipAddress({ version: 6 }), "192.0.2.1", "<ip_v6_address>"],
  ["emailAddress", emailAddress(), "A@B.CO", "A@b.co"],
  ["emailAddress", emailAddress(), "x", "<value_error>"],
  ["emailAddress", emailAddress(), 1, "<string_type>"],
  ["httpUrl", httpUrl(), "HTTP://EX.com", "http://ex.com/"],
  ["httpUrl", httpUrl(), "https://EX.com/x?y=1#z", "https://ex.com/x?y=1#z"],
  ["httpUrl", httpUrl(), "http://localhost:8000", "http://localhost:8000/"],
  ["httpUrl", httpUrl(), "http://a.b/ c", "http://a.b/%20c"],
  ["httpUrl", httpUrl(), "ftp://a.b", "<url_scheme>"],
  ["httpUrl", httpUrl(), "a.b", "<url_parsing>"],
  ["httpUrl", httpUrl(), "http://localhost:99999", "<url_parsing>"],
  ["httpUrl", httpUrl(), `http://a.b/${"x".repeat(2083)}`, "<string_too_long>"],
  ["httpUrl", httpUrl(), 1, "<url_type>"],
  ["secretText", secretText(), "hunter2", "[redacted]"],
  ["secretText", secretText({ minLength: 8 }), "hunter2", "<string_too_short>"],
  ["secretText", secretText({ maxLength: 6 }), "hunter2", "<string_too_long>"],
  ["secretText", secretText(), 7, "<string_type>"],
  ["jsonText", jsonText(z.array(z.int())), "[1,2]", "[1,2]"],
  ["jsonText", jsonText(z.array(z.int())), "[1", "<json_invalid>"],
  ["jsonText", jsonText(z.string()), '"\\ud800"', "<json_invalid>"],
  ["jsonText", jsonText(z.date()), '"2026-02-28"', '"2026-02-28T00:00:00.000Z"'],
  ["jsonText", jsonText(z.array(z.int())), [1], "<json_invalid>"],
];

interface Told {
  readonly value?: unknown;
  readonly errors?: readonly Issue[];
}

describe("a type", () => {
  test.for(rows)("%s: %o of %o is %o in JSON", async ([, schema, sent, got]) => {
    const model = z.object({ value: schema });
    const app = martlet({ echo: post("/", { body: model, returns: model }, ({ body }) => body) });
    await using test = testClient(app);
    const { value, errors } = (await (
      await test.post("/", { json: { value: sent } })
    ).json()) as Told;
    expect(errors === undefined ? value : `<${errors[0]?.code}>`).toEqual(got);
    expect(errors?.map(({ loc }) => loc) ?? [["body", "value"]]).toEqual([["body", "value"]]);
    expect(JSON.stringify(errors ?? [])).not.toContain("hunter2");
  });

  test.for(rows.filter(([, , sent]) => typeof sent === "string"))(
    "%s: %o of %o is %o in a query as well",
    async ([, schema, sent, got]) => {
      const app = martlet({
        read: get(
          "/",
          { query: { value: schema }, returns: z.object({ value: schema }) },
          (all) => all,
        ),
      });
      await using test = testClient(app);
      const answer = await test.get("/", { query: { value: sent as string } });
      const { value, errors } = (await answer.json()) as Told;
      expect(errors === undefined ? value : `<${errors[0]?.code}>`).toEqual(got);
    },
  );

  test("has to be there, unless it is optional", async () => {
    const types = new Map(rows.map(([name, schema]) => [name, schema]));
    const app = martlet({
      body: post("/", { body: z.object(Object.fromEntries(types)) }, () => null),
      free: post(
        "/free",
        {
          body: z.object(
            Object.fromEntries([...types].map(([name, each]) => [name, each.optional()])),
          ),
        },
        ({ body }) => body,
      ),
    });
    await using test = testClient(app);
    const { errors = [] } = (await (await test.post("/", { json: {} })).json()) as Told;
    expect(errors.map(({ loc, code }) => `${loc[1]} ${code}`)).toEqual(
      [...types.keys()].map((name) => `${name} missing`),
    );
    expect(await (await test.post("/free", { json: {} })).json()).toEqual({});
    const document = JSON.stringify(app.openapi());
    expect(document).toContain(`"required":${JSON.stringify([...types.keys()])}`);
  });

  test("is documented as what is sent, on both sides", () => {
    const model = z.object({
      price: decimal(),
      length: duration(),
      day: plainDate(),
      picture: bytesBase64(),
      size: byteSize(),
      address: ipAddress(),
      password: secretText({ minLength: 8 }),
      filter: jsonText(z.array(z.int())),
      page: httpUrl(),
    });
    const document = martlet({
      echo: post("/", { body: model, returns: model }, ({ body }) => body),
    });
    const { requestBody, responses } = document.openapi().paths["/"]?.post ?? {};
    const of = (content: unknown): unknown =>
      (content as { content: Record<string, { schema: { properties: unknown } }> }).content[
        "application/json"
      ]?.schema.properties;
    const same = {
      length: { type: "string", format: "duration" },
      day: { type: "string", format: "date" },
      picture: { type: "string", contentEncoding: "base64" },
      address: { type: "string", anyOf: [{ format: "ipv4" }, { format: "ipv6" }] },
      filter: { type: "string", contentMediaType: "application/json" },
      page: { type: "string", format: "uri", maxLength: 2083 },
    };
    expect(of(requestBody)).toEqual({
      ...same,
      price: { anyOf: [{ type: "number" }, { type: "string", format: "decimal" }] },
      size: { anyOf: [{ type: "integer", minimum: 0 }, { type: "string" }] },
      password: { type: "string", format: "password", writeOnly: true, minLength: 8 },
    });
    expect(of(responses?.["200"])).toEqual({
      ...same,
      price: { type: "string", format: "decimal", pattern: "^-?\\d+(\\.\\d+)?$" },
      size: { type: "integer", minimum: 0 },
      password: { type: "string" },
    });
  });

  test("may stand in a model of Zod Mini, and be wrapped by either", async () => {
    const model = mini.object({ length: mini.optional(duration()), price: decimal().nullable() });
    const app = martlet({ echo: post("/", { body: model, returns: model }, ({ body }) => body) });
    await using test = testClient(app);
    const json = { length: "PT1S", price: null };
    expect(await (await test.post("/", { json })).json()).toEqual(json);
  });

  test("has the types of the program and of the wire", async () => {
    const Model = z.object({
      length: duration(),
      picture: bytesBase64(),
      at: instant(),
      price: decimal(),
      password: secretText(),
    });
    const app = martlet({
      echo: post("/", { body: Model, returns: Model }, ({ body }) => {
        expectTypeOf(body).toEqualTypeOf<{
          length: number;
          picture: Uint8Array;
          at: Date;
          price: string;
          password: Secret;
        }>();
        return { ...body, price: 1, at: new Date(0) };
      }),
    });
    const api = client<typeof app>("http://localhost", { fetch: app.fetch });
    const answer = await api.echo({
      body: { length: "PT1S", picture: "aGk=", at: new Date(0), price: "1", password: "x" },
    });
    if (!answer.ok) throw new Error(answer.error.title);
    expectTypeOf(answer.data).toEqualTypeOf<{
      length: string;
      picture: string;
      at: string;
      price: string;
      password: string;
    }>();
    expect(answer.data).toEqual({
      length: "PT1S",
      picture: "aGk=",
      at: "1970-01-01T00:00:00.000Z",
      price: "1",
      password: "[redacted]",
    });
  });
});

describe("a past date", () => {
  test("is judged when it comes in, and not when it goes out", async () => {
    const model = z.object({ due: futureDate({ now }) });
    const app = martlet({ read: get("/", { returns: model }, () => ({ due: "2020-01-01" })) });
    expect(await (await testClient(app).get("/")).json()).toEqual({ due: "2020-01-01" });
  });
});

describe("secret text", () => {
  test("is nowhere to be seen", async () => {
    const seen: unknown[] = [];
    const app = martlet({
      save: post("/", { body: z.object({ password: secretText() }) }, ({ body }) => {
        seen.push(body);
        return body;
      }),
    });
    await using test = testClient(app);
    const answer = await test.post("/", { json: { password: "hunter2" } });
    const [body] = seen as [{ password: Secret }];
    expect(`${await answer.text()} ${inspect(body)} ${String(body.password)}`).not.toContain(
      "hunter2",
    );
    expect(body.password.reveal()).toBe("hunter2");
  });
});

describe("JSON text", () => {
  const Filter = z.object({
    tags: z.array(z.string()),
    pet: z
      .discriminatedUnion("kind", [z.object({ kind: z.literal("cat"), lives: z.int() })])
      .optional(),
  });

  test.for(["query", "header", "cookie", "form"] as const)(
    "tells what is wrong within, in a %s",
    async (place) => {
      const app = martlet({
        read: post("/", { [place]: { filter: jsonText(Filter) } }, () => null),
      });
      const text = '{"tags":["a",1],"pet":{"kind":"cat","lives":"9"}}';
      await using test = testClient(app);
      const answer = await test.post("/", {
        ...(place === "query" && { query: { filter: text } }),
        ...(place === "form" && { form: { filter: text } }),
        headers: {
          ...(place === "header" && { filter: text }),
          ...(place === "cookie" && { cookie: `filter=${encodeURIComponent(text)}` }),
        },
      });
      const { errors = [] } = (await answer.json()) as Told;
      const at = place === "form" ? "body" : place;
      expect(errors.map(({ loc, code }) => `${loc.join(".")} ${code}`)).toEqual([
        `${at}.filter.tags.1 string_type`,
        `${at}.filter.pet.cat.lives int_type`,
      ]);
    },
  );
});
