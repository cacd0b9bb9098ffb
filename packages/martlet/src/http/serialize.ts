/**
 * Response models: what a handler returns becomes what the model declares, and nothing else.
 *
 * @module
 */
import { Invalid } from "../params/param.ts";
import { holdsSets, validator } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import { Answer, isBodyless, jsonHeaders } from "./answer.ts";

/** One of several outcomes of a route: made by {@link reply}. */
export interface Reply<Status extends number, Value> {
  readonly status: Status;
  readonly value: Value;
  readonly "~reply": true;
}

/**
 * An answer with one of the statuses that the route's `returns` lists.
 *
 * @example
 * ```ts
 * import { post, reply } from "martlet";
 * import { z } from "zod";
 *
 * const Item = z.object({ id: z.int() });
 * const Queued = z.object({ position: z.int() });
 * const create = post("/items", { returns: { 201: Item, 202: Queued } }, () =>
 *   Math.random() < 0.5 ? reply(201, { id: 1 }) : reply(202, { position: 3 }),
 * );
 * expect(create.method).toBe("POST");
 * ```
 */
export function reply<const Status extends number>(status: Status): Reply<Status, undefined>;
export function reply<const Status extends number, Value>(
  status: Status,
  value: Value,
): Reply<Status, Value>;
export function reply(status: number, value?: unknown): Reply<number, unknown> {
  return { status, value, "~reply": true };
}

/** What a route returns: one model, or a model for each status (`null` for no body). */
export type Returns = AnySchema | { readonly [status: number]: AnySchema | null };

/** A route's outcomes, each with its model. */
export type Outcomes = ReadonlyMap<number, AnySchema | null | undefined>;

/**
 * A value that does not fit the model that the route declares: the server's failure, answered as
 * 500 without a word of the value.
 *
 * @example
 * ```ts
 * import { ResponseMismatch } from "martlet";
 *
 * const mismatch = new ResponseMismatch("GET /items/{id}", [
 *   { loc: ["response", "price"], code: "missing", message: "This is required." },
 * ]);
 * expect(mismatch.message).toContain("response.price");
 * ```
 */
export class ResponseMismatch extends Error {
  override readonly name = "ResponseMismatch";
  readonly issues: Invalid["issues"];

  constructor(route: string, issues: Invalid["issues"]) {
    const lines = issues.map((each) => `  ${each.loc.join(".")}: ${each.message}`);
    super(`${route} returned what its response model refuses:\n${lines.join("\n")}`);
    this.issues = issues;
  }
}

/** JSON, with integers of any size as what they are. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    if (!(error instanceof TypeError) || rawJson === undefined) throw error;
    return JSON.stringify(value, exact);
  }
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJson?.(String(value)) : value;
}

/** JSON, with sets as lists. */
function withSets(value: unknown): string {
  return JSON.stringify(value, listed) ?? "null";
}

function listed(key: string, value: unknown): unknown {
  return value instanceof Set ? [...(value as ReadonlySet<unknown>)] : exact(key, value);
}

/** How the values of a model are written; found out when the first one comes. */
function writerOf(model: AnySchema | null | undefined): (value: unknown) => string {
  let write: ((value: unknown) => string) | undefined;
  return (value) => (write ??= model && holdsSets(model) ? withSets : toJson)(value);
}

/** https://tc39.es/proposal-json-parse-with-source/, which the types do not know yet. */
const { rawJSON: rawJson } = JSON as { rawJSON?: (text: string) => unknown };

/** Turns what the handler of `route` returned into an answer. */
export function serializer(
  route: string,
  outcomes: Outcomes,
): (value: unknown, status: number | undefined) => Answer | Promise<Answer> {
  const [first = 200] = outcomes.keys();
  const models = new Map(
    [...outcomes].map(([status, model]) => [
      status,
      { validate: model && validator(model, ["response"]), write: writerOf(model) },
    ]),
  );
  return (returned, drafted) => {
    if (returned instanceof Answer) return returned;
    const replied = isReply(returned);
    const value = replied ? returned.value : returned;
    const status = replied ? returned.status : (drafted ?? first);
    // A status that the handler sets itself, as FastAPI's do, keeps the model of the first outcome.
    const { validate, write } = (models.get(status) ?? models.get(first)) as Model;
    if (validate === null || isBodyless(status)) return new Answer(status);
    const settle = (result: unknown): Answer => {
      if (result instanceof Invalid) throw new ResponseMismatch(route, result.issues);
      return new Answer(status, jsonHeaders, write(result));
    };
    const result = validate === undefined ? value : validate(value);
    return result instanceof Promise ? result.then(settle) : settle(result);
  };
}

interface Model {
  /** `null` for an outcome without a body, `undefined` for one without a model. */
  readonly validate: ((value: unknown) => unknown) | null | undefined;
  readonly write: (value: unknown) => string;
}

function isReply(value: unknown): value is Reply<number, unknown> {
  return typeof value === "object" && value !== null && "~reply" in value;
}
