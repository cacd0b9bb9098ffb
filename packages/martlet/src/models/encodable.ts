/**
 * Values as JSON tells them, outside of an answer.
 *
 * @module
 */
import { type AnySchema, type Given, Invalid, ResponseMismatch, validator } from "../index.ts";

/** What JSON can tell. */
export type Encodable =
  | string
  | number
  | boolean
  | null
  | readonly Encodable[]
  | { readonly [name: string]: Encodable };

/**
 * A value as JSON would tell it, as plain data: for a document database, a queue, a template or a log.
 * With a model it is what an answer of that model would be: filtered, checked, encoded.
 *
 * Dates are ISO 8601 text, sets lists, maps objects, bytes base64, and what has a `toJSON` what that
 * gives. A bigint is a number where that is exact, else text. What JSON has no word for is `null`, as
 * `JSON.stringify` has it, and a member that is `undefined` or a function is left out.
 *
 * @throws {ResponseMismatch} when the value does not fit the model.
 * @throws {TypeError} when a value holds itself, or its model only answers later.
 *
 * @example
 * ```ts
 * import { encodable } from "martlet/models";
 * import { z } from "zod";
 *
 * const User = z.object({ name: z.string(), since: z.date() });
 * const row = { name: "ann", since: new Date(0), passwordHash: "$argon2id$…" };
 * expect(encodable(row, User)).toEqual({ name: "ann", since: "1970-01-01T00:00:00.000Z" });
 * expect(encodable(new Map([["tags", new Set([1, 2])]]))).toEqual({ tags: [1, 2] });
 * ```
 */
export function encodable<M extends AnySchema>(value: Given<M>, model: M): Encodable;
export function encodable(value: unknown): Encodable;
export function encodable(value: unknown, model?: AnySchema): Encodable {
  const checked = model === undefined ? value : validator(model, [])(value);
  if (checked instanceof Promise) throw new TypeError("The model has checks that answer later");
  if (checked instanceof Invalid) throw new ResponseMismatch("encodable", checked.issues);
  return plain(checked, []) ?? null;
}

/** The value as plain data; `undefined` where JSON would leave it out. */
function plain(value: unknown, holders: readonly object[]): Encodable | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return typeof value === "object" ? plainObject(value, holders) : undefined;
}

function plainObject(value: object, holders: readonly object[]): Encodable | undefined {
  if (holders.includes(value)) throw new TypeError("A value holds itself");
  const within = [...holders, value];
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return plain((value as { toJSON: () => unknown }).toJSON(), within);
  }
  if (value instanceof Uint8Array) {
    return btoa(Array.from(value, (each) => String.fromCodePoint(each)).join(""));
  }
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value as Iterable<unknown>, (each) => plain(each, within) ?? null);
  }
  const entries: readonly (readonly [unknown, unknown])[] =
    value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : Object.entries(value);
  return Object.fromEntries(
    entries.flatMap(([name, each]) => {
      const told = plain(each, within);
      return told === undefined ? [] : [[String(name), told]];
    }),
  );
}
