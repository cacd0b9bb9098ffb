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
  /** The name of the book, which stays right when a migration sets another `search_path`. */
  readonly book: string;
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

/** The name of the table that says what has been applied. */
export const table = "martlet_migrations";

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
  let isClean = false;
  try {
    const line = await prepared(target.dialect, connection, options.lockTimeout ?? 5000);
    try {
      return await work(line);
    } finally {
      isClean = await isRestored(line);
    }
  } finally {
    options.signal?.removeEventListener("abort", cancel);
    connection.release(!isClean);
  }
}

/** Opens the line, with the limits of migrations. */
async function prepared(
  dialect: Dialect,
  connection: Connection,
  lockTimeout: number,
): Promise<Line> {
  const run: Line["run"] = async (text, values) =>
    (await connection.run({ text, values, timeout: Infinity })).rows;
  switch (dialect) {
    case "postgresql":
      return { dialect, run, book: await preparePostgres(run, lockTimeout) };
    case "mysql":
      await prepareMysql(run, lockTimeout);
      return { dialect, run, book: table };
    case "sqlite":
      // It has no locks on tables, and its driver waits for other processes.
      return { dialect, run, book: table };
  }
}

async function preparePostgres(run: Line["run"], lockTimeout: number): Promise<string> {
  await run("select set_config('lock_timeout', $1, false)", [`${lockTimeout}ms`]);
  await run("set statement_timeout = 0");
  // The server looks whether a process is still there, so that the locks of one that was killed are
  // not held for as long as its statement takes. Since PostgreSQL 14, and not on every system.
  await run("set client_connection_check_interval = '2s'").catch(() => undefined);
  const [found] = await run(
    `select format('%I.%I', coalesce(
       (select nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid = to_regclass('${table}')),
       current_schema()
     ), '${table}') as book`,
  );
  // A text, for it is one that is asked for.
  return (found?.["book"] as string | undefined) ?? table;
}

async function prepareMysql(run: Line["run"], lockTimeout: number): Promise<void> {
  const [version] = await run("select version() as version");
  const isMaria = String(version?.["version"]).includes("MariaDB");
  // In seconds, and at least one.
  await run(`set session lock_wait_timeout = ${Math.max(1, Math.round(lockTimeout / 1000))}`);
  await run(`set session ${isMaria ? "max_statement_time" : "max_execution_time"} = 0`);
}

/** Puts back what was set, by migrations too, or gives up a connection that cannot be trusted. */
async function isRestored({ dialect, run }: Line): Promise<boolean> {
  if (dialect !== "postgresql") return dialect === "sqlite";
  try {
    await run("reset all");
    await run("reset role");
    return true;
  } catch {
    return false;
  }
}
