/**
 * Turns: work on one thing, one after the other in the order of asking.
 *
 * @module
 */

/** A queue for what can do but one thing at a time. */
export class Turns {
  #last: Promise<unknown> | undefined;

  /** Runs `work` when everything that was asked for before it is over. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last === undefined ? work() : this.#last.then(work, work);
    const last = turn.catch(() => undefined);
    this.#last = last;
    void last.finally(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return turn;
  }
}
