/**
 * A bounded set of connections, for drivers whose package brings none that keeps a time limit.
 *
 * @module
 */
import type { PoolState } from "./driver.ts";
import { PoolExhausted } from "./own-errors.ts";
import { within } from "./pool.ts";

/** How connections come and go. */
export interface Opener<C> {
  /** Opens one more. */
  readonly open: () => Promise<C>;
  /** Ends one: in order, or at once when it is broken or when nobody waits any longer. */
  readonly end: (connection: C, isAtOnce: boolean) => void;
}

/** How many connections, and for how long. Times are in milliseconds. */
export interface Limits {
  readonly max: number;
  /** How long one waits for a connection. */
  readonly connectTimeout: number;
  /** How many may wait. */
  readonly maxWaiting: number;
  /** How long an unused connection stays open; 0 for ever. */
  readonly idleTimeout: number;
}

/** What `pg` says too, so that whoever looks for it need not know the driver. */
const tooLate = "timeout exceeded when trying to connect";
const closed = "Cannot use a pool after calling end on the pool";

/** How long closing waits for connections that are in use. */
const patience = 5000;

/** Who waits for a turn. */
interface Waiter {
  readonly go: () => void;
  readonly give: (error: Error) => void;
}

/** Connections that are handed out one by one, first come, first served. */
export class Connections<C extends object> {
  readonly #opener: Opener<C>;
  readonly #limits: Limits;
  /** All that are open, with the timer of those that are unused. */
  readonly #all = new Set<C>();
  readonly #idle: { readonly connection: C; readonly timer: NodeJS.Timeout | undefined }[] = [];
  readonly #waiters = new Set<Waiter>();
  /** How many have a turn: they use a connection or open one. */
  #turns = 0;
  #closing: Promise<void> | undefined;
  #emptied = (): void => undefined;

  constructor(opener: Opener<C>, limits: Limits) {
    this.#opener = opener;
    this.#limits = limits;
  }

  /** A connection, in time or never: one that comes later is for whoever asks next. */
  async take(): Promise<C> {
    const { connectTimeout } = this.#limits;
    const end = performance.now() + connectTimeout;
    await this.#turn(connectTimeout);
    const idle = this.#idle.pop();
    if (idle === undefined) return this.#more(end - performance.now());
    clearTimeout(idle.timer);
    return idle.connection;
  }

  /** Takes one back, or ends it. */
  give(connection: C, isBroken: boolean): void {
    if (isBroken || this.#closing !== undefined) {
      if (this.#all.delete(connection)) this.#opener.end(connection, isBroken);
    } else if (this.#all.has(connection)) {
      this.#idle.push({ connection, timer: this.#idleTimer(connection) });
    }
    this.#pass();
  }

  /** Forgets one that was lost; tells whether it was unused, for then nobody else will say so. */
  forget(connection: C): boolean {
    this.#all.delete(connection);
    const place = this.#idle.findIndex((idle) => idle.connection === connection);
    if (place === -1) return false;
    const [idle] = this.#idle.splice(place, 1);
    clearTimeout(idle?.timer);
    return true;
  }

  state(): PoolState {
    const { max } = this.#limits;
    return { max, total: this.#all.size, idle: this.#idle.length, waiting: this.#waiters.size };
  }

  /** Refuses whoever comes, and waits a limited time for what is in use. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#emptied = resolve;
    for (const { give } of this.#waiters) give(new Error(closed));
    for (const { connection, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#all.delete(connection);
      this.#opener.end(connection, false);
    }
    if (this.#turns > 0) await within(promise, patience);
    for (const connection of this.#all) this.#opener.end(connection, true);
    this.#all.clear();
  }

  /** Resolves when it is one's turn. */
  #turn(milliseconds: number): Promise<void> {
    if (this.#closing !== undefined) throw new Error(closed);
    if (this.#turns < this.#limits.max) {
      this.#turns += 1;
      return Promise.resolve();
    }
    if (this.#waiters.size >= this.#limits.maxWaiting) throw new PoolExhausted(this.#waiters.size);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { go: () => leave(resolve), give: (error) => leave(reject, error) };
    const timer = setTimeout(() => waiter.give(new Error(tooLate)), milliseconds);
    const leave = <A extends unknown[]>(settle: (...with_: A) => void, ...with_: A): void => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
      settle(...with_);
    };
    this.#waiters.add(waiter);
    return promise;
  }

  /** Gives one's turn to who waits longest. */
  #pass(): void {
    const [next] = this.#waiters;
    if (next !== undefined) {
      next.go();
      return;
    }
    this.#turns -= 1;
    if (this.#turns === 0) this.#emptied();
  }

  async #more(milliseconds: number): Promise<C> {
    const opening = this.#open();
    const isInTime = await within(opening, milliseconds).catch((error: unknown) => {
      this.#pass();
      throw error;
    });
    if (isInTime) return opening;
    opening.then(
      (connection) => this.give(connection, false),
      () => this.#pass(),
    );
    throw new Error(tooLate);
  }

  async #open(): Promise<C> {
    const connection = await this.#opener.open();
    this.#all.add(connection);
    return connection;
  }

  #idleTimer(connection: C): NodeJS.Timeout | undefined {
    const { idleTimeout } = this.#limits;
    if (idleTimeout === 0) return undefined;
    const end = (): void => {
      if (this.forget(connection)) this.#opener.end(connection, false);
    };
    return setTimeout(end, idleTimeout).unref();
  }
}
