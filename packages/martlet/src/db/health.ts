/**
 * Health: whether a database answers.
 *
 * @module
 */
import { databaseError } from "./database-error.ts";
import type { Driver, PoolState } from "./driver.ts";
import { within } from "./pool.ts";

/** What asking a database gave. */
export interface Health {
  readonly isUp: boolean;
  /** Milliseconds until it answered, or until it was given up. */
  readonly latency: number;
  readonly pool: PoolState;
  /** Why it is not up, as a kind of database error or `"timeout"`. */
  readonly reason?: string;
}

/** Asks a database for as little as there is. */
export async function healthOf(
  driver: Driver,
  { timeout = 1000 }: { readonly timeout?: number },
): Promise<Health> {
  const from = performance.now();
  const told = (reason?: string): Health => ({
    isUp: reason === undefined,
    latency: performance.now() - from,
    pool: driver.state(),
    ...(reason !== undefined && { reason }),
  });
  try {
    return told((await within(ask(driver), timeout)) ? undefined : "timeout");
  } catch (error) {
    return told(databaseError(error)?.kind ?? "error");
  }
}

async function ask(driver: Driver): Promise<void> {
  const connection = await driver.connect();
  try {
    await connection.run({ text: "select 1" });
  } finally {
    connection.release();
  }
}
