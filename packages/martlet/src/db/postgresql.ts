/**
 * The driver of PostgreSQL: a pool of `pg`, whichever way its server was started.
 *
 * @module
 */
import type { Client, Pool, PoolClient, QueryArrayConfig, QueryResult } from "pg";
import { sendCancel } from "./cancel-request.ts";
import type { Beginning, Connection, Driver, Result, Statement } from "./driver.ts";
import { PoolExhausted } from "./own-errors.ts";
import type { Opened } from "./pool.ts";

/** A driver that has a pool of `pg`. */
export interface PostgresqlDriver extends Driver {
  readonly pool: Pool;
}

/** What a pool is told beyond what `pg` knows of. */
export interface PostgresqlLimits {
  /** How many may wait for a connection. */
  readonly maxWaiting: number;
  /** Whether each transaction may be in another session of the server. */
  readonly isPooled: boolean;
  /** After how many milliseconds the server gives a statement up; 0 for never. */
  readonly statementTimeout: number;
}

/** Makes a driver of a pool. */
export function postgresqlDriver(
  { pool, close }: Opened,
  { maxWaiting, isPooled, statementTimeout }: PostgresqlLimits,
): PostgresqlDriver {
  const { max } = pool.options;
  return {
    dialect: "postgresql",
    isSingle: max === 1,
    pool,
    close,
    begin: (beginning) => [
      begin(beginning),
      ...(isPooled ? [`set local statement_timeout = ${statementTimeout}`] : []),
    ],
    state: () => ({
      max,
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    connect: async () => {
      if (pool.waitingCount >= maxWaiting) throw new PoolExhausted(pool.waitingCount);
      return new PostgresqlConnection(await pool.connect(), isPooled);
    },
  };
}

function begin({ isolation, readOnly = false }: Beginning): string {
  const level = isolation === undefined ? "" : ` isolation level ${isolation}`;
  return `begin${level}${readOnly ? " read only" : ""}`;
}

/** What `pg` knows of a connection and does not tell in its types. */
interface Inside {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** The longest time of a timer, in milliseconds. */
const longest = 2 ** 31 - 1;

class PostgresqlConnection implements Connection {
  readonly #client: PoolClient;
  #cancelling: Promise<void> | undefined;
  readonly #isPooled: boolean;
  #isBroken = false;

  constructor(client: PoolClient, isPooled: boolean) {
    this.#client = client;
    this.#isPooled = isPooled;
  }

  async run({ text, values, name, arrays, timeout, special }: Statement): Promise<Result> {
    const config = {
      text,
      values: values as unknown[],
      // A name is known to one session of the server alone.
      name: this.#isPooled ? undefined : name,
      ...special,
      // No number, and none that is larger, would mean the pool's.
      ...(timeout !== undefined && { query_timeout: Math.min(timeout, longest) }),
      ...(arrays === true && { rowMode: "array" }),
    };
    try {
      // The rows are arrays only if they were asked for.
      return resultOf(await this.#client.query(config as unknown as QueryArrayConfig));
    } catch (error) {
      // The server may still be at it: nobody else can use this connection.
      if (error instanceof Error && error.message === "Query read timeout") this.#isBroken = true;
      else await isReady(this.#client);
      throw error;
    }
  }

  cancel(): Promise<void> {
    const { host, port, ssl, processID, secretKey } = this.#client as unknown as Inside & Client;
    if (typeof processID !== "number" || typeof secretKey !== "number") return Promise.resolve();
    const target = { host, port, ssl, processId: processID, secretKey };
    this.#cancelling = Promise.all([this.#cancelling, sendCancel(target)]).then(() => undefined);
    return this.#cancelling;
  }

  release(isBroken = false): void {
    const release = (): void => this.#client.release(isBroken || this.#isBroken);
    // A request that comes late would cancel what the next one runs.
    if (this.#cancelling === undefined) release();
    else void this.#cancelling.then(release);
  }
}

/** An error comes before the server says whether a transaction is open, which the pool asks about. */
async function isReady(client: PoolClient): Promise<void> {
  const { readyForQuery, _queryable, _ending } = client as unknown as Readonly<
    Record<string, unknown>
  >;
  if (readyForQuery === true || _queryable === false || _ending === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ["drain", "end", "error"] as const;
  for (const each of events) client.on(each, resolve);
  await promise;
  for (const each of events) client.off(each, resolve);
}

/** Several statements in one text have several results, of which the last one counts. */
export function resultOf(native: QueryResult | readonly QueryResult[]): Result {
  const last = Array.isArray(native) ? (native as readonly QueryResult[]).at(-1) : native;
  const { rows, rowCount, command } = last as QueryResult<Record<string, unknown>>;
  return { rows, rowCount: rowCount ?? 0, command, native };
}
