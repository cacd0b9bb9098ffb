/**
 * Outcomes: what a route may answer, each status with its representation.
 *
 * @module
 */
import type { AnySchema, MaybePromise } from "../standard.ts";
import { Answer, isBodyless } from "./answer.ts";
import { jsonOf } from "./json-representation.ts";
import {
  type AnyRepresentation,
  isRepresentation,
  type RepresentationPlace,
  type Write,
} from "./representation.ts";
import type { HttpRequest } from "./request.ts";

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

/** What one outcome looks like: a model, which is written as JSON, or something else. */
export type Outcome = AnySchema | AnyRepresentation;

/** What a route returns: one outcome, or one for each status (`null` for no body). */
export type Returns = Outcome | { readonly [status: number]: Outcome | null };

/** A route's outcomes, each with its representation; `null` for no body. */
export type Outcomes = ReadonlyMap<number, AnyRepresentation | null>;

/** The representation of an outcome; without one, whatever comes is written as JSON. */
export function representationOf(outcome: Outcome | undefined): AnyRepresentation {
  return isRepresentation(outcome) ? outcome : jsonOf(outcome);
}

/** Turns what the handler of a route returned into an answer. */
export function serializer(
  outcomes: Outcomes,
  place: RepresentationPlace,
): (value: unknown, request: HttpRequest) => MaybePromise<Answer> {
  const [first = 200] = outcomes.keys();
  const writers = new Map(
    [...outcomes].map(([status, each]) => [status, each?.compile(place) ?? bodyless]),
  );
  return (returned, request) => {
    if (returned instanceof Answer) return returned;
    const replied = isReply(returned);
    const value = replied ? returned.value : returned;
    const status = replied ? returned.status : (request.draft?.status ?? first);
    if (isBodyless(status)) return new Answer(status);
    // A status that the handler sets itself, as FastAPI's do, keeps the model of the first outcome.
    const write = (writers.get(status) ?? writers.get(first)) as Write;
    return write(value, status, request);
  };
}

const bodyless: Write = (_value, status) => new Answer(status);

function isReply(value: unknown): value is Reply<number, unknown> {
  return typeof value === "object" && value !== null && "~reply" in value;
}
