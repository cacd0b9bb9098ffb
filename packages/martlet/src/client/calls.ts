/**
 * The type of a client, read off the type of an application. Everything below is computed when a
 * member is looked at, and only for that member: a client costs the same for ten routes and for ten
 * thousand.
 *
 * @module
 */
import type { SocketMessages } from "../index.ts";
import type { ClientAnswer } from "./answer.ts";
import type { Flat, Json } from "./json.ts";
import type { CallOptions, SocketCallOptions } from "./options.ts";
import type { ClientSocket } from "./socket.ts";

/** An application, as far as a client looks at its type. */
export interface AnyApp {
  readonly "~r": unknown;
  readonly "~w": unknown;
  readonly "~e": unknown;
}

/** A client of an application: its routers and routes by name, each route a function. */
export type Client<A extends AnyApp> = Branch<A["~r"], A["~w"], A["~e"]>;

/**
 * The routes and routers of one record; what else a module exports is left out. Only keys are asked
 * for: to ask for the type of a member, TypeScript would work out all there is to know of it.
 */
export type Branch<R, W, E> = {
  readonly [K in keyof R as "~up" extends keyof R[K] ? K : never]: Member<R[K], W, E>;
};

/** A route's function, or a router's members. What a router asks for and may answer, its routes do. */
type Member<X, W, E> = "~o" extends keyof X
  ? CallOf<Both<Of<X, "~w">, W>, Of<X, "~o">, Of<X, "~e"> | E>
  : "~m" extends keyof X
    ? SocketCallOf<Both<Of<X, "~w">, W>, Of<X, "~m">>
    : Branch<Of<X, "~r">, Both<Of<X, "~w">, W>, Of<X, "~e"> | E>;

type Of<X, Name extends string> = X[Name & keyof X];

type Both<A, B> = [keyof B] extends [never] ? A : [keyof A] extends [never] ? B : Flat<A & B>;

type CallOf<W, O, E> = [keyof W] extends [never]
  ? FreeCall<NoArguments, O, E>
  : {} extends W
    ? FreeCall<W, O, E>
    : Call<W, O, E>;

/** The arguments of a route that takes none. */
export interface NoArguments {
  readonly [name: string]: never;
}

/** Calls a route: one object with all it takes, by name. */
export interface Call<Arguments, Outcomes, Problems> {
  (args: Arguments, options?: CallOptions): Promise<ClientAnswer<Outcomes, Problems>>;
}

/** Calls a route that needs nothing: the object may be left out. */
export interface FreeCall<Arguments, Outcomes, Problems> {
  (args?: Arguments, options?: CallOptions): Promise<ClientAnswer<Outcomes, Problems>>;
}

type SocketCallOf<W, M> = [keyof W] extends [never]
  ? FreeSocketCall<NoArguments, SocketOf<M>>
  : {} extends W
    ? FreeSocketCall<W, SocketOf<M>>
    : SocketCall<W, SocketOf<M>>;

type SocketOf<M> =
  M extends SocketMessages<infer Sent, infer Received>
    ? ClientSocket<Sent, Received extends Uint8Array ? Received : Json<Received>>
    : never;

/** Opens a socket: one object with all its handshake takes, by name. */
export interface SocketCall<Arguments, Socket> {
  (args: Arguments, options?: SocketCallOptions): Promise<Socket>;
}

/** Opens a socket that needs nothing: the object may be left out. */
export interface FreeSocketCall<Arguments, Socket> {
  (args?: Arguments, options?: SocketCallOptions): Promise<Socket>;
}

type AnyCall = (args: never) => Promise<{ readonly ok: boolean }>;

/** What a call gives when it succeeds: `DataOf<typeof api.items.list>`. */
export type DataOf<C extends AnyCall> =
  Extract<Awaited<ReturnType<C>>, { readonly ok: true }> extends { readonly data: infer Data }
    ? Data
    : never;

/** The problems a call may end with: `ProblemOf<typeof api.items.update>`. */
export type ProblemOf<C extends AnyCall> =
  Extract<Awaited<ReturnType<C>>, { readonly ok: false }> extends { readonly error: infer Problem }
    ? Problem
    : never;
