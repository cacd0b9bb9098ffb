import { describe, expect, test } from "vitest";
import { secret, settings } from "martlet/settings";
import { z } from "zod";

type Tree = { readonly children: readonly Tree[] };
const Tree: z.ZodType<Tree> = z.object({ children: z.array(z.lazy(() => Tree)) });

describe("the type of a setting in words", () => {
  test.each([
    ["text", z.string()],
    ["text, at least 1 character, at most 5 characters", z.string().min(1).max(5)],
    ["text, exactly 2 characters", z.string().length(2)],
    ["text", z.null()],
    ["text", z.unknown()],
    ["object or text, as JSON", z.union([z.object({}), z.string()])],
    ["text that fits ^a+$", z.string().regex(/^a+$/)],
    ["URL", z.url()],
    ["email address", z.email()],
    ["UUID", z.uuid()],
    ["date and time (ISO 8601)", z.iso.datetime()],
    ["date and time (ISO 8601)", z.date()],
    ["integer", z.int()],
    ["integer, at least 1, at most 65535", z.int().min(1).max(65535)],
    ["number, above 0, below 1", z.number().gt(0).lt(1)],
    ["integer", z.bigint()],
    ["true or false", z.boolean().default(false)],
    ['one of "a", "b"', z.enum(["a", "b"])],
    ['"a"', z.literal("a")],
    ["integer", z.int().nullable().optional()],
    ["integer or text", z.union([z.int(), z.string()])],
    ["list of text, separated by commas", z.array(z.string())],
    ["list of integer, at least 1 item, separated by commas", z.array(z.int()).min(1)],
    [
      "list of integer or text, exactly 2 items, separated by commas",
      z.tuple([z.int(), z.string()]),
    ],
    ["list of object, as JSON", z.array(z.object({ a: z.int() }))],
    ["list of list of integer, as JSON", z.array(z.array(z.int()))],
    ["object, as JSON", z.record(z.string(), z.int())],
    ["object, as JSON", Tree],
    ["secret text, at least 32 characters", secret({ minLength: 32 })],
    ["secret URL", secret(z.url().optional())],
  ])("%s", (words, schema) => {
    const [info] = settings({ it: schema }).describe();
    expect(info?.type).toBe(words);
  });
});
