/**
 * Streams of events: items as they come, and a comment where nothing comes for long.
 *
 * @module
 */

/** What is sent where nothing comes: proxies keep the connection, and one that is gone is found. */
const ping = ": ping\n\n";

type Result = IteratorResult<string>;

/**
 * The texts of events with heartbeats in between. It ends as soon as it is told to, also while its
 * source still waits for something.
 */
export class EventStream implements AsyncIterator<string> {
  readonly #source: AsyncIterator<string>;
  readonly #heartbeat: number;
  /** What whoever reads waits for. */
  #reader: PromiseWithResolvers<Result> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the source brought after a heartbeat, while nobody was reading. */
  #arrived: Promise<Result> | undefined;
  #isAsked = false;
  #isOver = false;

  constructor(source: AsyncIterator<string>, heartbeat: number) {
    this.#source = source;
    this.#heartbeat = heartbeat;
  }

  next(): Promise<Result> {
    if (this.#isOver) return Promise.resolve(over);
    const arrived = this.#arrived;
    if (arrived !== undefined) {
      this.#arrived = undefined;
      return arrived;
    }
    this.#reader = Promise.withResolvers();
    if (this.#heartbeat > 0) {
      this.#timer = setTimeout(() => this.#beat(), this.#heartbeat);
    }
    if (!this.#isAsked) this.#ask();
    return this.#reader.promise;
  }

  async return(): Promise<Result> {
    this.#isOver = true;
    this.#give(Promise.resolve(over));
    await this.#source.return?.();
    return over;
  }

  /** Asks the source once, however many heartbeats its answer takes. */
  #ask(): void {
    this.#isAsked = true;
    this.#source.next().then(
      (result) => this.#arrive(Promise.resolve(result)),
      (error: Error) => this.#arrive(Promise.reject(error)),
    );
  }

  #arrive(result: Promise<Result>): void {
    this.#isAsked = false;
    // It may never be read: then nobody need hear that it failed.
    result.catch(() => undefined);
    if (this.#reader === undefined) this.#arrived = result;
    else this.#give(result);
  }

  #beat(): void {
    this.#give(Promise.resolve({ done: false, value: ping }));
  }

  #give(result: Promise<Result>): void {
    clearTimeout(this.#timer);
    this.#reader?.resolve(result);
    this.#reader = undefined;
  }
}

const over: Result = { done: true, value: undefined };
