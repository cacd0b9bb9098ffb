/**
 * The seam between a server and the application: what an adapter hands in for one request. Each
 * server (node:http, Bun, Deno, fetch) implements it; the hot path needs no web `Request`.
 *
 * @module
 */

/** One request, as a server adapter hands it in. */
export interface Exchange {
  /** The method as it was sent. */
  readonly method: string;
  /** The request target as it was sent: `"/items?limit=5"`. */
  readonly target: string;
  /** Names and values in turn, as they were sent: `["Host", "a.example", "Accept", …]`. */
  readonly rawHeaders: readonly string[];
  /** The body; `undefined` when the request has none. */
  readonly body: IncomingBody | undefined;
  /** How the request came; without it, in clear. */
  readonly scheme?: "http" | "https";
  /** The address of the peer. */
  readonly address: string | undefined;
  /** Whether the client asks for a WebSocket, and the adapter can make one of its connection. */
  readonly canUpgrade?: boolean;
  /** Asks to be told when the client goes, where the adapter does not abort the request by itself. */
  readonly whenGone?: (tell: () => void) => void;
  /** Asks to be told when the server begins to stop: what has no end of its own ends then. */
  readonly whenStopping?: (tell: () => void) => void;
}

/** A body on its way in. One of the two is called, at most once. */
export interface IncomingBody {
  /** All bytes; `undefined` as soon as there are more than `limit`. */
  readonly bytes: (limit: number) => Promise<Uint8Array | undefined>;
  /** The bytes as they come. */
  readonly stream: () => AsyncIterable<Uint8Array>;
}
