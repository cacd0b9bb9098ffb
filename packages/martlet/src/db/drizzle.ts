/**
 * Drizzle over an engine: PostgreSQL's.
 *
 * @module
 */
import type { AnyRelations, EmptyRelations } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { PgTransactionConfig } from "drizzle-orm/pg-core/session";
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from "pg";
import type { Result } from "./driver.ts";
import type { Engine, TransactionOptions } from "./engine.ts";
import { loadDrizzle, loadDrizzleCore } from "./packages.ts";
import { rememberWriting } from "./watch/written-queries.ts";

/** What `pg` calls a client, over an engine: its statements are part of the transaction that runs. */
export interface EngineClient {
  readonly query: <Row extends QueryResultRow = QueryResultRow>(
    query: string | QueryConfig,
    values?: readonly unknown[],
  ) => Promise<QueryResult<Row>>;
  /** A connection of the pool to oneself, outside of everything, for `COPY` or `LISTEN`: release it. */
  readonly connect: () => Promise<PoolClient>;
  /** What the pool connects to. */
  readonly options: Pool["options"];
}

/** A Drizzle database that knows the relations it was made with. */
export type Database<R extends AnyRelations = EmptyRelations> = NodePgDatabase<R> & {
  /** `pg`'s way to the same connections and the same transaction. */
  readonly $client: EngineClient;
  /** What stands below, for SQL by hand. */
  readonly $engine: Engine;
  /** The same database for reading, from a replica if there is one. */
  readonly $replica: NodePgDatabase<R>;
};

/** Makes a Drizzle database whose statements and transactions are those of an engine. */
export async function drizzleOver<R extends AnyRelations = EmptyRelations>(
  engine: Engine,
  { pool, relations }: { readonly pool: Pool; readonly relations?: R | undefined },
): Promise<Database<R>> {
  const { drizzle } = await loadDrizzle();
  const { TransactionRollbackError } = await loadDrizzleCore();
  const over = (client: EngineClient): NodePgDatabase<R> => {
    // It asks no more of a client than to run a query.
    const db = drizzle({ client: client as unknown as Pool, ...(relations && { relations }) });
    rememberWriting(db, engine);
    const inside = Object.assign(Object.create(db) as typeof db, {
      rollback: () => {
        throw new TransactionRollbackError();
      },
    });
    return Object.assign(db, {
      transaction: (work: (tx: typeof db) => Promise<unknown>, config?: PgTransactionConfig) =>
        engine.transaction(async () => work(inside), optionsOf(config)),
    });
  };
  const client = clientOf(engine, pool, false);
  return Object.assign(over(client), {
    $client: client,
    $engine: engine,
    $replica: over(clientOf(engine, pool, true)),
  });
}

function clientOf(engine: Engine, pool: Pool, replica: boolean): EngineClient {
  const query = (asked: string | QueryConfig, given?: readonly unknown[]): Promise<unknown> => {
    if (typeof asked === "string") return engine.query(asked, given, { replica }).then(native);
    const { text, values = given, name, types } = asked;
    const arrays = "rowMode" in asked && asked.rowMode === "array";
    const result = engine.query(text, values, { name, arrays, special: types, replica });
    // Who asks for arrays wants the rows alone.
    return arrays ? result : result.then(native);
  };
  // What comes back is what `pg` gives for the same query.
  return {
    query: query as EngineClient["query"],
    connect: () => pool.connect(),
    options: pool.options,
  };
}

function native(result: Result): unknown {
  return result.native;
}

function optionsOf({ isolationLevel, accessMode }: PgTransactionConfig = {}): TransactionOptions {
  return {
    // PostgreSQL reads nothing that is not committed, whatever is asked for.
    isolation: isolationLevel === "read uncommitted" ? undefined : isolationLevel,
    readOnly: accessMode === "read only",
  };
}
