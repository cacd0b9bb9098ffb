/**
 * What a client is told, once and for each call.
 *
 * @module
 */
import type { Document } from "../index.ts";
import type { Contract } from "./contract.ts";
import type { PlatformSocket, WebSocketInit } from "./platform.ts";

/** A value, or a function that gives it anew for each request. */
export type Provided<T> = T | (() => T | Promise<T>);

/** Headers by name. */
export type HeaderValues = Headers | Readonly<Record<string, string>>;

/** What a client may be told. */
export interface ClientOptions {
  /**
   * What {@link contractOf} made of the application's document: where each argument goes. With it
   * the client sends no request of its own.
   *
   * @default made of the document that `openapi` names
   */
  readonly contract?: Contract;
  /**
   * The OpenAPI document, or where it is: a path below the client's URL or another URL. It is asked
   * for once, before the first call.
   *
   * @default "/openapi.json"
   */
  readonly openapi?: string | Document;
  /** Headers of every request. */
  readonly headers?: Provided<HeaderValues>;
  /** The bearer token of every request (RFC 6750); `undefined` sends none. */
  readonly token?: Provided<string | undefined>;
  /** Sends a request. `app.fetch` calls an application in this process. @default the global `fetch` */
  readonly fetch?: (request: Request) => Promise<Response>;
  /**
   * Opens a WebSocket. Headers are those of the client and its token: a browser has no way to send any.
   *
   * @default the global `WebSocket`
   */
  readonly webSocket?: (url: string, init: WebSocketInit) => PlatformSocket;
  /** Aborts every call. */
  readonly signal?: AbortSignal;
  /** Milliseconds until a call is given up, its answer read, or a stream begun; 0 for no limit. @default 60000 */
  readonly timeout?: number;
  /**
   * Whether what `fetch` throws is thrown, instead of told as `unreachable`: a test wants the error
   * itself.
   *
   * @default false
   */
  readonly raise?: boolean;
}

/** What one call may be told beside its arguments. */
export interface CallOptions {
  /** Headers on top of the client's. */
  readonly headers?: HeaderValues;
  /** Aborts this call, as the client's own signal does. */
  readonly signal?: AbortSignal;
  /** Milliseconds, instead of the client's. */
  readonly timeout?: number;
}

/** What the call of a socket may be told beside its arguments. */
export interface SocketCallOptions extends CallOptions {
  /** The subprotocols to choose from, best first. */
  readonly protocols?: readonly string[];
}

/** The value, asked for if it is a function. */
export function valueOf<T extends object | string | undefined>(
  provided: Provided<T>,
): T | Promise<T> {
  return typeof provided === "function" ? provided() : provided;
}
