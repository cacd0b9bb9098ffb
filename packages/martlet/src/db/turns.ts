/**
 * Turns: work on one thing, one after the other in the order of asking.
 *
 * @module
 */

/** A queue for what can do but one thing at a time. */
export class Turns {
  readonly #patience: number | undefined;
  readonly #waiting = new Set<(error: Error) => void>();
  /** What fails is told to whoever asked for it, and holds up nobody. */
  #last: Promise<unknown> | undefined;

  /** Waits for at most `patience` milliseconds for a turn, if that is said. */
  constructor(patience?: number) {
    this.#patience = patience;
  }

  /** Runs `work` when everything that was asked for before it is over. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#last !== undefined && this.#patience !== undefined) {
      return this.#inTime(work, this.#patience);
    }
    return this.#queue(work);
  }

  /** Waits until everything that was asked for is over. */
  async end(): Promise<void> {
    // What failed was told to whoever asked for it.
    await this.#last?.catch(() => undefined);
  }

  /** Lets nobody wait any longer for whom there is a limit. */
  abandon(error: Error): void {
    for (const giveUp of this.#waiting) giveUp(error);
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last === undefined ? work() : this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }

  #inTime<T>(work: () => Promise<T>, patience: number): Promise<T> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    let isLate = false;
    const leave = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(giveUp);
    };
    const giveUp = (error: Error): void => {
      isLate = true;
      leave();
      reject(error);
    };
    const timer = setTimeout(() => giveUp(new TurnTimeout(patience)), patience);
    this.#waiting.add(giveUp);
    const turn = this.#queue(() => {
      leave();
      return isLate ? late : work();
    });
    return Promise.race([turn, late]);
  }
}

/** It was not one's turn in time. */
class TurnTimeout extends Error {
  override readonly name = "TurnTimeout";

  constructor(patience: number) {
    super(
      `What is asked for at one time takes turns, and this one waited ${patience} ms for its own`,
    );
  }
}
