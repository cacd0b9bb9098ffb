/**
 * Levels of a transaction: the transaction itself, and each savepoint in it.
 *
 * @module
 */
import type { Result, Statement } from "./driver.ts";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

/** Work for after a commit. */
export type Task = () => unknown;

/**
 * One level. Its statements take turns, and so do the levels in it: a savepoint holds its parent's
 * turn until it is released, so that two of them at one time cannot be mixed up.
 */
export class Level {
  /** What waits for the commit. */
  readonly tasks: Task[] = [];
  readonly #session: Session;
  readonly #depth: number;
  readonly #turns = new Turns();
  #isOver = false;

  constructor(session: Session, depth = 0) {
    this.#session = session;
    this.#depth = depth;
  }

  /** Runs a statement when it is its turn. */
  run(statement: Statement): Promise<Result> {
    return this.#turns.take(async () => {
      this.#refuseLate();
      return this.#session.run(statement);
    });
  }

  /** Runs work at a level of its own, which is rolled back by itself when the work fails. */
  nested<T>(work: (inner: Level) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      this.#refuseLate();
      const inner = new Level(this.#session, this.#depth + 1);
      const savepoint = `martlet_${inner.#depth}`;
      await this.#session.run({ text: `savepoint ${savepoint}` });
      try {
        const value = await work(inner);
        await inner.#over();
        await this.#session.run({ text: `release savepoint ${savepoint}` });
        this.tasks.push(...inner.tasks);
        return value;
      } catch (error) {
        await inner.#over();
        // If that fails too, the whole transaction is lost, as the first error says.
        await this.#session
          .run({ text: `rollback to savepoint ${savepoint}` })
          .catch(() => undefined);
        throw error;
      }
    });
  }

  /** Commits, after whatever still runs. */
  async commit(): Promise<void> {
    await this.#over();
    await this.#session.commit();
  }

  /** Rolls back, after whatever still runs. Never throws. */
  async rollBack(): Promise<void> {
    await this.#over();
    await this.#session.rollBack();
  }

  /** From now on nothing may be asked; waits for what was asked before. */
  #over(): Promise<void> {
    this.#isOver = true;
    return this.#turns.take(() => Promise.resolve());
  }

  #refuseLate(): void {
    if (!this.#isOver) return;
    throw new Error("A statement came after the end of its transaction: await it in there");
  }
}
