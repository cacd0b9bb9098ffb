/**
 * Sockets as the client hands them out: typed messages over any WebSocket.
 *
 * @module
 */
import type { Closing, MessageKind } from "../index.ts";
import type { PlatformSocket, PlatformSocketEvent } from "./platform.ts";

/** An open socket. Iterating over it gives the messages, until the connection is over. */
export interface ClientSocket<Sent, Received> extends AsyncIterable<Received> {
  /** Sends a message; nothing happens when the connection is over. */
  readonly send: (message: Sent) => void;
  /** Waits for one message; `undefined` when there will be none. */
  readonly receive: () => Promise<Received | undefined>;
  readonly close: (code?: number, reason?: string) => void;
  /** Fulfilled when the connection is over: with 1006 when it was lost, or never there. */
  readonly closed: Promise<Closing>;
}

/** A socket whose types are no longer of interest. */
export type AnySocket = ClientSocket<unknown, unknown>;

/** What is known of the messages, and how the connection may end early. */
export interface OverOptions {
  /** What the server takes. @default "json" */
  readonly receives?: MessageKind;
  /** What the server sends. @default "json" */
  readonly sends?: MessageKind;
  readonly signals?: readonly (AbortSignal | undefined)[];
  /** Milliseconds until an opening is given up. @default none */
  readonly timeout?: number;
  /** What to tell where there is no WebSocket. @default 1006 */
  readonly closing?: Closing;
}

/**
 * Makes a socket of a WebSocket, and waits until it is open, or lost.
 *
 * @example
 * ```ts no-run
 * import { overWebSocket } from "martlet/client";
 *
 * const socket = await overWebSocket(new WebSocket("wss://chat.example/rooms/7"));
 * socket.send({ text: "hello" });
 * for await (const message of socket) console.log(message);
 * ```
 */
export async function overWebSocket(
  socket?: PlatformSocket,
  options: OverOptions = {},
): Promise<AnySocket> {
  const made = new OverWebSocket(socket, options);
  await made.opened;
  return made;
}

class OverWebSocket implements AnySocket {
  readonly closed: Promise<Closing>;
  /** Fulfilled when it is open, or never will be. */
  readonly opened: Promise<unknown>;
  readonly #socket: PlatformSocket | undefined;
  readonly #options: OverOptions;
  readonly #queue: unknown[] = [];
  readonly #over = Promise.withResolvers<Closing>();
  #news = Promise.withResolvers<unknown>();
  #isOver = false;

  constructor(socket: PlatformSocket | undefined, options: OverOptions) {
    this.#socket = socket;
    this.#options = options;
    this.closed = this.#over.promise;
    // Whoever asks is told; nobody has to.
    const over = this.closed.catch(() => undefined);
    const opened = new Promise((resolve) => socket?.addEventListener("open", resolve));
    this.opened = Promise.race([opened, over]);
    if (socket === undefined) this.#end(options.closing ?? {});
    else this.#listen(socket);
  }

  readonly send = (message: unknown): void =>
    this.#socket?.send(
      (this.#options.receives ?? "json") === "json" ? JSON.stringify(message) : (message as string),
    );

  readonly close = (code?: number, reason?: string): void => this.#socket?.close(code, reason);

  readonly receive = async (): Promise<unknown> => {
    while (this.#queue.length === 0 && !this.#isOver) await this.#news.promise;
    if (this.#queue.length === 0) await this.closed;
    const data = this.#queue.shift();
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    const isJson = typeof data === "string" && (this.#options.sends ?? "json") === "json";
    return isJson ? JSON.parse(data) : data;
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, undefined> {
    for (;;) {
      const message = await this.receive();
      if (message === undefined) return undefined;
      yield message;
    }
  }

  #listen(socket: PlatformSocket): void {
    const { signals = [], timeout = 0 } = this.#options;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      this.#queue.push(data);
      this.#tell();
    });
    socket.addEventListener("close", (event) => this.#end(event));
    const timer = timeout > 0 ? setTimeout(this.close, timeout) : undefined;
    void this.opened.then(() => clearTimeout(timer));
    for (const each of signals) each?.addEventListener("abort", () => this.close());
    if (signals.some((each) => each?.aborted)) this.close();
  }

  #end({ code = 1006, reason = "", error }: PlatformSocketEvent): void {
    this.#isOver = true;
    if (error === undefined) this.#over.resolve({ code, reason });
    else this.#over.reject(error);
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve(undefined);
    this.#news = Promise.withResolvers();
  }
}
