/**
 * Drizzle over an engine: that of SQLite.
 *
 * @module
 */
import {
  type AnyRelations,
  type EmptyRelations,
  entityKind,
  NoopLogger,
  type Query,
} from "drizzle-orm";
import { nodeSQLiteCodecs } from "drizzle-orm/node-sqlite/codecs";
import {
  SQLiteAsyncDatabase,
  SQLiteAsyncPreparedQuery,
  type SQLiteAsyncPreparedQueryConfig,
  SQLiteAsyncSession,
  SQLiteAsyncTransaction,
  SQLiteDialect,
} from "drizzle-orm/sqlite-core";
import type { SQLiteExecuteMethod } from "drizzle-orm/sqlite-core/session";
import type { Result } from "./driver.ts";
import type { Engine } from "./engine.ts";
import { rememberWriting } from "./watch/written-queries.ts";

/** What a statement changed. */
export interface SqliteRun {
  readonly changes: number;
  /** A `bigint` from 2^53 on. */
  readonly lastInsertRowid: number | bigint;
}

/** A Drizzle database of SQLite that knows the relations it was made with. */
export type SqliteDatabase<R extends AnyRelations = EmptyRelations> = SQLiteAsyncDatabase<
  "async",
  SqliteRun,
  R
> & {
  /** What stands below, for SQL by hand. */
  readonly $engine: Engine;
  /** The same database: SQLite has no replicas. */
  readonly $replica: SQLiteAsyncDatabase<"async", SqliteRun, R>;
};

/** Makes a Drizzle database whose statements and transactions are those of an engine. */
export function drizzleOverSqlite<R extends AnyRelations = EmptyRelations>(
  engine: Engine,
  relations: R,
): SqliteDatabase<R> {
  const dialect = new SQLiteDialect({ codecs: nodeSQLiteCodecs });
  const session = new EngineSession<R>({ dialect, engine, relations });
  const db = new SQLiteAsyncDatabase<"async", SqliteRun, R>("async", dialect, session, relations);
  rememberWriting(db, engine);
  return Object.assign(db, { $engine: engine, $replica: db });
}

/** What a session is made of. */
interface Parts<R extends AnyRelations> {
  readonly dialect: SQLiteDialect;
  readonly engine: Engine;
  readonly relations: R;
}

/** Drizzle's session over an engine. */
class EngineSession<R extends AnyRelations> extends SQLiteAsyncSession<"async", SqliteRun, R> {
  static override readonly [entityKind]: string = "MartletSqliteSession";
  readonly #parts: Parts<R>;

  constructor(parts: Parts<R>) {
    super(parts.dialect, "async");
    this.#parts = parts;
  }

  override prepareQuery(
    query: Query,
    mode: "arrays" | "objects" | "raw",
    _isPrepared: boolean,
    ...[method, mapper]: [SQLiteExecuteMethod?, ((rows: unknown[]) => unknown)?]
  ): SQLiteAsyncPreparedQuery<SQLiteAsyncPreparedQueryConfig & { type: "async" }> {
    const { engine } = this.#parts;
    const run = (values: readonly unknown[]): Promise<Result> =>
      engine.query(query.sql, values, { arrays: mode === "arrays" });
    const executors = {
      all: async (values: unknown[]) => (await run(values)).rows,
      get: async (values: unknown[]) => (await run(values)).rows[0],
      run: async (values: unknown[]) => (await run(values)).native,
    };
    const rest = [undefined, undefined, undefined, undefined] as const;
    return new SQLiteAsyncPreparedQuery(
      "async",
      method,
      executors,
      query,
      mapper,
      mode,
      logger,
      ...rest,
    );
  }

  /** Each one is that of a writer; one that only reads is told so to the engine. */
  override transaction<T>(
    work: (tx: SQLiteAsyncTransaction<"async", SqliteRun, R>) => Promise<T>,
  ): Promise<T> {
    const { engine, dialect, relations } = this.#parts;
    const tx = new EngineTransaction<R>("async", dialect, this, relations);
    rememberWriting(tx, engine);
    return engine.transaction(async () => work(tx));
  }
}

/** Within a transaction of the engine, whose session makes savepoints by itself. */
class EngineTransaction<R extends AnyRelations> extends SQLiteAsyncTransaction<
  "async",
  SqliteRun,
  R
> {
  static override readonly [entityKind]: string = "MartletSqliteTransaction";
}

const logger = new NoopLogger();
