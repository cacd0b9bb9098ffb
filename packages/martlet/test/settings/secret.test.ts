import { format, inspect } from "node:util";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type Schema, textShape, jsonSchema } from "martlet";
import { Secret, secret } from "martlet/settings";
import { z } from "zod";

type AnySecret = Schema<string, Secret> | Schema<string | undefined, Secret | undefined>;

const text = "hunter2-and-more";
const key = new Secret(text);
/** The same, where TypeScript wants text. */
const shown = key as unknown as string;

function check(schema: AnySecret, value: unknown): unknown {
  return schema["~standard"].validate(value);
}

describe("a secret", () => {
  test.each([
    ["String()", () => String(key)],
    ["a template string", () => `key: ${shown}`],
    ["concatenation", () => "key: " + shown],
    ["JSON", () => JSON.stringify({ key, list: [key] })],
    ["util.inspect", () => inspect({ key }, { depth: 9, showHidden: true })],
    [
      "util.inspect without custom words",
      () => inspect({ key }, { customInspect: false, showHidden: true }),
    ],
    ["util.format", () => format("%s %o %O %j %d", key, key, key, key, key)],
    ["an error's message", () => inspect(new Error(`no ${shown}`, { cause: { key } }))],
    ["its members", () => JSON.stringify([Object.entries(key), Reflect.ownKeys(key)])],
    ["a clone", () => inspect(structuredClone({ key }), { showHidden: true })],
    ["a number", () => String(Number(key))],
  ])("never shows in %s", (_where, print) => {
    expect(print()).not.toContain("hunter2");
  });

  test("shows as [redacted]", () => {
    expect([String(key), inspect(key)]).toEqual(["[redacted]", "[redacted]"]);
    expect(`key: ${shown}`).toBe("key: [redacted]");
    expect(JSON.stringify({ key })).toBe('{"key":"[redacted]"}');
    expect(format("%s|%O", key, { key })).toBe("[redacted]|{ key: [redacted] }");
  });

  test("is revealed on request only", () => {
    expect(key.reveal()).toBe(text);
  });

  test("is compared with another one, or with text", () => {
    expect(key.equals(new Secret(text))).toBe(true);
    expect(key.equals(text)).toBe(true);
    expect(key.equals("hunter2")).toBe(false);
    expect(key.equals(new Secret(""))).toBe(false);
  });

  test("cannot be changed", () => {
    expect(Object.isFrozen(key)).toBe(true);
  });
});

describe("the schema of a secret", () => {
  test("gives a Secret for text, and refuses all else", () => {
    const result = check(secret(), text) as { value: Secret };
    expect(result.value).toBeInstanceOf(Secret);
    expect(result.value.reveal()).toBe(text);
    expect(check(secret(), 5)).toHaveProperty("issues");
    expect(check(secret(), undefined)).toHaveProperty("issues");
  });

  test("has the type of what it gives", () => {
    expectTypeOf(secret()).toEqualTypeOf<Schema<string, Secret>>();
    expectTypeOf(secret(z.url())).toEqualTypeOf<Schema<string, Secret>>();
    expectTypeOf(secret(z.string().optional())).toEqualTypeOf<
      Schema<string | undefined, Secret | undefined>
    >();
    // @ts-expect-error a secret is text
    secret(z.int());
  });

  test("holds a secret to its length", () => {
    const schema = secret({ minLength: 5, maxLength: 6 });
    expect(check(schema, "1234")).toEqual({
      issues: [{ message: "This secret has less than 5 characters." }],
    });
    expect(check(schema, "12345")).toHaveProperty("value");
    expect(check(schema, "1234567")).toEqual({
      issues: [{ message: "This secret has more than 6 characters." }],
    });
    expect(check(secret(z.url(), { minLength: 50 }), "https://a.example")).toHaveProperty("issues");
  });

  test("takes another schema for the text, which may be optional or have a default", () => {
    expect(check(secret(z.url()), "https://a.example")).toHaveProperty("value");
    expect(check(secret(z.url()), undefined)).toHaveProperty("issues");
    expect(check(secret(z.url().optional()), undefined)).toEqual({ value: undefined });
    const { value } = check(secret(z.string().default(text)), undefined) as { value: Secret };
    expect(value.reveal()).toBe(text);
    const upper = secret(z.string().transform((each) => each.toUpperCase()));
    expect((check(upper, "a") as { value: Secret }).value.reveal()).toBe("A");
  });

  test("tells what is wrong without any of the text", async () => {
    const loose = z
      .string()
      .refine(() => false, { error: ({ input }) => `${String(input)} is bad` });
    expect(JSON.stringify(check(secret(loose), text))).not.toContain("hunter2");
    const late = z
      .string()
      .refine(async () => false, { error: ({ input }) => `no ${String(input)}` });
    expect(JSON.stringify(await check(secret(late), text))).not.toContain("hunter2");
  });

  test("is described as text that is only written, without a default", () => {
    const schema = secret(z.url().default("https://hunter2").describe("Where."), { minLength: 9 });
    const description = {
      type: "string",
      format: "uri",
      description: "Where.",
      minLength: 9,
      writeOnly: true,
    };
    expect(jsonSchema(schema, "input")).toEqual(description);
    expect(jsonSchema(secret({ description: "Why." }), "input")).toEqual({
      type: "string",
      description: "Why.",
      writeOnly: true,
    });
    expect(textShape(schema)).toEqual({ kinds: ["text"], many: false });
  });
});
