/**
 * Streams: bodies that come bit by bit, from their first chunk until their source has let go.
 *
 * @module
 */

/** A bit of a body. */
export type Chunk = Uint8Array | string;

/** What a handler streams: an async generator, a generator, a list, or any other iterable. */
export type Streamed<T> = AsyncIterable<T> | Iterable<T>;

/** How long a source may take to let go of what it holds once it is told to, in milliseconds. */
const patience = 5000;

/** Whether a value comes bit by bit. Text and bytes are there as a whole. */
export function isStreamed(value: unknown): value is Streamed<unknown> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** The items of a source, one at a time, whatever kind of iterable it is. */
export function iteratorOf<T>(source: Streamed<T>): AsyncIterator<T> {
  if (source instanceof ReadableStream) return readerOf(source as ReadableStream<T>);
  if (!(Symbol.asyncIterator in source)) return awaited(source[Symbol.iterator]());
  const iterator = source[Symbol.asyncIterator]();
  if (!("destroy" in source && typeof source.destroy === "function")) return iterator;
  const { destroy } = source;
  return {
    next: () => iterator.next(),
    // A stream of Node's that nobody has read from is not ended by its iterator.
    return: async () => {
      await iterator.return?.();
      destroy.call(source);
      return { done: true, value: undefined };
    },
  };
}

/**
 * The iterator of a web stream hears of its end only after the next chunk, which may never come; a
 * reader hears of it at once.
 */
function readerOf<T>(source: ReadableStream<T>): AsyncIterator<T> {
  const reader = source.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

function awaited<T>(iterator: Iterator<T>): AsyncIterator<T> {
  const settle = async ({ done, value }: IteratorResult<T>): Promise<IteratorResult<T>> =>
    ({ done, value: await value }) as IteratorResult<T>;
  return {
    next: async () => settle(iterator.next()),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  };
}

/** The same stream, each item turned into another. What refuses an item ends the stream. */
export function mapped<T, U>(
  source: AsyncIterator<T>,
  map: (item: T) => U | Promise<U>,
): AsyncIterator<U> {
  return {
    next: async () => {
      const { done, value } = await source.next();
      return done === true ? { done, value: undefined } : { done: false, value: await map(value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Told of what goes wrong with a stream that is on its way. */
type StreamFailed = (kind: "error" | "cleanup", error: unknown) => void;

/** A stream on its way to a client: what waits for its end learns when its source has let go. */
export class LiveStream implements AsyncIterableIterator<Chunk> {
  readonly #iterator: AsyncIterator<Chunk>;
  readonly #fail: StreamFailed;
  #ending: Promise<void> | undefined;
  /** What it failed with; `undefined` while it did not. */
  failure: unknown = undefined;

  constructor(body: AsyncIterable<Chunk>, fail: StreamFailed) {
    this.#iterator = iteratorOf(body);
    this.#fail = fail;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next chunk. Fails where the source fails, so that the connection is cut. */
  async next(): Promise<IteratorResult<Chunk>> {
    try {
      const result = await this.#iterator.next();
      if (result.done === true) void this.end();
      return result;
    } catch (error) {
      this.failure = error;
      this.#fail("error", error);
      void this.end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Chunk>> {
    await this.end();
    return { done: true, value: undefined };
  }

  /** Tells the source that nobody reads any more; done once it has let go, or took too long to. */
  end(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const told = `Its stream did not end within ${patience} ms of being told to`;
      late.reject(new Error(`${told}: let what it waits for end with \`signal\`.`));
    }, patience);
    try {
      await Promise.race([this.#iterator.return?.(), late.promise]);
    } catch (error) {
      this.#fail("cleanup", error);
    } finally {
      clearTimeout(timer);
    }
  }
}
