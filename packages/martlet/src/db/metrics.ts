/**
 * Metrics: what an engine has done since its start.
 *
 * @module
 */

/** Counts, and sums of milliseconds, since the start. */
export interface Metrics {
  /** Statements that were made, those that begin and end transactions included. */
  readonly statements: number;
  /** Statements that failed. */
  readonly errors: number;
  /** Milliseconds that statements took, together. */
  readonly busy: number;
  /** Milliseconds that were waited for connections, together. */
  readonly waited: number;
  readonly committed: number;
  readonly rolledBack: number;
  /** Transactions that were run anew. */
  readonly retried: number;
}

/** Counts what an engine does. */
export class Counters {
  committed = 0;
  rolledBack = 0;
  retried = 0;
  waited = 0;
  #statements = 0;
  #errors = 0;
  #busy = 0;

  /** Counts a statement that took `duration` milliseconds. */
  count(duration: number, hasFailed: boolean): void {
    this.#statements += 1;
    this.#busy += duration;
    if (hasFailed) this.#errors += 1;
  }

  read(): Metrics {
    const { committed, rolledBack, retried, waited } = this;
    const [statements, errors, busy] = [this.#statements, this.#errors, this.#busy];
    return { statements, errors, busy, waited, committed, rolledBack, retried };
  }
}
