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

/** How a level is kept. */
export interface LevelOptions {
  /** How many levels it is in. @default 0 */
  readonly depth?: number;
  /** What is run before a level in it is released. @default nothing */
  readonly check?: string | undefined;
  /** How long, in milliseconds, something waits for its turn. @default as long as it takes */
  readonly patience?: number;
}

/**
 * One level. Its statements take turns, and so do the levels in it: a savepoint holds its parent's
 * turn until it is released, so that two of them at one time cannot be mixed up.
 */
export class Level {
  /** What waits for the commit. */
  readonly tasks: Task[] = [];
  readonly #session: Session;
  readonly #depth: number;
  readonly #check: string | undefined;
  readonly #turns: Turns;
  #isOver = false;

  constructor(session: Session, options: LevelOptions = {}) {
    this.#session = session;
    this.#depth = options.depth ?? 0;
    this.#check = options.check;
    this.#turns = new Turns(options.patience);
  }

  /** Runs a statement when it is its turn. */
  run(statement: Statement): Promise<Result> {
    return this.#asked(() => this.#session.run(statement));
  }

  /** Runs work at a level of its own, which is rolled back by itself when the work fails. */
  nested<T>(work: (inner: Level) => Promise<T>): Promise<T> {
    return this.#asked(async () => {
      const inner = new Level(this.#session, { depth: this.#depth + 1 });
      const savepoint = `martlet_${inner.#depth}`;
      await this.#session.run({ text: `savepoint ${savepoint}` });
      try {
        const value = await work(inner);
        await inner.#over();
        if (this.#check !== undefined) await this.#session.run({ text: this.#check });
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

  /** Lets nothing wait any longer. */
  abandon(error: Error): void {
    this.#turns.abandon(error);
  }

  /** From now on nothing may be asked; waits for what was asked before. */
  #over(): Promise<void> {
    this.#isOver = true;
    return this.#turns.end();
  }

  /** Takes a turn, unless it is asked for too late. */
  #asked<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isOver) return this.#turns.take(work);
    const late = "A statement came after the end of its transaction: await it in there";
    return Promise.reject(new Error(late));
  }
}
