/**
 * Routes: a method, a path, a signature and a handler, as one plain value.
 *
 * @module
 */
import type { Answered, Given } from "../answer-type.ts";
import { callableOf } from "../callable.ts";
import type { AnyProblem } from "../errors.ts";
import { isBodyless } from "../http/answer.ts";
import { isRepresentation, type Representation } from "../http/representation.ts";
import {
  type Outcome,
  type Outcomes,
  type Reply,
  representationOf,
  type Returns,
} from "../http/serialize.ts";
import type { OperationOptions } from "../openapi/description.ts";
import type { RouteLimits } from "../params/limits.ts";
import type { AnyCallable } from "../params/param.ts";
import { isSchema } from "../schema.ts";
import type {
  AnySections,
  Arguments,
  ErrorsOf,
  Files,
  PathNames,
  PathsOf,
  RefuseTwice,
  Returned,
  Sections,
  SourceOf,
  Throws,
  Twice,
  Use,
  Wire,
} from "../signature.ts";
import type { BodySource } from "../source.ts";
import type { AnySchema, Fields, MaybePromise } from "../standard.ts";
import type { ErrorHandler } from "./error-handler.ts";
import type { Middleware } from "./middleware.ts";
import type { SocketData } from "./socket-data.ts";

/** What a route may declare beside its sections. */
export interface RouteOptions<
  R,
  E extends AnyProblem,
  Status extends number,
> extends OperationOptions {
  /** The response model or representation, or one for each status: `{ 200: Item, 202: Accepted, 204: null }`. */
  readonly returns?: R;
  /** The problems that the handler throws or returns. */
  readonly throws?: Throws<E>;
  /** The status of success. @default 200 */
  readonly status?: Status;
  readonly middleware?: readonly Middleware[];
  /** What is made of the errors that are thrown here, before any handler further out is asked. */
  readonly errors?: readonly ErrorHandler[];
  readonly limits?: RouteLimits;
  /**
   * Whether the route is asked only for paths that no other route has, not even with or without a
   * slash at the end.
   *
   * @default false
   */
  readonly fallback?: boolean;
}

/** Everything a route declares, its types no longer of interest. */
export interface RouteData {
  readonly callable: AnyCallable;
  readonly outcomes: Outcomes;
  readonly options: RouteOptions<unknown, AnyProblem, number>;
  /** What the route is beside that if it is a socket. */
  readonly socket?: SocketData;
}

/**
 * A route. Its type holds what a caller sees: what is sent (`~w`), what comes back (`~o`), the
 * problems (`~e`) and the placeholders that no path has yet (`~up`).
 */
export interface Route<M extends string, P extends string, W, O, E, Up> {
  readonly method: M;
  readonly path: P;
  readonly "~w": W;
  readonly "~o": O;
  readonly "~e": E;
  readonly "~up": Up;
  readonly "~route": RouteData;
}

/** A route whose types are no longer of interest. */
export type AnyRoute = Route<string, string, unknown, unknown, unknown, unknown>;

/** The schemas of a path's placeholders. A name that the path does not have is refused by name. */
export type Placeholders<PS, P extends string> = {
  readonly [K in keyof PS]: K extends PathNames<P>
    ? AnySchema
    : `'{${K & string}}' is not in the path '${P}'`;
};

/** Asks for the placeholders of the path that nothing declares, by name. */
export type AskFor<Missing> = [Missing] extends [never]
  ? unknown
  : { readonly path: { readonly [K in Missing & string]: AnySchema } };

/** What comes back, by status. */
export type OutcomesOf<R, Status extends number> = [R] extends [never]
  ? { [S in Status]: unknown }
  : R extends Outcome
    ? { [S in Status]: SentOf<R> }
    : { [S in keyof R & number]: SentOf<R[S]> };

/** What a client gets of one outcome. */
type SentOf<R> = R extends AnySchema
  ? Answered<R>
  : R extends Representation<never, infer Sent>
    ? Sent
    : undefined;

/** What the handler returns. */
export type Result<R, E> = [R] extends [never]
  ? unknown
  : R extends Outcome
    ? GivenOf<R> | Returned<E>
    : Replies<R> | Returned<E>;

/** What a handler gives for one outcome. */
type GivenOf<R> = R extends AnySchema
  ? Given<R>
  : R extends Representation<infer Value, unknown>
    ? Value
    : undefined;

type Replies<R> = {
  [S in keyof R & number]: Reply<S, GivenOf<R[S]>>;
}[keyof R & number];

/** The function of a route. */
export interface Handler<A, R> {
  (args: A): MaybePromise<R>;
}

/** Declares routes of one method. */
export type Verb<M extends string> = <
  const P extends string,
  // A constraint, not a part of the parameter's type: the message is then the text alone.
  PS extends Placeholders<PS, P> = {},
  QS extends Fields = {},
  HS extends Fields = {},
  CS extends Fields = {},
  B extends Fields = never,
  FS extends Fields = {},
  FF extends Files = {},
  X extends Use = {},
  U extends Use = {},
  R extends Returns = never,
  E extends AnyProblem = never,
  const Status extends number = 200,
>(
  path: P,
  signature: Sections<PS, QS, HS, CS, B, FS, FF, X, U & FromHttp<U>> &
    RouteOptions<R, E, Status> &
    AskFor<Exclude<PathNames<P>, keyof PS | PathsOf<U>>> &
    RefuseTwice<Twice<PS, QS, HS, CS, B, FS, FF, X, U>>,
  // What a function with types of its own takes must not become what the sections declare. And only
  // a type that is not inferred from keeps the literals in what the function returns.
  handler: NoInfer<Handler<Arguments<PS, QS, HS, CS, B, FS, FF, X, U>, Result<R, E>>>,
) => Route<
  M,
  P,
  Wire<PS, QS, HS, B, FS, FF, U>,
  OutcomesOf<R, Status>,
  E | ErrorsOf<U>,
  Exclude<PathsOf<U>, PathNames<P>>
>;

/** Refuses a dependency that needs more than an HTTP request, and names it. */
type FromHttp<U> =
  BodySource extends SourceOf<U>
    ? unknown
    : {
        readonly [K in keyof U]: BodySource extends SourceOf<Pick<U, K>>
          ? unknown
          : `'${K & string}' needs more than an HTTP request`;
      };

function verb<M extends string>(method: M): Verb<M> {
  const make = (path: string, signature: AnySections & RouteData["options"], handler: unknown) => ({
    method,
    path,
    "~route": {
      callable: callableOf(signature, handler as (args: never) => unknown, {
        name: `${method} ${path}`,
        throws: signature.throws ?? [],
      }),
      outcomes: outcomesOf(signature),
      options: signature,
    },
  });
  // The types of the parameters are checked by the signature of `Verb`, which erases to this.
  return make as unknown as Verb<M>;
}

function outcomesOf({ returns, status = 200 }: RouteData["options"]): Outcomes {
  if (returns === undefined || isSchema(returns) || isRepresentation(returns)) {
    return new Map([[status, isBodyless(status) ? null : representationOf(returns as Outcome)]]);
  }
  const byStatus = Object.entries(returns as Record<string, Outcome | null>);
  return new Map(
    byStatus.map(([key, each]) => [Number(key), each === null ? null : representationOf(each)]),
  );
}

/**
 * Declares a route that reads. HEAD is answered too.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { z } from "zod";
 *
 * const read = get("/items/{id}", { path: { id: z.int() } }, ({ id }) => ({ id }));
 * const app = martlet({ read });
 * const response = await app.fetch(new Request("http://localhost/items/7"));
 * expect(await response.json()).toEqual({ id: 7 });
 * ```
 */
export const get: Verb<"GET"> = verb("GET");

/** Declares a route that creates or does something. See {@link get} for an example. */
export const post: Verb<"POST"> = verb("POST");

/** Declares a route that replaces. See {@link get} for an example. */
export const put: Verb<"PUT"> = verb("PUT");

/** Declares a route that changes a part. See {@link get} for an example. */
export const patch: Verb<"PATCH"> = verb("PATCH");

/** Declares a route that deletes. See {@link get} for an example. */
export const del: Verb<"DELETE"> = verb("DELETE");

/** Declares a route that answers HEAD itself, where a GET route would do too much for it. */
export const head: Verb<"HEAD"> = verb("HEAD");

/** Declares a route that answers OPTIONS itself; without one, `Allow` is answered. */
export const options: Verb<"OPTIONS"> = verb("OPTIONS");

/** Declares a route that answers TRACE. */
export const trace: Verb<"TRACE"> = verb("TRACE");

/**
 * Declares a route of any other method, such as `QUERY` or WebDAV's.
 *
 * @example
 * ```ts
 * import { route } from "martlet";
 *
 * const purge = route("PURGE")("/cache", { status: 204 }, () => undefined);
 * expect(purge.method).toBe("PURGE");
 * ```
 */
export function route<const M extends string>(method: M): Verb<M> {
  return verb(method);
}

/** Whether a value is a route. */
export function isRoute(value: unknown): value is AnyRoute {
  return typeof value === "object" && value !== null && "~route" in value;
}
