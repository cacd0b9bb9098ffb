/**
 * What is migrated, and the one connection that it is done on.
 *
 * @module
 */
import type { Connection, Dialect } from "../driver.ts";

/** A database that can be migrated: an engine, or a driver without one. */
export interface MigrationTarget {
  readonly dialect: Dialect;
  /** A connection of its own, outside of every transaction. */
  readonly connect: () => Promise<Connection>;
}

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A connection, and what is spoken on it. */
export interface Line {
  readonly dialect: Dialect;
  /** Runs a statement with the placeholders of the dialect. */
  readonly run: (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
}

/** How a connection is used. */
export interface LineOptions {
  /** How long, in milliseconds, a statement waits for a lock on a table. @default 5000 */
  readonly lockTimeout?: number | undefined;
  /** Gives up: the statement that runs is cancelled, and none comes after it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work on one connection. It may take as long as it needs, but waits only a little for a lock:
 * whoever comes after a waiting `alter table` has to wait too, with all the requests of the application.
 */
export async function onLine<T>(
  target: MigrationTarget,
  options: LineOptions,
  work: (line: Line) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const connection = await target.connect();
  const cancel = (): void => void connection.cancel();
  options.signal?.addEventListener("abort", cancel);
  let isBroken = true;
  try {
    const line = lineOf(target.dialect, connection);
    const restore = await limit(line, options.lockTimeout ?? 5000);
    try {
      return await work(line);
    } finally {
      isBroken = await restore(connection);
    }
  } finally {
    options.signal?.removeEventListener("abort", cancel);
    connection.release(isBroken);
  }
}

function lineOf(dialect: Dialect, connection: Connection): Line {
  const run: Line["run"] = async (text, values) =>
    (await connection.run({ text, values, timeout: Infinity })).rows;
  return { dialect, run };
}

/** Puts the limits back, and says whether that failed. */
type Restore = (connection: Connection) => Promise<boolean>;

function limit(line: Line, lockTimeout: number): Promise<Restore> {
  switch (line.dialect) {
    case "postgresql":
      return limitPostgres(line, lockTimeout);
    case "mysql":
      return limitMysql(line, lockTimeout);
    case "sqlite":
      // It has no locks on tables, and its driver waits for other processes.
      return Promise.resolve(() => Promise.resolve(false));
  }
}

async function limitPostgres(line: Line, lockTimeout: number): Promise<Restore> {
  const names = ["lock_timeout", "statement_timeout"];
  const found = await line.run(
    `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`,
  );
  await line.run("select set_config('lock_timeout', $1, false)", [`${lockTimeout}ms`]);
  await line.run("set statement_timeout = 0");
  const isWatched = await watchClient(line);
  const restore = names.map((name) => ({
    text: "select set_config($1, $2, false)",
    values: [name, found[0]?.[name]],
  }));
  const unwatch = { text: "reset client_connection_check_interval" };
  return restoring(isWatched ? [...restore, unwatch] : restore);
}

/**
 * Lets a statement end soon when its process has been killed, with the locks that it holds, where
 * the server can look: since PostgreSQL 14, and not on every system.
 */
async function watchClient(line: Line): Promise<boolean> {
  try {
    await line.run("set client_connection_check_interval = '2s'");
    return true;
  } catch {
    return false;
  }
}

async function limitMysql(line: Line, lockTimeout: number): Promise<Restore> {
  const [version] = await line.run("select version() as version");
  const isMaria = String(version?.["version"]).includes("MariaDB");
  const statementTimeout = isMaria ? "max_statement_time" : "max_execution_time";
  const names = ["lock_wait_timeout", statementTimeout];
  const found = await line.run(
    `select ${names.map((name) => `@@session.${name} as ${name}`).join(", ")}`,
  );
  // In seconds, and at least one.
  await line.run(`set session lock_wait_timeout = ${Math.max(1, Math.round(lockTimeout / 1000))}`);
  await line.run(`set session ${statementTimeout} = 0`);
  return restoring(
    names.map((name) => ({ text: `set session ${name} = ${Number(found[0]?.[name])}` })),
  );
}

function restoring(
  statements: readonly { readonly text: string; readonly values?: readonly unknown[] }[],
): Restore {
  return async (connection) => {
    try {
      for (const each of statements) await connection.run(each);
      return false;
    } catch {
      return true;
    }
  };
}
