/**
 * What a socket declares beside the sections of its signature.
 *
 * @module
 */
import type { MessageKind } from "../http/upgrade.ts";
import type { AnySchema, Schema } from "../standard.ts";

/** The method that a socket has among the routes: no request can have it. */
export const socketMethod = "WEBSOCKET";

/** What the messages of a socket may have at the most: bytes, or text such as `"1MB"`. */
export interface SocketLimits {
  /** One message of the client; a larger one closes with 1009. @default "64KiB" */
  readonly message?: number | string;
  /** What was sent and the client has not taken; a slower client is closed with 1013. @default "1MiB" */
  readonly backlog?: number | string;
}

/** Which pages of other sites may open a socket: their origins, `"https://shop.example"`. */
export type SocketOrigins = readonly string[] | "any";

/** Everything a socket declares beside a route, its types no longer of interest. */
export interface SocketData {
  readonly receives: AnySchema | undefined;
  readonly sends: AnySchema | undefined;
  readonly protocols: readonly string[];
  readonly origins: SocketOrigins;
  /** Bytes. */
  readonly maxMessage: number;
  /** Bytes. */
  readonly maxBacklog: number;
}

/**
 * Stands in `receives` and `sends` for binary messages, which come and go as `Uint8Array`.
 *
 * @example
 * ```ts
 * import { binary, websocket } from "martlet";
 *
 * const mirror = websocket(
 *   "/mirror",
 *   { receives: binary, sends: binary },
 *   async ({ socket }) => {
 *     for await (const bytes of socket) await socket.send(bytes.toReversed());
 *   },
 * );
 * expect(mirror.path).toBe("/mirror");
 * ```
 */
export const binary: Schema<Uint8Array> = {
  "~standard": {
    version: 1,
    vendor: "martlet",
    validate: (value) =>
      value instanceof Uint8Array
        ? { value }
        : { issues: [{ message: "These must be bytes: a Uint8Array." }] },
  },
};

/** How messages of a model are written; text where there is none. */
export function messageKind(model: AnySchema | undefined): MessageKind {
  if (model === undefined) return "text";
  return model === binary ? "binary" : "json";
}
