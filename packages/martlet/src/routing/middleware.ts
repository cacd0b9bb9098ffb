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

/** Makes an answer of what middleware throws. */
export type Fail = (error: unknown, request: HttpRequest) => MaybePromise<Answer>;

/**
 * Puts middleware around `inner`, the first one outermost. What one throws is an answer already for
 * those around it, so that a header which belongs on every answer is on that one too.
 */
export function around(middleware: readonly Middleware[], inner: Respond, fail: Fail): Respond {
  return middleware.reduceRight<Respond>((next, each) => guarded(each, next, fail), inner);
}

function guarded(middleware: Middleware, next: Respond, fail: Fail): Respond {
  return (request) => {
    try {
      const answer = middleware(request, () => next(request));
      return answer instanceof Promise
        ? answer.catch((error: unknown) => fail(error, request))
        : answer;
    } catch (error) {
      return fail(error, request);
    }
  };
}
