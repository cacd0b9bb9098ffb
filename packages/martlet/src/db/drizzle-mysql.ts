/**
 * Drizzle over an engine: that of MySQL and MariaDB.
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
import {
  MySqlAsyncDatabase,
  MySqlAsyncPreparedQuery,
  MySqlAsyncSession,
  MySqlAsyncTransaction,
  MySqlDialect,
} from "drizzle-orm/mysql-core";
import type {
  MySqlPreparedQueryConfig,
  MySqlTransactionConfig,
} from "drizzle-orm/mysql-core/session";
import { mysql2Codecs } from "drizzle-orm/mysql2/codecs";
import type { MySql2QueryResultHKT } from "drizzle-orm/mysql2/session";
import type { FieldPacket, QueryOptions, QueryResult } from "mysql2/promise";
import type { Engine, TransactionOptions } from "./engine.ts";
import { MariaDbDialect } from "./mariadb-relations.ts";
import { rememberWriting } from "./watch/written-queries.ts";

/** A Drizzle database of MySQL or MariaDB that knows the relations it was made with. */
export type MysqlDatabase<R extends AnyRelations = EmptyRelations> = MySqlAsyncDatabase<
  MySql2QueryResultHKT,
  R
> & {
  /** `mysql2`'s way to the same connections and the same transaction. */
  readonly $client: MysqlClient;
  /** What stands below, for SQL by hand. */
  readonly $engine: Engine;
  /** The same database for reading, from a replica if there is one. */
  readonly $replica: MySqlAsyncDatabase<MySql2QueryResultHKT, R>;
};

/** What `mysql2` calls a connection, over an engine. */
export interface MysqlClient {
  /** Gives the rows, or what was changed, and the columns. */
  readonly query: <T extends QueryResult = QueryResult>(
    query: string | QueryOptions,
    values?: readonly unknown[],
  ) => Promise<[T, FieldPacket[]]>;
}

/** Makes a Drizzle database whose statements and transactions are those of an engine. */
export async function drizzleOverMysql<R extends AnyRelations = EmptyRelations>(
  engine: Engine,
  relations: R,
): Promise<MysqlDatabase<R>> {
  const { rows } = await engine.query<{ version: string }>("select version() as version");
  const isMariaDb = rows[0]?.version.includes("MariaDB") === true;
  const dialect = new (isMariaDb ? MariaDbDialect : MySqlDialect)({ codecs: mysql2Codecs });
  const over = (replica: boolean): MySqlAsyncDatabase<MySql2QueryResultHKT, R> => {
    const session = new EngineSession<R>({
      dialect,
      client: clientOf(engine, replica),
      engine,
      relations,
    });
    const db = new MySqlAsyncDatabase<MySql2QueryResultHKT, R>(dialect, session, relations);
    rememberWriting(db, engine);
    return db;
  };
  return Object.assign(over(false), {
    $client: clientOf(engine, false),
    $engine: engine,
    $replica: over(true),
  });
}

function clientOf(engine: Engine, replica: boolean): MysqlClient {
  const query = async (
    asked: string | QueryOptions,
    given?: readonly unknown[],
  ): Promise<unknown> => {
    if (typeof asked === "string") return (await engine.query(asked, given, { replica })).native;
    const { sql, values = given, rowsAsArray, ...special } = asked;
    const options = { arrays: rowsAsArray === true, special, replica };
    return (await engine.query(sql, values as readonly unknown[], options)).native;
  };
  // What comes back is what `mysql2` gives for the same query.
  return { query: query as MysqlClient["query"] };
}

/** What a session is made of. */
interface Parts<R extends AnyRelations> {
  readonly dialect: MySqlDialect;
  readonly client: MysqlClient;
  readonly engine: Engine;
  readonly relations: R;
}

/** Drizzle's session, as its driver for `mysql2` has it, but for transactions and streams. */
class EngineSession<R extends AnyRelations> extends MySqlAsyncSession<MySql2QueryResultHKT, R> {
  static override readonly [entityKind]: string = "MartletMySqlSession";
  readonly #parts: Parts<R>;

  constructor(parts: Parts<R>) {
    super(parts.dialect);
    this.#parts = parts;
  }

  override prepareQuery<T extends MySqlPreparedQueryConfig>(
    query: Query,
    mode: "arrays" | "objects" | "raw",
    mapper?: (rows: unknown) => unknown,
  ): MySqlAsyncPreparedQuery<T> {
    const { client } = this.#parts;
    const asked = { sql: query.sql, typeCast, rowsAsArray: mode === "arrays" };
    const run = async (values: readonly unknown[] = []): Promise<unknown> => {
      const native = await client.query(asked, values);
      return mode === "raw" && mapper === undefined ? native : native[0];
    };
    return new MySqlAsyncPreparedQuery(
      run,
      undefined,
      query,
      mapper,
      mode,
      logger,
      undefined,
      undefined,
    );
  }

  override transaction<T>(
    work: (tx: MySqlAsyncTransaction<MySql2QueryResultHKT, R>) => Promise<T>,
    config?: MySqlTransactionConfig,
  ): Promise<T> {
    const { engine } = this.#parts;
    const tx = new EngineTransaction<R>(this, this.#parts);
    rememberWriting(tx, engine);
    return engine.transaction(async () => work(tx), optionsOf(config));
  }
}

/** Within a transaction of the engine, which knows by itself how deep it is. */
class EngineTransaction<R extends AnyRelations> extends MySqlAsyncTransaction<
  MySql2QueryResultHKT,
  R
> {
  static override readonly [entityKind]: string = "MartletMySqlTransaction";
  readonly #session: EngineSession<R>;

  constructor(session: EngineSession<R>, { dialect, relations }: Parts<R>) {
    super(dialect, session, relations, 0);
    this.#session = session;
  }

  override transaction<T>(
    work: (tx: MySqlAsyncTransaction<MySql2QueryResultHKT, R>) => Promise<T>,
  ): Promise<T> {
    return this.#session.transaction(work);
  }
}

const logger = new NoopLogger();

/** Drizzle reads times by itself, by the mode of the column. */
const typeCast: Exclude<QueryOptions["typeCast"], undefined> = (field, next) =>
  times.has(field.type) ? field.string() : next();
const times: ReadonlySet<string> = new Set(["TIMESTAMP", "DATETIME", "DATE"]);

function optionsOf(config?: MySqlTransactionConfig): TransactionOptions {
  if (config === undefined) return {};
  const { isolationLevel, accessMode } = config;
  return {
    // Nothing that is not committed is read, whatever is asked for.
    isolation: isolationLevel === "read uncommitted" ? "read committed" : isolationLevel,
    readOnly: accessMode === "read only",
  };
}
