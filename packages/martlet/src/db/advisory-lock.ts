/**
 * Advisory locks: work that no two processes do at one time.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Dialect, Driver } from "./driver.ts";
import { Turns } from "./turns.ts";

/** Work under a name. */
export interface Exclusive<T> {
  readonly name: string;
  readonly work: () => Promise<T>;
  /** How long to wait, in milliseconds. @default 60000 */
  readonly timeout?: number;
}

/** How a database takes and gives up a lock; both name it by the one value. */
interface LockStatements {
  readonly take: string;
  readonly free: string;
  readonly key: (name: string) => string;
}

const statements: { readonly [D in Dialect]?: LockStatements } = {
  postgresql: {
    take: "select pg_try_advisory_lock($1::bigint) as taken",
    free: "select pg_advisory_unlock($1::bigint)",
    key: (name) => createHash("sha256").update(name).digest().readBigInt64BE().toString(),
  },
  mysql: {
    take: "select get_lock(?, 0) as taken",
    free: "select release_lock(?)",
    // 64 characters at the most.
    key: (name) => createHash("sha256").update(name).digest("hex"),
  },
};

/** The locks of one database. */
export class Locks {
  readonly #driver: Driver;
  /** The turns in this process, where it is the only one. */
  readonly #turns = new Map<string, Turns>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Runs work while nobody else does. */
  run<T>(exclusive: Exclusive<T>): Promise<T> {
    const lock = statements[this.#driver.dialect];
    if (lock !== undefined && !this.#driver.isSingle) return this.#held(lock, exclusive);
    const turns = this.#turns.get(exclusive.name) ?? new Turns();
    this.#turns.set(exclusive.name, turns);
    return turns.take(exclusive.work);
  }

  async #held<T>(lock: LockStatements, exclusive: Exclusive<T>): Promise<T> {
    const connection = await this.#driver.connect();
    let isBroken = true;
    try {
      const values = [lock.key(exclusive.name)];
      await take(connection, { text: lock.take, values }, exclusive);
      try {
        return await exclusive.work();
      } finally {
        await connection.run({ text: lock.free, values });
        isBroken = false;
      }
    } finally {
      connection.release(isBroken);
    }
  }
}

/** Asks again and again: one who waits inside of the lock can wait for itself, with an index build. */
async function take(
  connection: Connection,
  statement: { readonly text: string; readonly values: readonly unknown[] },
  { name, timeout = 60_000 }: Exclusive<unknown>,
): Promise<void> {
  const end = performance.now() + timeout;
  for (;;) {
    const { rows } = await connection.run(statement);
    // A boolean, or MySQL's 0 and 1.
    if (rows[0]?.["taken"]) return;
    if (performance.now() > end) throw new Error(`Another process holds the lock "${name}"`);
    await sleep(50 + Math.random() * 50);
  }
}
