/**
 * Sessions: the one connection of a transaction, from its first statement to its end.
 *
 * @module
 */
import { databaseError } from "./database-error.ts";
import type { Connection, Result, Statement } from "./driver.ts";
import { OutcomeUnknown } from "./own-errors.ts";

/** What a session is made of. */
export interface SessionParts {
  /** A connection of its own. */
  readonly connect: () => Promise<Connection>;
  /** The statements that begin the transaction. */
  readonly begin: readonly string[];
  /** Runs a statement and tells whoever watches. */
  readonly run: (connection: Connection, statement: Statement) => Promise<Result>;
}

/** The connection of a transaction. It takes one at the first statement, and gives it back at the end. */
export class Session {
  readonly #parts: SessionParts;
  #opening: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #isOver = false;
  #reason: Error | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Runs a statement; the first one begins the transaction. */
  async run(statement: Statement): Promise<Result> {
    this.#refuseLate();
    const connection = await (this.#opening ??= this.#begin());
    this.#refuseLate();
    return this.#parts.run(connection, statement);
  }

  /** Commits, if there is anything to commit. Rolled back all the same, it throws. */
  async commit(): Promise<void> {
    this.#refuseLate();
    if (this.#opening === undefined) return;
    const connection = await this.#opening;
    const result = await this.#parts.run(connection, { text: "commit" }).catch((error: unknown) => {
      this.#isOver = true;
      const isLost = databaseError(error)?.kind === "connection-lost";
      this.#release(isLost);
      throw isLost ? new OutcomeUnknown(error) : error;
    });
    this.#isOver = true;
    this.#release(false);
    // PostgreSQL's answer to a commit after an error that somebody has swallowed.
    if (result.command === "ROLLBACK") {
      throw new Error("The transaction was rolled back, for a statement in it had failed");
    }
  }

  /** Rolls back, if there is anything to roll back. Never throws. */
  async rollBack(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#undo();
  }

  /** Ends it in the middle of whatever runs: for work that nobody waits for any more. */
  async abandon(reason: Error): Promise<void> {
    if (this.#isOver) return;
    // Before the server has heard of it, so that nothing is committed in between.
    this.#isOver = true;
    this.#reason = reason;
    await this.#connection?.cancel();
    await this.#undo();
  }

  async #undo(): Promise<void> {
    const connection = await this.#opening?.catch(() => undefined);
    if (connection === undefined || this.#connection === undefined) return;
    const isBroken = await this.#parts.run(connection, { text: "rollback" }).then(
      () => false,
      () => true,
    );
    this.#release(isBroken);
  }

  async #begin(): Promise<Connection> {
    const connection = await this.#parts.connect();
    this.#connection = connection;
    try {
      for (const text of this.#parts.begin) await this.#parts.run(connection, { text });
    } catch (error) {
      this.#release(true);
      throw error;
    }
    return connection;
  }

  #refuseLate(): void {
    if (this.#isOver) throw this.#reason ?? new Error("The transaction is over");
  }

  #release(isBroken: boolean): void {
    this.#connection?.release(isBroken);
    this.#connection = undefined;
  }
}
