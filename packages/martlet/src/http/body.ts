/**
 * The body of a request: read once, within a limit, and the client's time on it kept.
 *
 * @module
 */
import { ContentTooLarge, HttpProblem, MalformedBody } from "../errors.ts";
import type { IncomingBody } from "./exchange.ts";

/** The body of one request. */
export class RequestBody {
  readonly #incoming: IncomingBody;
  #whole: Promise<Uint8Array<ArrayBuffer>> | undefined;
  #isTaken = false;
  #waited = 0;
  #since: number | undefined;

  constructor(incoming: IncomingBody) {
    this.#incoming = incoming;
  }

  /** How long the client has been waited for to send it, in milliseconds. */
  get waited(): number {
    return this.#waited + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }

  /** All bytes, the same for everyone who asks. Throws a problem: 400, 408 or 413. */
  async bytes(limit: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await (this.#whole ??= this.#read(limit));
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }

  /** Leaves the body to a reader that takes it as it comes. */
  async readBy<Value>(reader: (incoming: IncomingBody) => Promise<Value>): Promise<Value> {
    this.#begin();
    try {
      return await reader(this.#incoming);
    } finally {
      this.#rest();
    }
  }

  /** The bytes as they come, no faster than they are read; `close` lets go of what is left. */
  stream(limit: number): { readonly bytes: ReadableStream<Bytes>; readonly close: () => void } {
    this.#take();
    const chunks = this.#incoming.stream()[Symbol.asyncIterator]();
    const close = (): void => void chunks.return?.();
    let size = 0;
    const pull = async (controller: ReadableStreamDefaultController<Bytes>): Promise<void> => {
      this.#since = performance.now();
      try {
        const { done, value } = await chunks.next();
        if (done === true) return controller.close();
        size += value.length;
        if (size > limit) throw tooLarge(limit);
        controller.enqueue(plain(value));
      } catch (error) {
        close();
        throw asProblem(error);
      } finally {
        this.#rest();
      }
    };
    // Nothing is read ahead: a client that waits for the word to send is told when somebody reads.
    return { bytes: new ReadableStream({ pull, cancel: close }, { highWaterMark: 0 }), close };
  }

  async #read(limit: number): Promise<Bytes> {
    this.#begin();
    try {
      const bytes = await this.#incoming.bytes(limit);
      if (bytes === undefined) throw tooLarge(limit);
      return plain(bytes);
    } catch (error) {
      throw asProblem(error);
    } finally {
      this.#rest();
    }
  }

  #begin(): void {
    this.#take();
    this.#since = performance.now();
  }

  #rest(): void {
    this.#waited = this.waited;
    this.#since = undefined;
  }

  #take(): void {
    if (this.#isTaken) throw new Error("The body has been read already, as a form or as a stream");
    this.#isTaken = true;
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Servers hand in buffers of their own kind, which no other thread shares: here is the web's. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Bytes {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

function asProblem(cause: unknown): Error {
  if (cause instanceof HttpProblem) return cause;
  return new MalformedBody({}, { detail: "The body ended too early.", cause });
}

/** The problem of a body that is larger than `limit` bytes. */
export function tooLarge(limit: number): Error {
  return new ContentTooLarge({}, { detail: `The body is larger than ${limit} bytes.` });
}
