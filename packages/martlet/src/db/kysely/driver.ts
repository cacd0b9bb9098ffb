/**
 * Kysely's driver over an engine.
 *
 * @module
 */
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect as KyselyDialect,
  Driver,
  QueryResult,
} from "kysely";
import type * as kysely from "kysely";
import type { Dialect, Result } from "../driver.ts";
import type { Engine } from "../engine.ts";

/** What a driver does when Kysely wants to begin or end a transaction. */
export interface DriverOptions {
  /** Whether the engine has begun it already. */
  readonly isInTransaction: boolean;
}

/** How Kysely speaks to an engine: its own SQL, and a driver of ours. */
export function dialectOver(
  engine: Engine,
  package_: typeof kysely,
  options: DriverOptions,
): KyselyDialect {
  return { ...speech(engine.dialect, package_), createDriver: () => driverOver(engine, options) };
}

/** All of a dialect but its driver. */
function speech(dialect: Dialect, of: typeof kysely): Omit<KyselyDialect, "createDriver"> {
  switch (dialect) {
    case "postgresql":
      return {
        createAdapter: () => new of.PostgresAdapter(),
        createQueryCompiler: () => new of.PostgresQueryCompiler(),
        createIntrospector: (db) => new of.PostgresIntrospector(db),
      };
    case "mysql":
      return {
        createAdapter: () => new of.MysqlAdapter(),
        createQueryCompiler: () => new of.MysqlQueryCompiler(),
        createIntrospector: (db) => new of.MysqlIntrospector(db),
      };
    case "sqlite":
      return {
        createAdapter: () => sharedAdapter(of),
        createQueryCompiler: () => new of.SqliteQueryCompiler(),
        createIntrospector: (db) => new of.SqliteIntrospector(db),
      };
  }
}

/** It is the engine that lets one wait for the other; Kysely would wait for itself inside of a transaction. */
function sharedAdapter({ SqliteAdapter }: typeof kysely): kysely.SqliteAdapter {
  class SharedSqliteAdapter extends SqliteAdapter {
    override get supportsMultipleConnections(): boolean {
      return true;
    }
  }
  return new SharedSqliteAdapter();
}

function driverOver(engine: Engine, { isInTransaction }: DriverOptions): Driver {
  const connection = connectionOver(engine);
  const step = isInTransaction ? nothing : refuse;
  return {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    releaseConnection: nothing,
    beginTransaction: step,
    commitTransaction: step,
    rollbackTransaction: step,
    // The engine is the application's, which closes it.
    destroy: nothing,
  };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

function refuse(): Promise<void> {
  return Promise.reject(new Error("Begin a transaction with transaction().execute()"));
}

/** What Kysely takes for a connection: each statement goes where the engine wants it. */
function connectionOver(engine: Engine): DatabaseConnection {
  return {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
      const result = await engine.query<Row>(sql, parameters);
      return { ...changes(engine.dialect, result), rows: [...result.rows] };
    },
    streamQuery: () => {
      throw new Error("Rows come all at once: read them in pages instead of with stream()");
    },
  };
}

type Changes = Omit<QueryResult<unknown>, "rows">;

function changes(dialect: Dialect, { command, rowCount, native }: Result<unknown>): Changes {
  switch (dialect) {
    case "postgresql":
      return /^(?:insert|update|delete|merge)$/i.test(command ?? "")
        ? { numAffectedRows: BigInt(rowCount) }
        : {};
    case "mysql":
      return mysqlChanges(native as readonly unknown[]);
    case "sqlite":
      return sqliteChanges(native as SqliteChanges | undefined);
  }
}

/** What MySQL says of a statement that gives no rows. */
interface MysqlHeader {
  readonly affectedRows: number;
  readonly changedRows?: number;
  readonly insertId: number | string;
}

function mysqlChanges([found]: readonly unknown[]): Changes {
  if (typeof found !== "object" || found === null || !("affectedRows" in found)) return {};
  const { affectedRows, changedRows, insertId } = found as MysqlHeader;
  return {
    numAffectedRows: BigInt(affectedRows),
    ...(changedRows !== undefined && { numChangedRows: BigInt(changedRows) }),
    ...(String(insertId) !== "0" && { insertId: BigInt(insertId) }),
  };
}

interface SqliteChanges {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

function sqliteChanges(native: SqliteChanges | undefined): Changes {
  if (native === undefined) return {};
  const { changes, lastInsertRowid } = native;
  return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}
