import { inspect } from "node:util";
import { type } from "arktype";
import * as v from "valibot";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type AnySchema,
  dependency,
  type Dependency,
  type Fault,
  Faults,
  get,
  martlet,
} from "martlet";
import { type Secret, secret, type Settings, settings } from "martlet/settings";
import { override, testClient } from "martlet/testing";
import { z } from "zod";
import { failure, told } from "./failure.ts";

const config = settings({
  port: z.int().min(1).max(65535).default(8000),
  databaseUrl: secret(z.url()),
  debug: z.boolean().default(false),
  origins: z.array(z.string()).default([]),
});
const env = { DATABASE_URL: "postgres://app:hunter2@db/app" };

/** The value of one setting, from one text. */
function read(schema: AnySchema, text: string): unknown {
  return settings({ it: schema }).load({ env: { IT: text } }).it;
}

describe("settings", () => {
  test("are a frozen, typed object", () => {
    const value = config.load({ env: { ...env, PORT: "80", DEBUG: "yes", ORIGINS: "a, b" } });
    expectTypeOf(value).toEqualTypeOf<{
      readonly port: number;
      readonly databaseUrl: Secret;
      readonly debug: boolean;
      readonly origins: string[];
    }>();
    expect(value).toMatchObject({ port: 80, debug: true, origins: ["a", "b"] });
    expect(value.databaseUrl.reveal()).toBe(env.DATABASE_URL);
    expect(Object.isFrozen(value)).toBe(true);
    expect(() => value.origins.push("c")).toThrow(TypeError);
  });

  test("have defaults for what is not set, or empty", () => {
    const value = config.load({ env: { ...env, PORT: "", DEBUG: undefined } });
    expect(value).toMatchObject({ port: 8000, debug: false, origins: [] });
  });

  test("are read anew by each load", () => {
    expect(config.load({ env })).not.toBe(config.load({ env }));
  });

  test("have the variable of their name", () => {
    const it = z.string().optional();
    const rows = settings(
      {
        databaseUrl: it,
        s3Bucket: it,
        oauth2ClientId: it,
        dbURL: it,
        snake_case: it,
        PORT: it,
        x: it,
      },
      { prefix: "APP_", names: { x: "HTTP_X" } },
    ).describe();
    expect(rows.map((each) => each.variable)).toEqual([
      "APP_DATABASE_URL",
      "APP_S3_BUCKET",
      "APP_OAUTH2_CLIENT_ID",
      "APP_DB_URL",
      "APP_SNAKE_CASE",
      "APP_PORT",
      "HTTP_X",
    ]);
    // @ts-expect-error there is no setting of this name
    settings({ a: it }, { names: { b: "B" } });
  });

  test("refuse two settings with one variable", () => {
    const declare = () =>
      settings({ fooBar: z.string(), x: z.string() }, { names: { x: "FOO_BAR" } });
    expect(failure(declare)).toContain('M005 FOO_BAR is the variable of "fooBar" and "x"');
  });

  test("are told as data", () => {
    const key = secret(z.string().default("hunter2"), { description: "Signs." });
    const rows = settings({
      port: z.int().default(1).describe("Port."),
      url: z.url(),
      key,
    }).describe();
    expect(rows).toEqual([
      {
        name: "port",
        variable: "PORT",
        type: "integer",
        required: false,
        default: 1,
        description: "Port.",
        secret: false,
      },
      { name: "url", variable: "URL", type: "URL", required: true, secret: false },
      {
        name: "key",
        variable: "KEY",
        type: "secret text",
        required: false,
        description: "Signs.",
        secret: true,
      },
    ]);
    expect(inspect(rows)).not.toContain("hunter2");
  });
});

describe("the text of a setting", () => {
  test.each<[string, z.ZodType, string, unknown]>([
    ["an integer", z.int(), " 42 ", 42],
    ["a number", z.number(), "1.5e3", 1500],
    ["a boolean", z.boolean(), "On", true],
    ["a bigint", z.bigint(), "12345678901234567890", 12345678901234567890n],
    ["a date", z.date(), "2020-01-02", new Date("2020-01-02T00:00Z")],
    ["text as it is", z.string(), " 42 ", " 42 "],
    ["one of a union", z.union([z.int(), z.string()]), "42", 42],
    ["a list between commas", z.array(z.string()), " a , b c,,", ["a", "b c"]],
    ["a list of integers", z.array(z.int()), "1,2", [1, 2]],
    ["a list of one", z.array(z.string()), "a", ["a"]],
    ["a tuple", z.tuple([z.string(), z.int()]), "1,2", ["1", 2]],
    ["a list as JSON", z.array(z.string()), '["a,b", ""]', ["a,b", ""]],
    ["an empty list", z.array(z.string()).default(["x"]), "[]", []],
    ["a list that begins with a bracket", z.array(z.string()), "[::1],[::2]", ["[::1]", "[::2]"]],
    ["an object as JSON", z.object({ a: z.int() }), '{"a": 1}', { a: 1 }],
    ["a record", z.record(z.string(), z.int()), ' {"a": 1}', { a: 1 }],
    ["a list of objects", z.array(z.object({ a: z.int() })), '[{"a": 1}]', [{ a: 1 }]],
    ["an object or text", z.union([z.string(), z.object({ a: z.int() })]), "x", "x"],
    ["what a schema makes of it", z.string().transform((each) => each.length), "four", 4],
  ])("is %s", (_what, schema, text, value) => {
    expect(read(schema, text)).toEqual(value);
  });

  test("freezes lists and objects all through, and nothing that has a class", () => {
    const schema = z.object({
      a: z.array(z.object({ b: z.int() })),
      at: z.string().pipe(z.transform(() => new Date(0))),
    });
    const value = read(schema, '{"a": [{"b": 1}], "at": ""}') as z.infer<typeof schema>;
    expect([value, value.a, value.a[0]].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(value.at)).toBe(false);
  });

  test("is read for schemas of other libraries", () => {
    expect(read(type("number.integer"), "5")).toBe(5);
    expect(read(toStandardJsonSchema(v.pipe(v.number(), v.integer())), "5")).toBe(5);
    const message = failure(() => read(v.number(), "5"));
    expect(message).toContain("M012 The schema of IT does not tell its JSON Schema");
  });
});

describe("what is wrong with settings", () => {
  test("is told all at once", () => {
    const shop = settings(
      {
        port: z.int().min(1).max(65535),
        databaseUrl: secret(z.url()),
        key: secret({ minLength: 32 }),
        region: z.enum(["eu", "us"]),
        origins: z.array(z.url()),
        even: z.int().refine((each) => each % 2 === 0, "This has to be even."),
      },
      {
        prefix: "SHOP_",
        name: "shop",
        directory: "/app",
        files: [".env", ".env.local"],
        readFile: (path) => (path.endsWith(".local") ? "SHOP_REGION=mars" : undefined),
      },
    );
    const bad = {
      SHOP_PORT: "eighty",
      SHOP_KEY: "short",
      SHOP_ORIGINS: "https://a.example,nope",
      SHOP_EVEN: "5",
      Shop_DatabaseUrl: "x",
    };
    const load = () => shop.load({ env: bad, files: [".env", ".env.local"] });
    expect(load).toThrowErrorMatchingInlineSnapshot(`
      [Faults: 6 faults found at start

      M015 SHOP_PORT is wrong
        expected: integer, at least 1, at most 65535
        found in: the environment
        at shop > port
        fix: Correct the value of SHOP_PORT.

      M015 SHOP_DATABASE_URL is missing
        expected: secret URL
        looked in: the environment, /app/.env.local, /app/.env (not there)
        at shop > databaseUrl
        fix: Rename Shop_DatabaseUrl, which is set in the environment, to SHOP_DATABASE_URL.

      M015 SHOP_KEY is wrong
        expected: secret text, at least 32 characters
        found in: the environment
        at shop > key
        fix: Correct the value of SHOP_KEY.

      M015 SHOP_REGION is wrong
        expected: one of "eu", "us"
        found in: /app/.env.local
        because: Invalid option: expected one of "eu"|"us"
        at shop > region
        fix: Correct the value of SHOP_REGION.

      M015 SHOP_ORIGINS is wrong
        expected: list of URL, separated by commas
        found in: the environment
        because: [1]: Invalid URL
        at shop > origins
        fix: Correct the value of SHOP_ORIGINS.

      M015 SHOP_EVEN is wrong
        expected: integer
        found in: the environment
        because: This has to be even.
        at shop > even
        fix: Correct the value of SHOP_EVEN.]
    `);
  });

  test("is one fault for each variable", () => {
    const own = settings({ a: z.int(), b: z.int(), c: z.int() });
    let errors: readonly Fault[] = [];
    try {
      own.load({ env: { B: "x", C: "1" } });
    } catch (error) {
      ({ errors } = error as Faults);
    }
    expect(errors.map((each) => [each.code, each.trail])).toEqual([
      ["M015", ["settings", "a"]],
      ["M015", ["settings", "b"]],
    ]);
  });

  test("is a name in other letters", () => {
    const message = failure(() => config.load({ env: { database_url: "hunter2" } }));
    expect(message).toContain(
      "fix: Rename database_url, which is set in the environment, to DATABASE_URL.",
    );
    expect(message).not.toContain("hunter2");
  });

  test("is a schema that takes its time, or throws", async () => {
    const late = z.string().refine(async () => false);
    const loud = z.string().transform((each) => {
      throw new Error(each);
    });
    for (const schema of [late, loud, secret(late)]) {
      const message = failure(() => read(schema, "hunter2"));
      expect(message).toMatch(/IT is wrong/);
      expect(message).not.toContain("hunter2");
    }
    expect(failure(() => settings({ it: late }).load({ env: {} }))).toContain("IT is missing");
  });

  test.each<[string, AnySchema, string]>([
    ["an integer", z.int(), "hunter2"],
    ["a boolean", z.boolean(), "hunter2"],
    ["a URL", z.url(), "hunter2"],
    ["a choice", z.enum(["a", "b"]), "hunter2"],
    ["a length", z.string().max(3), "hunter2"],
    ["JSON that is none", z.object({ a: z.int() }), '{"a": hunter2'],
    ["no JSON at all", z.object({ a: z.int() }), "hunter2"],
    ["an unknown key", z.strictObject({ a: z.int() }), '{"a": 1, "hunter2": 1}'],
    ["a key of a record", z.record(z.string(), z.int()), '{"hunter2": "x"}'],
    ["a key that is refused", z.record(z.string().max(3), z.int()), '{"hunter2": 1}'],
    ["a value inside of an object", z.object({ a: z.int() }), '{"a": "hunter2"}'],
    ["an item of a list", z.array(z.int()), "1,hunter2"],
    [
      "a message that quotes it",
      z.string().refine(() => false, { error: ({ input }) => `${String(input)}?` }),
      "hunter2",
    ],
    [
      "a message that quotes a part",
      z.string().refine(() => false, { error: ({ input }) => `${String(input).slice(0, 6)}…` }),
      "hunter2",
    ],
    [
      "a message that shouts it",
      z.string().refine(() => false, { error: ({ input }) => String(input).toUpperCase() }),
      "hunter2",
    ],
    ["ArkType", type("number.integer"), "hunter2"],
    ["ArkType's choice", type("'a'|'b'"), "hunter2"],
    ["Valibot", toStandardJsonSchema(v.number()), "hunter2"],
    ["Valibot's choice", toStandardJsonSchema(v.picklist(["a", "b"])), "hunter2"],
    ["a secret URL", secret(z.url()), "hunter2"],
    ["a secret's length", secret({ minLength: 32 }), "hunter2"],
  ])("never shows the value: %s", (_what, schema, text) => {
    const message = failure(() => read(schema, text));
    expect(message).toContain("M015 IT is wrong");
    expect(message.toLowerCase()).not.toContain("hunter");
  });
});

describe("settings in an application", () => {
  const seen: Settings<unknown>[] = [];
  const pool = dependency({ scope: "app", use: { config } }, ({ config }) => ({
    url: config.databaseUrl,
    size: config.debug ? 1 : 10,
  }));
  const size = get("/size", { use: { pool, config } }, ({ pool, config }) => {
    seen.push(config as never);
    return { size: pool.size, port: config.port, databaseUrl: config.databaseUrl };
  });
  const app = martlet({ size }, {});

  test("are one value for all requests, which tests replace", async () => {
    const load = () => config.load({ env: { ...env, DEBUG: "1", PORT: "3" } });
    await using client = testClient(app, { overrides: [override(config, load)] });
    const answers = [await client.get("/size"), await client.get("/size")];
    for (const answer of answers) {
      expect(await answer.json()).toEqual({ size: 1, port: 3, databaseUrl: "[redacted]" });
    }
    expect(seen[0]).toBe(seen[1]);
  });

  test("are not read for the document, and add nothing to it", () => {
    const never = settings({ it: z.string() }, { env: {} });
    const route = get("/", { use: { never } }, () => "");
    const paths = martlet({ route }).openapi().paths;
    const bare = get("/", {}, () => "");
    expect(paths).toEqual(martlet({ route: bare }).openapi().paths);
  });

  test("have the type of a dependency that reads no request", () => {
    expectTypeOf(config).toExtend<Dependency<{ readonly port: number }>>();
  });

  test("keep it from starting when they are wrong, and tell why", async () => {
    const own = settings(
      { port: z.int(), key: secret({ minLength: 32 }), url: z.url() },
      { env: { PORT: "hunter2", KEY: "hunter2" } },
    );
    const route = get("/", { use: { own } }, () => "never");
    const broken = martlet({ route });
    expect(() => broken.ready()).not.toThrow();
    const error: unknown = await broken.start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Faults);
    const message = told(error as Faults);
    expect(message).toContain("3 faults found at start");
    expect(message).toMatch(/PORT is wrong[^]*KEY is wrong[^]*URL is missing/);
    expect(message).not.toContain("hunter2");
  });
});
