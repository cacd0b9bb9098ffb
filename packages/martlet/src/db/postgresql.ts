/**
 * The driver of PostgreSQL: a pool of `pg`, whichever way its server was started.
 *
 * @module
 */
import type { Client, Pool, PoolClient, QueryResult } from "pg";
import { sendCancel } from "./cancel-request.ts";
import type { Beginning, Connection, Driver, Result, Statement } from "./driver.ts";
import { PoolExhausted } from "./own-errors.ts";
import type { Opened } from "./pool.ts";
import { Queries } from "./queries.ts";

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
  const queries = new Queries(!isPooled);
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
    connect: () =>
      new Promise((resolve, reject) => {
        if (pool.waitingCount >= maxWaiting) reject(new PoolExhausted(pool.waitingCount));
        else {
          pool.connect((error, client) => {
            if (client === undefined) reject(error);
            else resolve(new PostgresqlConnection(client, queries));
          });
        }
      }),
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

class PostgresqlConnection implements Connection {
  readonly #client: PoolClient;
  #cancelling: Promise<void> | undefined;
  readonly #queries: Queries;
  #isBroken = false;

  constructor(client: PoolClient, queries: Queries) {
    this.#client = client;
    this.#queries = queries;
  }

  run(statement: Statement): Promise<Result> {
    const config = this.#queries.of(statement);
    // With a promise, `pg` takes a stack for each statement.
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, native: QueryResult): void => {
        if (error) resolve(this.#failed(error));
        else resolve(resultOf(native));
      };
      try {
        this.#client.query(config, settle);
      } catch (error) {
        reject(error);
      }
    });
  }

  async #failed(error: Error): Promise<never> {
    // The server may still be at it: nobody else can use this connection.
    if (error.message === "Query read timeout") this.#isBroken = true;
    else await isReady(this.#client);
    throw error;
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
