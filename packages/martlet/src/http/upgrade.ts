/**
 * The seam between a server and the sockets of an application: what becomes of a connection once
 * its handshake (RFC 6455 section 4) is answered.
 *
 * @module
 */

/** A message as it travels: text, or bytes for a binary one. */
export type Frame = string | Uint8Array;

/** How the messages of one direction are written. */
export type MessageKind = "text" | "binary" | "json";

/** A WebSocket connection, as a server adapter hands it in. */
export interface Connection {
  /** The subprotocol that was agreed on, if any. */
  readonly protocol: string | undefined;
  /** Sends one message. Gives `true` once it is handed over, `false` when the connection is over. */
  readonly send: (message: Frame) => Promise<boolean>;
  /** Bytes that were sent and not taken by the client yet. */
  readonly waiting: () => number;
  /** Starts to close; nothing is sent any more. A client that does not answer is cut soon. */
  readonly close: (code: number, reason: string) => void;
  /** Takes nothing more from the client until told to go on. */
  readonly pause: () => void;
  readonly resume: () => void;
}

/** What a server adapter tells of a connection. */
export interface ConnectionEvents {
  readonly message: (message: Frame) => void;
  /** The connection is over: 1006 when nobody closed it. */
  readonly closed: (code: number, reason: string) => void;
}

/** What a request for a socket is to become: set on the request by the socket that answers it. */
export interface Upgrade {
  /** Bytes that one message may have; the adapter closes with 1009 for a larger one. */
  readonly maxMessage: number;
  /** What the messages of the client are. */
  readonly receives: MessageKind;
  /** What the messages to the client are. */
  readonly sends: MessageKind;
  /** Takes over the connection, after an answer of 101 was sent as its handshake. */
  readonly open: (connection: Connection) => ConnectionEvents;
  /** Another answer was sent, or the client has gone. */
  readonly abandon: () => void;
  /** The server stops: closes with 1001. */
  readonly leave: () => void;
  /** Fulfilled when the handler has ended, its clean-ups and tasks are done and all is closed. */
  readonly done: Promise<void>;
}
