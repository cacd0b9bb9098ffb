import { type Issue, martlet, post } from "martlet";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

/** Looks like what people must not find in a log. */
const secret = "hunter2-5f4dcc3b5aa765d61d8327deb882cf99";

/** The issues of a JSON body. */
async function issuesOf(body: z.ZodType, json: unknown): Promise<readonly Issue[]> {
  const route = post("/", { body }, () => null);
  await using client = testClient(martlet({ route }, { openapi: false }));
  const answer = await client.post("/", { json });
  expect(answer.status).toBe(422);
  return ((await answer.json()) as { errors: readonly Issue[] }).errors;
}

type Told = readonly [code: string, message: RegExp, context?: object];

/** Every kind of issue: what is declared, what was sent, and what is told. */
const kinds: readonly (readonly [name: string, schema: z.ZodType, sent: unknown, told: Told])[] = [
  ["text", z.string(), 7, ["string_type", /^Invalid input: expected string, received number$/]],
  [
    "number",
    z.number(),
    secret,
    ["float_type", /^Invalid input: expected number, received string$/],
  ],
  ["integer", z.int(), secret, ["int_type", /^Invalid input: expected int, received string$/]],
  ["integer by check", z.number().int(), secret, ["int_type", /expected int/]],
  ["32-bit integer", z.int32(), 2 ** 40, ["less_than_equal", /<=2147483647/, { max: 2147483647 }]],
  ["fraction for an integer", z.int(), 1.5, ["int_from_float", /expected int, received number/]],
  ["large integer", z.int(), 2 ** 60, ["int_parsing_size", /Too big/]],
  ["bigint", z.bigint(), secret, ["int_type", /expected bigint/]],
  ["boolean", z.boolean(), secret, ["bool_type", /expected boolean/]],
  ["date", z.date(), 7, ["datetime_type", /expected date/]],
  ["text for a date", z.date(), secret, ["datetime_from_date_parsing", /expected date/]],
  ["list", z.array(z.int()), secret, ["list_type", /expected array/]],
  ["tuple", z.tuple([z.int()]), secret, ["tuple_type", /expected tuple/]],
  ["set", z.set(z.int()), secret, ["set_type", /expected set/]],
  ["object", z.object({}), secret, ["model_attributes_type", /expected object/]],
  ["record", z.record(z.string(), z.int()), secret, ["dict_type", /expected record/]],
  ["null", z.null(), secret, ["type_error", /expected null/]],
  ["never", z.never(), secret, ["type_error", /expected never/]],
  ["nothing", z.undefined(), secret, ["type_error", /expected undefined/]],
  ["short text", z.string().min(80), secret, ["string_too_short", /Too small/, { min: 80 }]],
  ["long text", z.string().max(2), secret, ["string_too_long", /Too big/, { max: 2 }]],
  ["text of a length", z.string().length(2), secret, ["string_too_long", /Too big/, { max: 2 }]],
  ["short list", z.array(z.int()).min(2), [1], ["too_short", /Too small/, { min: 2, actual: 1 }]],
  ["long list", z.array(z.int()).max(1), [1, 2], ["too_long", /Too big/, { max: 1, actual: 2 }]],
  ["small set", z.set(z.int()).min(2), [1], ["too_short", /Too small/, { min: 2, actual: 1 }]],
  ["long tuple", z.tuple([z.int()]), [1, 2], ["too_long", /Too big/, { max: 1, actual: 2 }]],
  ["at least", z.number().min(3), 1, ["greater_than_equal", />=3/, { min: 3 }]],
  ["more than", z.number().gt(3), 3, ["greater_than", />3/, { min: 3 }]],
  ["at most", z.number().max(3), 4, ["less_than_equal", /<=3/, { max: 3 }]],
  ["less than", z.number().lt(3), 3, ["less_than", /<3/, { max: 3 }]],
  ["bigint at least", z.bigint().min(3n), 1, ["greater_than_equal", />=3/, { min: "3" }]],
  ["bigint less than", z.bigint().lt(3n), 3, ["less_than", /<3/, { max: "3" }]],
  [
    "date at least",
    z.date().min(new Date(0)),
    "1969-01-01",
    ["greater_than_equal", /Too small/, { min: "1970-01-01T00:00:00.000Z" }],
  ],
  ["multiple", z.number().multipleOf(5), 7, ["multiple_of", /multiple of 5/, { multipleOf: 5 }]],
  [
    "pattern",
    z.string().regex(/^[a-z]+$/),
    secret,
    ["string_pattern_mismatch", /must match pattern/, { pattern: "^[a-z]+$" }],
  ],
  [
    "start",
    z.string().startsWith("id-"),
    secret,
    ["string_pattern_mismatch", /must start with "id-"/],
  ],
  ["end", z.string().endsWith("-id"), secret, ["string_pattern_mismatch", /must end with "-id"/]],
  ["part", z.string().includes("@"), secret, ["string_pattern_mismatch", /must include "@"/]],
  [
    "lower case",
    z.string().lowercase(),
    secret.toUpperCase(),
    ["string_pattern_mismatch", /Invalid lowercase/],
  ],
  ["e-mail", z.email(), secret, ["value_error", /Invalid email/]],
  ["URL", z.url(), secret, ["url_parsing", /Invalid URL/]],
  ["UUID", z.uuid(), secret, ["uuid_parsing", /Invalid UUID/]],
  ["ISO date", z.iso.date(), secret, ["date_from_datetime_parsing", /Invalid ISO date/]],
  [
    "ISO date and time",
    z.iso.datetime(),
    secret,
    ["datetime_from_date_parsing", /Invalid ISO datetime/],
  ],
  ["ISO time", z.iso.time(), secret, ["time_parsing", /Invalid ISO time/]],
  ["ISO duration", z.iso.duration(), secret, ["time_delta_parsing", /Invalid ISO duration/]],
  ["IPv4 address", z.ipv4(), secret, ["ip_v4_address", /Invalid IPv4/]],
  ["base64", z.base64(), secret, ["base64_decode", /Invalid base64/]],
  ["token", z.jwt(), secret, ["jwt_parsing", /Invalid JWT/]],
  [
    "template",
    z.templateLiteral(["id-", z.int()]),
    secret,
    ["template_literal_parsing", /Invalid/],
  ],
  [
    "choice",
    z.enum(["red", "green"]),
    secret,
    ["enum", /expected one of "red"\|"green"/, { expected: ["red", "green"] }],
  ],
  ["literal", z.literal(1), secret, ["literal_error", /expected 1/, { expected: [1] }]],
  [
    "text that is a choice",
    z.stringbool(),
    secret,
    [
      "literal_error",
      /Invalid/,
      { expected: expect.arrayContaining(["true", "off"]) as unknown[] },
    ],
  ],
  [
    "own check",
    z.string().refine((each) => each === "a", "Not a."),
    secret,
    ["value_error", /^Not a\.$/],
  ],
  [
    "own check without words",
    z.string().refine((each) => each === "a"),
    secret,
    ["value_error", /^Invalid input$/],
  ],
  [
    "asynchronous check",
    z.string().refine((each) => Promise.resolve(each === "a"), "Not a."),
    secret,
    ["value_error", /^Not a\.$/],
  ],
  [
    "intersection",
    z.string().and(z.string().min(80)),
    secret,
    ["string_too_short", /Too small/, { min: 80 }],
  ],
  ["pipe", z.string().pipe(z.string().max(2)), secret, ["string_too_long", /Too big/, { max: 2 }]],
  [
    "codec",
    z.codec(z.string(), z.int(), { decode: Number, encode: String }),
    secret,
    ["finite_number", /received NaN/],
  ],
  ["readonly", z.string().max(2).readonly(), secret, ["string_too_long", /Too big/, { max: 2 }]],
  ["lazy", z.lazy(() => z.string().max(2)), secret, ["string_too_long", /Too big/, { max: 2 }]],
];

describe("an issue", () => {
  test.for(kinds)(
    "of %s has a code, a message and what is needed to mend it",
    async ([, schema, sent, told]) => {
      const [code, message, context] = told;
      const [issue, ...more] = await issuesOf(z.object({ field: schema }), { field: sent });
      expect(more).toEqual([]);
      expect(issue).toEqual({
        loc: ["body", "field"],
        code,
        message: expect.stringMatching(message),
        ...(context !== undefined && { context }),
      });
      expect(JSON.stringify(issue)).not.toContain(secret);
    },
  );

  test("is missing where there is nothing, whatever was asked for", async () => {
    const asked = {
      text: z.string(),
      choice: z.enum(["a"]),
      literal: z.literal(1),
      union: z.union([z.int(), z.string()]),
      nested: z.object({}),
      list: z.array(z.int()),
      own: z.string("Please tell."),
    };
    const issues = await issuesOf(z.object(asked), {});
    expect(issues).toEqual(
      Object.keys(asked).map((name) => ({
        loc: ["body", name],
        code: "missing",
        message: name === "own" ? "Please tell." : "This is required.",
      })),
    );
    expect(await issuesOf(z.object({}), undefined)).toMatchObject([
      { loc: ["body"], code: "missing" },
    ]);
  });

  test("comes once for each place, all in one answer", async () => {
    const schema = z.object({
      name: z.string().max(5),
      author: z.object({ email: z.email(), tags: z.array(z.string()).max(2) }),
      lines: z.array(z.object({ id: z.int(), price: z.number().positive() })),
      extra: z.record(z.string(), z.int()),
    });
    const sent = {
      name: secret,
      author: { email: secret, tags: ["a", 7] },
      lines: [{ id: 1, price: 1 }, { id: secret }, { id: 1.5, price: -1 }],
      extra: { a: 1, b: secret },
    };
    const issues = await issuesOf(schema, sent);
    expect(issues.map((each) => `${each.loc.join(".")} ${each.code}`)).toEqual([
      "body.name string_too_long",
      "body.author.email value_error",
      "body.author.tags.1 string_type",
      "body.lines.1.id int_type",
      "body.lines.1.price missing",
      "body.lines.2.id int_from_float",
      "body.lines.2.price greater_than",
      "body.extra.b int_type",
    ]);
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  test("comes once for each key that is not expected", async () => {
    const schema = z.strictObject({ a: z.int(), inner: z.strictObject({}) });
    const issues = await issuesOf(schema, { a: 1, b: secret, c: secret, inner: { d: secret } });
    expect(issues.map((each) => [each.loc, each.code, each.message])).toEqual([
      [["body", "inner", "d"], "extra_forbidden", "This is not expected here."],
      [["body", "b"], "extra_forbidden", "This is not expected here."],
      [["body", "c"], "extra_forbidden", "This is not expected here."],
    ]);
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  test("of a record's key names the key", async () => {
    const chosen = z.object({ prices: z.record(z.enum(["a", "b"]), z.int()) });
    expect(await issuesOf(chosen, { prices: { a: 1, d: 2, b: 4 } })).toMatchObject([
      { loc: ["body", "prices", "d", "[key]"], code: "enum", context: { expected: ["a", "b"] } },
    ]);
    const short = z.object({ prices: z.record(z.string().max(1), z.int()) });
    expect(await issuesOf(short, { prices: { a: 1, long: 2 } })).toMatchObject([
      { loc: ["body", "prices", "long", "[key]"], code: "string_too_long", context: { max: 1 } },
    ]);
  });

  test("of a tuple is missing at the place, beside what is wrong at others", async () => {
    const pair = z.object({ pair: z.tuple([z.int(), z.string(), z.int().optional()]) });
    const issues = await issuesOf(pair, { pair: ["x"] });
    expect(issues.map((each) => `${each.loc.join(".")} ${each.code}`)).toEqual([
      "body.pair.0 int_type",
      "body.pair.1 missing",
    ]);
  });

  test("of a record's key reads the key as text", async () => {
    const prices = z.object({ prices: z.record(z.int(), z.number()) });
    const issues = await issuesOf(prices, { prices: { 1: "y", x: 2 } });
    expect(issues.map((each) => `${each.loc.join(".")} ${each.code}`)).toEqual([
      "body.prices.1 float_type",
      "body.prices.x.[key] int_parsing",
    ]);
  });

  test("may have a code of one's own", async () => {
    const isbn = z.string().refine(() => false, {
      message: "This is no ISBN.",
      params: { code: "isbn_checksum", context: { length: 13 } },
    });
    const shouting = z.string().refine(() => false, { params: { code: "Not a word" } });
    expect(
      await issuesOf(z.object({ isbn, shouting }), { isbn: "x", shouting: "x" }),
    ).toMatchObject([
      { code: "isbn_checksum", message: "This is no ISBN.", context: { length: 13 } },
      { code: "value_error" },
    ]);
  });

  test("of text that has a kind says what it should be", async () => {
    const asked = { id: z.uuid(), day: z.iso.date(), at: z.iso.time(), page: z.httpUrl() };
    const wrong = { id: 1, day: 1, at: 1, page: 1 };
    const codes = async (sent: object): Promise<string[]> =>
      (await issuesOf(z.object(asked), sent)).map((each) => each.code);
    expect(await codes(wrong)).toEqual(["uuid_type", "date_type", "time_type", "url_type"]);
    const text = { id: "1", day: "2026-02-28T10:30:00", at: "3:4", page: "ftp://a.example" };
    expect(await codes(text)).toEqual([
      "uuid_parsing",
      "date_from_datetime_inexact",
      "time_parsing",
      "url_scheme",
    ]);
  });

  test("keeps the words that the schema has for it", async () => {
    const schema = z.object({
      age: z.int("Tell your age.").min(18, "Come back later."),
      name: z.string({ error: ({ input }) => (input === undefined ? "Who?" : "No name.") }),
    });
    const issues = await issuesOf(schema, { age: 7 });
    expect(issues.map((each) => each.message)).toEqual(["Come back later.", "Who?"]);
  });

  test("is one of a hundred at the most", async () => {
    const list = Array.from({ length: 5000 }, () => secret);
    expect(await issuesOf(z.array(z.int()), list)).toHaveLength(100);
    const keys = Object.fromEntries(list.map((each, index) => [`k${index}`, each]));
    expect(await issuesOf(z.strictObject({}), keys)).toHaveLength(100);
  });

  test("of what a check found on several fields stands at each of them", async () => {
    const schema = z.object({ a: z.string(), b: z.string() }).superRefine((value, checking) => {
      if (value.a === value.b) return;
      checking.addIssue({ code: "custom", path: ["a"], message: "Not the same." });
      checking.addIssue({ code: "custom", path: ["b", "deep"], message: "Not the same." });
    });
    const issues = await issuesOf(schema, { a: secret, b: "x" });
    expect(issues.map((each) => each.loc)).toEqual([
      ["body", "a"],
      ["body", "b", "deep"],
    ]);
    expect(JSON.stringify(issues)).not.toContain(secret);
  });
});
