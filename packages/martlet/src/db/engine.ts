/**
 * The engine: a database at the level of statements, below whatever writes them.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Locks } from "./advisory-lock.ts";
import { Call, type CallSource } from "./call.ts";
import { databaseError } from "./database-error.ts";
import type {
  Beginning,
  Connection,
  Dialect,
  Driver,
  PoolState,
  Result,
  Statement,
} from "./driver.ts";
import { chainOf } from "./errors/chain.ts";
import { type Health, healthOf } from "./health.ts";
import { Level, type Task } from "./level.ts";
import { Counters, type Metrics } from "./metrics.ts";
import { EngineError, TransactionTimeout } from "./own-errors.ts";
import { pinnedLevel, unpin } from "./pinned.ts";
import { Reach } from "./reach.ts";
import { Session } from "./session.ts";
import type { SharedReads } from "./shared-reads.ts";
import { isControl, type Running, type Watch, Watches, writes } from "./statement-event.ts";
import type { Origins } from "./watch/origins.ts";

/** What a statement may be told beside its values. */
export interface QueryOptions extends Pick<Statement, "name" | "arrays" | "timeout" | "special"> {
  /** Whether a replica may answer, if there is one and this call has not written. @default false */
  readonly replica?: boolean;
}

/** How a transaction is run. Times are in milliseconds. */
export interface TransactionOptions extends Beginning {
  /**
   * How often the work is run anew when the database could not fit it in with others (a
   * serialization failure, a deadlock): it must be safe to run more than once.
   *
   * @default 3
   */
  readonly retries?: number | undefined;
  /** After how long it is rolled back, whatever it does. @default never */
  readonly timeout?: number | undefined;
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly driver: Driver;
  /** Databases that follow the first one, for reading. @default none */
  readonly replicas?: readonly Driver[];
  /** Where locks are taken. @default `driver` */
  readonly direct?: Driver;
  /** Runs what reads and is in no transaction. @default `driver` */
  readonly shared?: SharedReads | undefined;
  /** For how long, in milliseconds, a call that wrote reads from the first one. @default as long as it lasts */
  readonly sticky?: number;
  readonly watches?: readonly Watch[];
  /** Finds where statements come from. @default nobody looks */
  readonly origins?: Origins;
  /** Receives what failed after a commit, when it is too late to undo anything. */
  readonly notice: (line: string) => void;
}

/** What is going on where a statement is made. */
interface Ambient {
  readonly call: Call | undefined;
  readonly level: Level | undefined;
}

/**
 * A database at the level of statements. Query builders, SQL by hand and queues that stand on one
 * engine share its connections and, without being handed anything, the transaction that runs.
 *
 * @example
 * ```ts no-run
 * import { get, martlet } from "martlet";
 * import { database } from "martlet/db";
 *
 * const db = database({ url: "embedded:" });
 * const now = get("/now", { use: { db } }, async ({ db }) => {
 *   const { rows } = await db.$engine.query<{ time: Date }>("select now() as time");
 *   return rows[0];
 * });
 * export const app = martlet({ now });
 * ```
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #driver: Driver;
  readonly #storage = new AsyncLocalStorage<Ambient>();
  readonly #counters = new Counters();
  readonly #watches: Watches;
  readonly #locks: Locks;
  /** The errors of this database, among all that a handler may throw. */
  readonly #thrown = new WeakSet<Error>();
  readonly #reach: Reach;
  #next = 0;
  #pinned: Level | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#driver = options.driver;
    this.#watches = new Watches(options, this.#counters);
    this.#reach = new Reach(options.notice);
    this.#locks = new Locks(options.direct ?? options.driver);
  }

  get dialect(): Dialect {
    return this.#driver.dialect;
  }

  /** Whether a statement that is made here and now is part of a transaction, one that is pinned aside. */
  get inTransaction(): boolean {
    const level = this.#level;
    return level !== undefined && level !== this.#pinned;
  }

  /** What was done since the start. */
  get metrics(): Metrics {
    return this.#counters.read();
  }

  /** The request, job or command that is running here, if the database is known to it. */
  get call(): Call | undefined {
    return this.#storage.getStore()?.call;
  }

  /** What finds where statements come from. */
  get origins(): Origins | undefined {
    return this.#options.origins;
  }

  get #level(): Level | undefined {
    return this.#storage.getStore()?.level ?? this.#pinned;
  }

  /** Runs a statement: in the transaction that is running, or by itself. */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options: QueryOptions = {},
  ): Promise<Result<Row>> {
    const { replica = false, name, arrays, timeout, special } = options;
    const origin = this.#options.origins?.of(this.call?.source.route);
    const statement: Statement = { text, values, origin, name, arrays, timeout, special };
    const level = this.#level;
    // What fails by itself must not take all that is pinned with it.
    if (level !== undefined && level === this.#pinned) {
      return this.transaction(() => this.#made<Row>(statement, replica));
    }
    return this.#made(statement, replica);
  }

  /**
   * Runs work in a transaction: every statement that is made in it, by whatever means, is part of it.
   * It takes a connection at its first statement. Inside of another one it is a savepoint.
   *
   * @throws what `work` throws, after a rollback
   */
  async transaction<T>(work: () => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { call } = this;
    const outer = this.#level;
    if (outer !== undefined) {
      if (options.isolation !== undefined && outer !== this.#pinned) {
        throw new Error("A transaction inside of another one has the isolation of that one");
      }
      return this.#nested(outer, work);
    }
    const { retries = 3 } = options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(work, options);
      } catch (error) {
        if (attempt >= retries || databaseError(error)?.isRetryable !== true) throw error;
        call?.retry();
        this.#counters.retried += 1;
        await sleep(Math.random() * 25 * 2 ** attempt);
      }
    }
  }

  /** Does something once what runs is committed, or at once where no transaction runs. */
  async afterCommit(task: Task): Promise<void> {
    const level = this.#level;
    if (level !== undefined && level !== this.#pinned) level.tasks.push(task);
    else await task();
  }

  /**
   * Runs work that no other process runs at the same time under the same name. It holds a connection
   * of its own. The work of a database with one connection is kept apart in this process only.
   *
   * @throws when it is not its turn within `timeout` milliseconds, 60,000 if not said otherwise
   */
  lock<T>(name: string, work: () => Promise<T>, options: { timeout?: number } = {}): Promise<T> {
    return this.#locks.run({ name, work, ...options });
  }

  /** Runs work in which a request may make the same statement as often as it likes. */
  async allowRepeats<T>(work: () => PromiseLike<T> | T): Promise<T> {
    const { origins } = this.#options;
    // A query that is returned runs when it is awaited, which has to be inside.
    return origins === undefined ? work() : origins.repeating(async () => work());
  }

  /** Whether the database answers, within 1,000 milliseconds if not said otherwise. Never throws. */
  health(options: { readonly timeout?: number } = {}): Promise<Health> {
    return healthOf(this.#driver, options);
  }

  /** A connection of its own, outside of every transaction: for tools such as migrations. */
  connect(): Promise<Connection> {
    return this.#connect(this.#options.direct ?? this.#driver);
  }

  /** The connections. */
  pool(): PoolState {
    return this.#driver.state();
  }

  /** Whether an error, or one that it was caused by, is of this database. */
  hasThrown(error: unknown): boolean {
    for (const each of chainOf(error)) {
      if (this.#thrown.has(each) || each instanceof EngineError) return true;
    }
    return false;
  }

  /** Runs `next` as part of a call, whose statements are counted, and end when nobody waits for it. */
  during<T>(source: CallSource, next: () => T): T {
    const store = this.#storage.getStore();
    if (store?.call?.source === source) return next();
    return this.#storage.run({ call: new Call(source), level: store?.level }, next);
  }

  /**
   * From now on, everything is part of one transaction that is never committed, in this process
   * whoever asks: for tests. What would be a transaction is a savepoint, and so is each statement
   * that would be by itself; what a commit would check is checked at its end. They take turns. Gives
   * what rolls it back, which throws when it had to end something that was still open.
   */
  pin(): () => Promise<void> {
    if (this.#pinned !== undefined) throw new Error("A transaction is pinned already");
    const session = this.#session({});
    const level = pinnedLevel(session, this.dialect);
    this.#pinned = level;
    return async () => {
      if (this.#pinned === level) this.#pinned = undefined;
      await unpin(level, session);
    };
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const { replicas = [], direct = this.#driver, shared } = this.#options;
    await shared?.close();
    await Promise.all([this.#driver, ...replicas, direct].map((each) => each.close()));
  }

  #made<Row>(statement: Statement, replica: boolean): Promise<Result<Row>> {
    const done = this.#level?.run(statement) ?? this.#alone(statement, replica);
    // What a row is, only who writes the statement knows.
    return done as Promise<Result<Row>>;
  }

  async #alone(statement: Statement, replica: boolean): Promise<Result> {
    const { call } = this;
    call?.check();
    const driver = replica ? this.#replica(call) : this.#driver;
    const { shared } = this.#options;
    if (shared !== undefined && driver === this.#driver && !writes(statement.text)) {
      return this.#run(shared, statement, { call, isInTransaction: false, isReplica: false });
    }
    const connection = await this.#connect(driver);
    try {
      call?.begin(connection);
      const running = { call, isInTransaction: false, isReplica: driver !== this.#driver };
      return await this.#run(connection, statement, running);
    } finally {
      call?.end(connection);
      connection.release();
    }
  }

  #replica(call: Call | undefined): Driver {
    const { replicas = [], sticky = Infinity } = this.#options;
    const wroteAt = call?.wroteAt ?? -Infinity;
    if (replicas.length === 0 || performance.now() - wroteAt < sticky) return this.#driver;
    this.#next = (this.#next + 1) % replicas.length;
    return replicas[this.#next] as Driver;
  }

  async #nested<T>(outer: Level, work: () => Promise<T>): Promise<T> {
    const { call } = this;
    const tasks: Task[] = [];
    const value = await outer.nested(async (level) => {
      const done = await this.#storage.run({ call, level }, work);
      // What nothing will ever commit is as good as committed when it is released.
      if (outer === this.#pinned) tasks.push(...level.tasks.splice(0));
      return done;
    });
    await this.#finish(tasks);
    return value;
  }

  async #once<T>(work: () => Promise<T>, options: TransactionOptions): Promise<T> {
    const { call } = this;
    const session = this.#session(options);
    const level = new Level(session);
    const forget = call?.hold(session);
    const { timeout = 0 } = options;
    const expire = (): void => void session.abandon(new TransactionTimeout(timeout));
    const timer = timeout > 0 ? setTimeout(expire, timeout) : undefined;
    let value: T;
    try {
      value = await this.#storage.run({ call, level }, work);
      await level.commit();
      this.#counters.committed += 1;
    } catch (error) {
      this.#counters.rolledBack += 1;
      await level.rollBack();
      throw error;
    } finally {
      clearTimeout(timer);
      forget?.();
    }
    await this.#finish(level.tasks);
    return value;
  }

  /** What follows a commit cannot undo it: its errors are told and go no further. */
  async #finish(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      try {
        await task();
      } catch (error) {
        this.#options.notice(`What follows a commit failed: ${String(error)}`);
      }
    }
  }

  #session(beginning: Beginning): Session {
    return new Session({
      connect: () => this.#connect(this.#driver),
      begin: this.#driver.begin(beginning),
      run: (connection, statement) => {
        // One that is pinned is of many calls.
        const running = { call: this.call, isInTransaction: true, isReplica: false };
        return this.#run(connection, statement, running);
      },
    });
  }

  async #connect(driver: Driver): Promise<Connection> {
    const from = performance.now();
    try {
      return await driver.connect();
    } catch (error) {
      throw this.#own(error);
    } finally {
      this.#counters.waited += performance.now() - from;
    }
  }

  /** Remembers whose error it is. */
  #own(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    this.#thrown.add(error);
    this.#reach.failed(error);
    return error;
  }

  async #run(
    connection: Pick<Connection, "run">,
    statement: Statement,
    running: Running,
  ): Promise<Result> {
    const { call } = running;
    const isCounted = call !== undefined && !isControl(statement.text);
    if (isCounted) this.#watches.before(statement, call);
    const from = performance.now();
    let result: Result;
    try {
      result = await connection.run(statement);
    } catch (error) {
      this.#watches.after(statement, running, { from, error });
      throw this.#own(error);
    }
    this.#reach.answered();
    if (isCounted && writes(statement.text)) call.wroteAt = performance.now();
    this.#watches.after(statement, running, { from, result });
    return result;
  }
}
