/**
 * Pools of connections: bounded, and never the end of the process.
 *
 * @module
 */
import type { Pool, PoolClient, PoolConfig } from "pg";
import { loadPg } from "./packages.ts";

/** The limits of a pool. Times are in milliseconds. */
export interface PoolOptions {
  /** The most connections at one time. @default 10 */
  readonly max?: number;
  /** How long a query waits for a connection before it fails. @default 5000 */
  readonly connectTimeout?: number;
  /** How many may wait for a connection; whoever comes then fails at once. @default 1000 */
  readonly maxWaiting?: number;
  /** How long an unused connection stays open. @default 30000 */
  readonly idleTimeout?: number;
}

/** A pool and its end. */
export interface Opened {
  readonly pool: Pool;
  /** Waits a limited time for running queries, then closes. Closing again does nothing. */
  readonly close: () => Promise<void>;
}

/** Receives a line that an operator should read. */
export type Notice = (line: string) => void;

/** What a pool is opened with. */
export interface PoolSettings {
  readonly pool: PoolOptions;
  /** After how many milliseconds the server gives a statement up; 0 for never. */
  readonly statementTimeout: number;
  readonly notice: Notice;
  /** Whether a pooler stands before the server, which takes no settings at the start of a session. */
  readonly isPooled?: boolean;
}

/** How much longer than the server's own limit a statement is waited for. */
const grace = 1000;

/** How long closing waits for connections that are in use. */
const patience = 5000;

/** Opens a pool and proves that it connects. */
export async function openPool(
  target: PoolConfig,
  shown: string,
  settings: PoolSettings,
): Promise<Opened> {
  const { Pool } = await loadPg();
  const { max = 10, connectTimeout = 5000, idleTimeout = 30_000 } = settings.pool;
  const pool = new Pool({
    max,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: idleTimeout,
    statement_timeout: settings.isPooled === true ? 0 : settings.statementTimeout,
    // A server that cannot be heard of any more gives nothing up by itself.
    query_timeout: settings.statementTimeout === 0 ? 0 : settings.statementTimeout + grace,
    keepAlive: true,
    fallback_application_name: "martlet",
    ...target,
  });
  const opened = { pool, close: once(closing(pool)) };
  // A connection that comes back inside of a transaction would put the next query into it.
  pool.on("release", (_error, client) => {
    const status = client.getTransactionStatus();
    if (status === "T" || status === "E") void client.end();
  });
  // An `error` event without a listener ends the process: the pool's is for its idle connections.
  pool.on("error", (error) => settings.notice(`A database connection was lost: ${words(error)}`));
  try {
    await pool.query("select 1");
  } catch (error) {
    await opened.close();
    throw new Error(`The database ${shown} cannot be reached: ${words(error)}`, { cause: error });
  }
  return opened;
}

/** Opens a pool on what `end` ends: after the pool is closed, or when it cannot be opened. */
export async function withEnd(
  end: () => Promise<void>,
  open: () => Promise<Opened>,
): Promise<Opened> {
  try {
    const opened = await open();
    return { pool: opened.pool, close: once(() => inOrder(opened.close, end)) };
  } catch (error) {
    await end();
    throw error;
  }
}

async function inOrder(first: () => Promise<void>, last: () => Promise<void>): Promise<void> {
  try {
    await first();
  } finally {
    await last();
  }
}

/** Follows the connections of a pool, so that closing can wait for each, and force it in the end. */
function closing(pool: Pool): () => Promise<void> {
  const clients = new Set<PoolClient>();
  const { promise: emptied, resolve } = Promise.withResolvers<void>();
  pool.on("connect", (client) => {
    clients.add(client);
    // For the time that it is in use, when the pool does not listen; its query fails by itself.
    client.on("error", () => undefined);
  });
  pool.on("remove", (client) => {
    clients.delete(client);
    if (pool.ending && clients.size === 0) resolve();
  });
  return async () => {
    const isEmpty = clients.size === 0;
    // The pool calls itself ended before its connections are.
    const ended = Promise.all([pool.end(), isEmpty || emptied]);
    if (await within(ended, patience)) return;
    await within(Promise.allSettled([...clients].map((client) => client.end())), 1000);
  };
}

/** Whether a promise settles in time; throws what it is rejected with. */
export async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, milliseconds, false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A function that runs once, whatever often it is called. */
function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

/** What an error says; one for several addresses says nothing by itself. */
export function words(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(words).join("; ");
  return error instanceof Error ? error.message : String(error);
}
