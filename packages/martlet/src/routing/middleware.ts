/**
 * Middleware: functions around requests, composed once at start.
 *
 * @module
 */
import type { Answer } from "../http/answer.ts";
import type { HttpRequest } from "../http/request.ts";
import type { MaybePromise } from "../standard.ts";

/**
 * Sees a request before, and its answer after, everything further in. Problems are answers already
 * when they come back through `next`; what middleware itself throws becomes one too.
 */
export type Middleware = (request: HttpRequest, next: Next) => MaybePromise<Answer>;

/** Goes on with the request. */
export type Next = () => MaybePromise<Answer>;

/** Answers a request. */
export type Respond = (request: HttpRequest) => MaybePromise<Answer>;

/** Puts middleware around `inner`, the first one outermost. */
export function around(middleware: readonly Middleware[], inner: Respond): Respond {
  let current = inner;
  for (const each of middleware.toReversed()) {
    const next = current;
    current = (request) => each(request, () => next(request));
  }
  return current;
}
