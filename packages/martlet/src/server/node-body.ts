/**
 * The body of a node:http request: read once, held to a lowest rate, and never at the cost of the
 * connection that its answer goes back on.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { type IncomingBody, MalformedBody, RequestTimeout } from "../index.ts";

/** The least that a body must bring in one period, in bytes, lest the client only holds the socket. */
const leastBytes = 1000;

/** What the reading of a body depends on. */
export interface BodyOptions {
  /** How long a period is in which a body must bring at least 1000 bytes, in milliseconds. */
  readonly period: number;
  /** Called before the first byte is read: tells a client that waits for it to go on. */
  readonly begin: (() => void) | undefined;
}

/** A body of node:http. */
export class NodeBody implements IncomingBody {
  readonly #message: IncomingMessage;
  readonly #options: BodyOptions;
  #isBegun = false;
  #failed: Error | undefined;
  #onFail: ((error: Error) => void) | undefined;

  constructor(message: IncomingMessage, options: BodyOptions) {
    this.#message = message;
    this.#options = options;
  }

  /** Whether the client still waits for the word to send it. */
  get isHeldBack(): boolean {
    return this.#options.begin !== undefined && !this.#isBegun;
  }

  /** Fails whoever reads, now or later: what comes in is no HTTP any more. */
  break(cause: Error): void {
    this.#failed = new MalformedBody({}, { detail: "The body is not framed as HTTP asks.", cause });
    this.#onFail?.(this.#failed);
  }

  bytes(limit: number): Promise<Uint8Array | undefined> {
    const message = this.#message;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const onData = (chunk: Buffer): void => {
        size += chunk.length;
        pace.add(chunk.length);
        if (size > limit) settle(() => resolve(undefined));
        else chunks.push(chunk);
      };
      const onEnd = (): void =>
        settle(() => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      const onClose = (): void => settle(() => reject(new Error("The client has gone")));
      const settle = (then: () => void): void => {
        pace.stop();
        this.#onFail = undefined;
        message.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
        then();
      };
      const pace = new Pace(this.#options.period, (error) => settle(() => reject(error)));
      if (!this.#open((error) => settle(() => reject(error)))) return;
      message.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
    });
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    const message = this.#message;
    let wake: (() => void) | undefined;
    let failure: Error | undefined;
    const fail = (error: Error): void => {
      failure ??= error;
      wake?.();
    };
    const onReadable = (): void => wake?.();
    const onClose = (): void => fail(new Error("The client has gone"));
    const pace = new Pace(this.#options.period, fail);
    this.#open(fail);
    message.on("readable", onReadable).on("end", onReadable).on("close", onClose).on("error", fail);
    try {
      for (;;) {
        const chunk = failure === undefined ? (message.read() as Buffer | null) : null;
        if (chunk !== null) {
          pace.add(chunk.length);
          // While the reader is busy, it is not the client that is slow.
          pace.pause();
          yield chunk;
          pace.resume();
        } else if (message.readableEnded) return;
        // A message closes after its end, too.
        else if (failure !== undefined) throw failure;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      pace.stop();
      this.#onFail = undefined;
      message.off("readable", onReadable).off("end", onReadable);
      message.off("close", onClose).off("error", fail);
    }
  }

  /** Gets ready to read; `false`, with `fail` called, when the body is broken already. */
  #open(fail: (error: Error) => void): boolean {
    if (this.isHeldBack) this.#options.begin?.();
    this.#isBegun = true;
    if (this.#failed !== undefined) fail(this.#failed);
    else if (this.#message.destroyed && !this.#message.complete) {
      fail(new Error("The client has gone"));
    } else {
      this.#onFail = fail;
      return true;
    }
    return false;
  }
}

/**
 * Reads past a body that nobody wants, so that the connection can be used again; cuts the connection
 * when that takes too long.
 */
export function readPast(message: IncomingMessage, period: number): void {
  const pace = new Pace(period, () => message.socket.destroy());
  message.on("data", (chunk: Buffer) => pace.add(chunk.length));
  message.once("end", () => pace.stop()).once("close", () => pace.stop());
}

/** Fails a body that comes in too slowly: a rate, not a fixed time, lets slow lines finish. */
class Pace {
  readonly #timer: NodeJS.Timeout;
  #received = 0;
  #isPaused = false;

  constructor(period: number, fail: (error: Error) => void) {
    this.#timer = setInterval(() => {
      if (!this.#isPaused && this.#received < leastBytes) fail(tooSlow());
      this.#received = this.#isPaused ? leastBytes : 0;
    }, period);
  }

  add(bytes: number): void {
    this.#received += bytes;
  }

  /** Whoever reads is busy: the time until it reads on does not count. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function tooSlow(): Error {
  const detail = "The body comes in too slowly.";
  return new RequestTimeout({}, { detail, headers: { connection: "close" } });
}
