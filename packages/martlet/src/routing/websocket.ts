/**
 * WebSockets: a path, a signature and a handler that lives as long as its connection does.
 *
 * @module
 */
import type { Answered, Given as GivenTo } from "../answer-type.ts";
import { callableOf } from "../callable.ts";
import type { AnyProblem } from "../errors.ts";
import type { HttpRequest } from "../http/request.ts";
import type { Deprecation } from "../openapi/description.ts";
import type { Param } from "../params/param.ts";
import type {
  AnySections,
  Arguments,
  ErrorsOf,
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
import { byteSize } from "../size.ts";
import type { HttpSource } from "../source.ts";
import type { AnySchema, Fields, Flat, Input, Output } from "../standard.ts";
import type { ErrorHandler } from "./error-handler.ts";
import { Handshake } from "./handshake.ts";
import type { Middleware } from "./middleware.ts";
import type { AskFor, Handler, Placeholders, RouteData } from "./route.ts";
import type { Socket } from "./socket.ts";
import {
  type SocketData,
  type SocketLimits,
  socketMethod,
  type SocketOrigins,
} from "./socket-data.ts";

/** What a socket may declare beside its sections. */
export interface SocketOptions<In, Out, E extends AnyProblem> {
  /** The model of the messages that come in, as JSON, or `binary`. @default text */
  readonly receives?: In;
  /** The model of the messages that go out, as JSON, or `binary`. @default text */
  readonly sends?: Out;
  /** The problems that the handler throws or returns. */
  readonly throws?: Throws<E>;
  /** A few words for the list of channels. @default made of the socket's name */
  readonly summary?: string;
  /** Markdown. */
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Whether it is on its way out, or since when and how; the answer to the handshake says so. */
  readonly deprecated?: boolean | Deprecation;
  /** @default the socket's path in the router record: `"chat.room"` */
  readonly operationId?: string;
  /** Whether the document leaves the socket out. @default false */
  readonly hidden?: boolean;
  /** What is made of the errors that are thrown inside, before the routers' and the application's are asked. */
  readonly errors?: readonly ErrorHandler[];
  /** Runs around the handshake. */
  readonly middleware?: readonly Middleware[];
  readonly limits?: SocketLimits;
  /** The subprotocols it speaks: the first of the client's that is among them is agreed on. */
  readonly protocols?: readonly string[];
  /**
   * The pages of other sites that may open the socket, by their origin. A handshake without an
   * `Origin` is no page's.
   *
   * @default [], only pages of the host itself
   */
  readonly origins?: SocketOrigins;
}

/** The messages of a socket: what a client sends, and what it receives. */
export interface SocketMessages<Sent, Received> {
  readonly sent: Sent;
  readonly received: Received;
}

/**
 * A socket among the routes. Its type holds what a caller sees: what the handshake sends (`~w`), the
 * messages (`~m`), the problems (`~e`) and the placeholders that no path has yet (`~up`).
 */
export interface SocketRoute<P extends string, W, M, E, Up> {
  readonly method: typeof socketMethod;
  readonly path: P;
  readonly "~w": W;
  readonly "~m": M;
  readonly "~e": E;
  readonly "~up": Up;
  readonly "~route": RouteData;
}

type Read<In> = [In] extends [never] ? string : Output<In>;
type Given<Out> = [Out] extends [never] ? string : GivenTo<Out>;
type Sent<In> = [In] extends [never] ? string : Input<In>;
type Received<Out> = [Out] extends [never] ? string : Answered<Out>;

/** Refuses a dependency that needs more than a handshake, and names it. */
type FromHandshake<U> =
  HttpSource extends SourceOf<U>
    ? unknown
    : {
        readonly [K in keyof U]: HttpSource extends SourceOf<Pick<U, K>>
          ? unknown
          : `'${K & string}' needs more than a handshake: it reads a body, say`;
      };

/** `use` names it, whatever else the sections name. */
interface Offered {
  readonly socket: Param<unknown, never>;
}

/**
 * Declares a WebSocket (RFC 6455). Its sections are those of a route without a body, and the
 * function receives `socket` beside what they declare. The connection is open when the function
 * begins, and closed with 1000 when it ends.
 *
 * @example
 * ```ts
 * import { martlet, websocket } from "martlet";
 * import { testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const echo = websocket(
 *   "/echo/{name}",
 *   {
 *     path: { name: z.string() },
 *     receives: z.object({ text: z.string() }),
 *     sends: z.object({ from: z.string(), text: z.string() }),
 *   },
 *   async ({ name, socket }) => {
 *     for await (const { text } of socket) await socket.send({ from: name, text });
 *   },
 * );
 *
 * await using client = testClient(martlet({ echo }));
 * const socket = await client.socket("/echo/ann");
 * socket.send({ text: "hello" });
 * expect(await socket.receive()).toEqual({ from: "ann", text: "hello" });
 * ```
 */
export function websocket<
  const P extends string,
  // A constraint, not a part of the parameter's type: the message is then the text alone.
  PS extends Placeholders<PS, P> = {},
  QS extends Fields = {},
  HS extends Fields = {},
  CS extends Fields = {},
  X extends Use = {},
  U extends Use = {},
  In extends AnySchema = never,
  Out extends AnySchema = never,
  E extends AnyProblem = never,
>(
  path: P,
  signature: Sections<PS, QS, HS, CS, undefined, undefined, undefined, X, U & FromHandshake<U>> &
    SocketOptions<In, Out, E> &
    AskFor<Exclude<PathNames<P>, keyof PS | PathsOf<U>>> &
    RefuseTwice<Twice<PS, QS, HS, CS, never, {}, {}, X & Offered, U>>,
  handler: Handler<
    NoInfer<
      Flat<
        Arguments<PS, QS, HS, CS, never, {}, {}, X, U> & {
          readonly socket: Socket<Read<In>, Given<Out>>;
        }
      >
    >,
    // oxlint-disable-next-line no-invalid-void-type -- a handler has nothing to give
    void | Returned<E>
  >,
): SocketRoute<
  P,
  Wire<PS, QS, HS, never, {}, {}, U>,
  SocketMessages<Sent<In>, Received<Out>>,
  E | ErrorsOf<U>,
  Exclude<PathsOf<U>, PathNames<P>>
> {
  const settings = signature as unknown as AnySections & SocketOptions<AnySchema, AnySchema, E>;
  const { throws = [], use = {}, security = {}, receives: _in, sends: _out, ...rest } = settings;
  // A section that names it too declares it twice.
  const offered = "socket" in use ? { security: { ...security, socket: opened } } : { security };
  const sections = { ...settings, ...offered, use: { ...use, socket: opened } };
  const route = {
    method: socketMethod,
    path,
    "~route": {
      callable: callableOf(sections, handler, { name: `${socketMethod} ${path}`, throws }),
      outcomes: new Map(),
      options: { ...rest, throws, limits: {} },
      socket: socketData(settings),
    },
  };
  // The phantom members are read by the types alone.
  return route as unknown as ReturnType<typeof websocket<P, PS, QS, HS, CS, X, U, In, Out, E>>;
}

function socketData({
  receives,
  sends,
  limits = {},
  protocols = [],
  origins = [],
}: SocketOptions<AnySchema, AnySchema, AnyProblem>): SocketData {
  const { message = "64KiB", backlog = "1MiB" } = limits;
  const [maxMessage, maxBacklog] = [byteSize(message), byteSize(backlog)];
  return { receives, sends, protocols, origins, maxMessage, maxBacklog };
}

/** The socket of the handshake: who reads it accepts. Being the last parameter, it is read last. */
const opened: Param<unknown, HttpRequest> = {
  kind: "socket",
  phase: "call",
  describe: () => {},
  compile: () => (request) => {
    if (request.upgrade instanceof Handshake) return request.upgrade.accept();
    throw new TypeError("Only a handshake can become a socket");
  },
};
