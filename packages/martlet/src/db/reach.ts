/**
 * Reach: whether a database can be reached, told once when that changes.
 *
 * @module
 */
import { databaseError } from "./database-error.ts";

/** Tells the first of many errors that say that a database is away, and when it answers again. */
export class Reach {
  readonly #notice: (line: string) => void;
  #isDown = false;

  constructor(notice: (line: string) => void) {
    this.#notice = notice;
  }

  /** Sees an error. */
  failed(error: Error): void {
    if (this.#isDown || databaseError(error)?.kind !== "connection-lost") return;
    this.#isDown = true;
    this.#notice(`The database cannot be reached: ${error.message || error.name}`);
  }

  /** Sees an answer. */
  answered(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#notice("The database can be reached again");
  }
}
