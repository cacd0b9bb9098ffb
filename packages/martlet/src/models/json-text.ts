/**
 * JSON within text: a whole value in a query, a header, a cookie or a field of a form.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";
import { Invalid, type Issue, validator } from "../index.ts";
import { push, refuse, settled, wire } from "./reading.ts";

/**
 * JSON inside text, as a schema reads it: `?filter={"tags":["a"]}`. What is wrong within is told at its
 * place within. In an answer the value is written as text again.
 *
 * Code: `json_invalid`, beside those of the schema.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { jsonText } from "martlet/models";
 * import { testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const Filter = z.object({ tags: z.array(z.string()) });
 * const find = get("/find", { query: { filter: jsonText(Filter) } }, ({ filter }) => filter.tags);
 * const client = testClient(martlet({ find }));
 * const answer = await client.get("/find", { query: { filter: '{"tags":["a"]}' } });
 * expect(await answer.json()).toEqual(["a"]);
 * ```
 */
export function jsonText<S extends core.$ZodType>(
  schema: S,
): z.ZodCodec<z.ZodType<string, string>, S> {
  const read = validator(schema, [], "json");
  const write = validator(schema, []);
  const text = wire<string>({
    type: "string",
    contentMediaType: "application/json",
  });
  const codec = z.codec(text, z.any(), {
    decode: (value, payload) => {
      const json = parsed(value);
      if (json === undefined) return settled(malformed, push(payload));
      return later(read(json.value), (result) => taken(result, payload));
    },
    encode: (value, payload) =>
      later(write(value), (result) => JSON.stringify(taken(result, payload)) ?? "null"),
  });
  // What comes out is what the schema has validated.
  return codec as unknown as z.ZodCodec<z.ZodType<string, string>, S>;
}

const malformed = refuse("json_invalid", "This is not valid JSON.");

function parsed(text: unknown): { readonly value: unknown } | undefined {
  if (typeof text !== "string") return undefined;
  try {
    // A lone surrogate would break what comes after, and no answer could tell it.
    const value = JSON.parse(text, (key, each: unknown) => {
      if (!key.isWellFormed() || (typeof each === "string" && !each.isWellFormed())) {
        throw new SyntaxError("half a character");
      }
      return key === "__proto__" ? undefined : each;
    }) as unknown;
    return { value };
  } catch {
    return undefined;
  }
}

function later<T>(result: unknown, then: (result: unknown) => T): T | Promise<T> {
  return result instanceof Promise ? result.then(then) : then(result);
}

/** The value that a schema took; what it refused is told at its place. */
function taken(result: unknown, payload: core.ParsePayload): unknown {
  if (!(result instanceof Invalid)) return result;
  for (const issue of result.issues) payload.issues.push(raw(issue));
  return z.NEVER;
}

function raw({ loc, code, message, context }: Issue): core.$ZodRawIssue {
  const params = { code, ...(context && { context }) };
  return { code: "custom", path: [...loc], message, params, input: null };
}
