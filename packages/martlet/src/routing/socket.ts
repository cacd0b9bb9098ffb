/**
 * A socket as its handler sees it: typed messages in both directions, whatever server carries them.
 *
 * @module
 */
import type { HttpRequest } from "../http/request.ts";
import type { Connection, ConnectionEvents, Frame } from "../http/upgrade.ts";
import type { MaybePromise } from "../standard.ts";
import { checkClosing, type Closing } from "./socket-close.ts";
import { RefusedMessage } from "./socket-message.ts";

/**
 * An open socket: an iterable of the messages that come in, each checked. It ends when the
 * connection does, whoever closed it and however it was lost; to leave a loop early closes nothing.
 */
export interface Socket<In = string, Out = string> extends AsyncIterable<In> {
  /** Waits for one message; `undefined` when there will be none. */
  readonly receive: () => Promise<In | undefined>;
  /**
   * Sends one message, with what its model declares and no more. Gives `true` once the message is
   * handed over, `false` when the connection is over. It rejects for a message that does not fit,
   * and the socket closes with 1011. Wait for it where much is sent: a client that lets more than
   * `limits.backlog` pile up is closed with 1013.
   */
  readonly send: (message: Out) => Promise<boolean>;
  /**
   * Closes; nothing comes in or goes out any more.
   *
   * @throws {RangeError} for a code that is kept for the protocol, or a reason of over 123 bytes
   */
  readonly close: (code?: number, reason?: string) => void;
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal;
  /** Fulfilled when the connection is over: with 1006 when nobody closed it. */
  readonly closed: Promise<Closing>;
  /** The subprotocol that was agreed on. */
  readonly protocol: string | undefined;
}

/** How messages are read and written. */
export interface Messages {
  /** Gives a {@link RefusedMessage} for a message that does not fit. */
  readonly read: (frame: Frame) => MaybePromise<unknown>;
  /** Throws for a message that does not fit. */
  readonly write: (message: unknown) => MaybePromise<Frame>;
}

/** What an open socket is made of. */
export interface SocketParts {
  readonly connection: Connection;
  readonly request: HttpRequest;
  readonly messages: Messages;
  /** Bytes that may wait to be taken. */
  readonly maxBacklog: number;
}

/** How many messages may wait for the handler until the client has to wait too. */
const maxQueue = 32;

/** What stands behind a {@link Socket}. */
export class OpenSocket implements Socket<unknown, unknown> {
  readonly closed: Promise<Closing>;
  /** Fulfilled when the connection is gone, the answer of the client to our close included. */
  readonly gone: Promise<void>;
  /** What a message failed with that did not fit its model. */
  failure: unknown;
  readonly #parts: SocketParts;
  readonly #queue: Frame[] = [];
  readonly #end = Promise.withResolvers<Closing>();
  readonly #gone = Promise.withResolvers<void>();
  #wake: (() => void)[] = [];
  #isOver = false;

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.closed = this.#end.promise;
    this.gone = this.#gone.promise;
  }

  get signal(): AbortSignal {
    return this.#parts.request.signal;
  }

  get protocol(): string | undefined {
    return this.#parts.connection.protocol;
  }

  /** Whether the connection is over, or about to be. */
  get isOver(): boolean {
    return this.#isOver;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return { next: this.#next };
  }

  readonly receive = async (): Promise<unknown> => (await this.#next()).value;

  readonly #next = async (): Promise<IteratorResult<unknown, undefined>> => {
    let frame = this.#take();
    while (frame === undefined && !this.#isOver) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
      frame = this.#take();
    }
    if (frame === undefined) return { done: true, value: undefined };
    const value = await this.#parts.messages.read(frame);
    if (!(value instanceof RefusedMessage)) return { done: false, value };
    this.#shut(value.closing);
    return { done: true, value: undefined };
  };

  readonly send = (message: unknown): Promise<boolean> => {
    const sent = this.#send(message);
    // Who does not wait for it need not hear of it: the socket is closed, and the failure reported.
    sent.catch(() => undefined);
    return sent;
  };

  readonly close = (code = 1000, reason = ""): void => {
    checkClosing({ code, reason });
    this.#shut({ code, reason });
  };

  /** What the server adapter tells. */
  readonly events: ConnectionEvents = {
    message: (frame) => {
      if (this.#isOver) return;
      this.#queue.push(frame);
      if (this.#queue.length >= maxQueue) this.#parts.connection.pause();
      this.#tell();
    },
    closed: (code, reason) => {
      this.#finish({ code, reason });
      this.#gone.resolve();
    },
  };

  /** The next message that has come; the client goes on when the handler has caught up. */
  #take(): Frame | undefined {
    const frame = this.#queue.shift();
    if (this.#queue.length === maxQueue / 2) this.#parts.connection.resume();
    return frame;
  }

  async #send(message: unknown): Promise<boolean> {
    const { connection, messages, maxBacklog } = this.#parts;
    if (this.#isOver) return false;
    try {
      const written = messages.write(message);
      // Nothing is waited for that is there: messages leave in the order of their calls.
      const frame = written instanceof Promise ? await written : written;
      if (this.#isOver) return false;
      if (connection.waiting() <= maxBacklog) return await connection.send(frame);
    } catch (error) {
      this.failure ??= error;
      this.#shut({ code: 1011, reason: "internal" });
      throw error;
    }
    this.#shut({ code: 1013, reason: "Messages are not taken fast enough." });
    return false;
  }

  /** Closes from this side: what has come and was not read is dropped. */
  #shut(closing: Closing): void {
    if (this.#isOver) return;
    this.#queue.length = 0;
    this.#finish(closing);
    const { connection } = this.#parts;
    // The answer of the client to our close has to come through.
    connection.resume();
    connection.close(closing.code, closing.reason);
  }

  #finish(closing: Closing): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#end.resolve(closing);
    this.#parts.request.abort(new Error("The socket is closed"));
    this.#tell();
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const each of wake) each();
  }
}
