/**
 * Error handlers: what an application, a router or a route makes of the errors that are thrown
 * inside it.
 *
 * @module
 */
import { HttpProblem } from "../errors.ts";
import { Answer } from "../http/answer.ts";
import type { HttpRequest } from "../http/request.ts";
import type { MaybePromise } from "../standard.ts";
import type { Fail } from "./middleware.ts";

/** A class of errors and what is made of them. See {@link onError}. */
export interface ErrorHandler {
  readonly kind: ErrorClass<unknown>;
  readonly handle: (error: never, request: HttpRequest) => MaybePromise<Handled>;
}

/** A class, also one that nobody can make instances of. */
export type ErrorClass<E> = abstract new (...args: never) => E;

/** What a handler gives: a problem, an answer, or `undefined` for an error that is not its own. */
export type Handled = HttpProblem | Answer | undefined;

/**
 * Handles the errors of a class, and of those that extend it, in the `errors` of an application, a
 * router or a route. The innermost handler is asked first, then those further out; in a list the
 * first whose class it is. The first problem or answer counts.
 *
 * An error that is handled is not reported. A problem that a handler gives is declared, in `throws`,
 * where the handler stands. One that a handler throws is as good as one that it returns; whatever
 * else it throws is reported, with the error that it was asked about, and answered with 500.
 *
 * @example
 * ```ts
 * import { get, martlet, onError, Unavailable } from "martlet";
 *
 * class DatabaseDown extends Error {}
 * const read = get("/", {}, () => {
 *   throw new DatabaseDown("connect ECONNREFUSED");
 * });
 * const app = martlet(
 *   { read },
 *   { errors: [onError(DatabaseDown, () => new Unavailable({}, { headers: { "retry-after": "5" } }))] },
 * );
 * const response = await app.fetch(new Request("http://localhost/"));
 * expect(response.status).toBe(503);
 * expect(response.headers.get("retry-after")).toBe("5");
 * ```
 */
export function onError<E>(
  kind: ErrorClass<E>,
  handle: (error: E, request: HttpRequest) => MaybePromise<Handled>,
): ErrorHandler {
  return { kind, handle };
}

/** Tells an error to who should know it, and makes the answer for it. */
export type Tell = (error: unknown, request: HttpRequest) => Answer;

/** Asks handlers, one after the other, what to make of an error; what none of them takes is told. */
export function handling(handlers: readonly ErrorHandler[], tell: Tell): Fail {
  const [first, ...rest] = handlers;
  if (first === undefined) return tell;
  const further = handling(rest, tell);
  return (failure, request) => {
    if (!(failure instanceof first.kind)) return further(failure, request);
    const settle = (given: Handled): MaybePromise<Answer> => {
      if (given === undefined) return further(failure, request);
      return given instanceof Answer ? given : tell(given, request);
    };
    const broken = (thrown: unknown): Answer => {
      // Nobody has been told yet what the handler was asked about.
      if (!(thrown instanceof HttpProblem) && thrown !== failure) tell(failure, request);
      return tell(thrown, request);
    };
    let given: MaybePromise<Handled>;
    try {
      // It is an instance of the class that the handler was declared for.
      given = first.handle(failure as never, request);
    } catch (thrown) {
      return broken(thrown);
    }
    return given instanceof Promise ? given.then(settle, broken) : settle(given);
  };
}
