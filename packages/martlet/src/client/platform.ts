/**
 * What a client needs of the platform's WebSocket.
 *
 * @module
 */

/** A WebSocket, as far as a client needs one: the platform's own is one. */
export interface PlatformSocket {
  binaryType: string;
  readonly send: (data: string | Uint8Array<ArrayBuffer>) => void;
  readonly close: (code?: number, reason?: string) => void;
  readonly addEventListener: (
    type: "open" | "message" | "close",
    listener: (event: PlatformSocketEvent) => void,
  ) => void;
}

/** What a WebSocket tells. */
export interface PlatformSocketEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
  /** What a test is failed with, instead of being told a code. */
  readonly error?: unknown;
}

/** What a WebSocket is opened with. */
export interface WebSocketInit {
  readonly protocols: readonly string[];
  readonly headers: Headers;
}

/** The platform's own. Only where there are headers is it told of any: a browser has no place for them. */
export function globalSocket(url: string, { protocols, headers }: WebSocketInit): PlatformSocket {
  const hasHeaders = [...headers.keys()].length > 0;
  return new WebSocket(url, hasHeaders ? { protocols: [...protocols], headers } : [...protocols]);
}
