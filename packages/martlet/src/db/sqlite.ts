/**
 * SQLite, through `node:sqlite`.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Connections } from "./connections.ts";
import type { Beginning, Connection, Driver, Result, Statement } from "./driver.ts";
import { toldOf } from "./errors/sqlite.ts";
import { TransactionUndone } from "./own-errors.ts";
import { loadSqlite } from "./packages.ts";
import type { PoolSettings } from "./pool.ts";
import { bound, type Cell, placesIn, restOf, unbound } from "./sqlite-values.ts";

/** Opens the database in a file, or one in memory, which ends with its one connection. */
export async function openSqlite(
  file: string | undefined,
  settings: PoolSettings,
): Promise<Driver> {
  const { connectTimeout = 5000, maxWaiting = 1000 } = settings.pool;
  const connections = new Connections<File>(
    {
      open: async () => openFile(file, connectTimeout),
      end: (open) => open.end(),
    },
    { max: 1, connectTimeout, maxWaiting, idleTimeout: 0 },
  );
  const driver: Driver = {
    dialect: "sqlite",
    isSingle: true,
    connect: async () => connectionOf(await connections.take(), connections),
    begin,
    state: () => connections.state(),
    close: () => connections.close(),
  };
  const connection = await driver.connect();
  connection.release();
  return driver;
}

/**
 * A writer says so at once, for one that has read first cannot wait for another: SQLite has to
 * refuse it. Isolation is as strict as can be, whatever is asked for.
 */
function begin({ readOnly }: Beginning): readonly string[] {
  return readOnly === true ? [readingOnly, "begin"] : ["begin immediate"];
}

const readingOnly = "pragma query_only = on";

function connectionOf(file: File, connections: Connections<File>): Connection {
  let isReleased = false;
  return {
    run: (statement) => file.run(statement),
    // It runs in this thread: while there is something to give up, nobody can ask.
    cancel: () => Promise.resolve(),
    release: () => {
      if (isReleased) return;
      isReleased = true;
      file.leave();
      connections.give(file, false);
    },
  };
}

function openFile(path: string | undefined, busyTimeout: number): File {
  const { DatabaseSync } = loadSqlite();
  let database: DatabaseSync | undefined;
  try {
    if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path ?? ":memory:");
    database.exec(
      // Waiting is left to SQLite here only, for it blocks the event loop.
      `pragma busy_timeout = ${busyTimeout}; pragma journal_mode = wal; pragma synchronous = normal;
      pragma foreign_keys = on; pragma busy_timeout = 0`,
    );
    return new File(database, busyTimeout);
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    const shown = path ?? "in memory";
    throw new Error(`The database ${shown} cannot be opened: ${reason}`, { cause: error });
  }
}

/** How many statements are kept prepared. */
const kept = 200;

/** `select *`, `returning *`, and no `count(*)`. */
const everyColumn = /[^(]\*/;

/** Another process writes. */
const busy = 5;

interface Prepared {
  readonly statement: StatementSync;
  /** Whether it gives rows, and is not only run for its effect. */
  readonly hasRows: boolean;
  /** How many values it takes, if that is known. */
  readonly places: number | undefined;
}

/** A file that is open. */
class File {
  readonly #database: DatabaseSync;
  readonly #busyTimeout: number;
  /** By their text; the one that was used last is the last. */
  readonly #prepared = new Map<string, Prepared>();
  #isReadingOnly = false;
  /** Why SQLite has rolled the transaction back by itself. */
  #undone: unknown;

  constructor(database: DatabaseSync, busyTimeout: number) {
    this.#database = database;
    this.#busyTimeout = busyTimeout;
  }

  /** Runs a statement; outside of a transaction, waits for other processes that write. */
  async run(statement: Statement): Promise<Result> {
    if (this.#undone !== undefined) return this.#afterUndoing(statement);
    const end = performance.now() + this.#busyTimeout;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      const isInside = this.#database.isTransaction;
      try {
        return this.#run(statement);
      } catch (error) {
        if (isInside && !this.#database.isTransaction) this.#undone = error;
        if (isInside || !isBusy(error) || performance.now() > end) {
          throw toldOf(error, statement.text);
        }
      }
      await sleep(pause);
    }
  }

  /** What follows would each be by itself. */
  #afterUndoing({ text }: Statement): Result {
    if (text !== "rollback") throw new TransactionUndone(this.#undone);
    this.#undone = undefined;
    return { rows: [], rowCount: 0, native: undefined };
  }

  /** Leaves nothing of a transaction to who comes next. */
  leave(): void {
    if (!this.#database.isOpen) return;
    if (this.#database.isTransaction) this.#database.exec("rollback");
    if (this.#isReadingOnly) this.#database.exec("pragma query_only = off");
    this.#isReadingOnly = false;
    this.#undone = undefined;
  }

  end(): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #run({ text, values = [], arrays = false }: Statement): Result {
    if (text === readingOnly) this.#isReadingOnly = true;
    const prepared = this.#prepare(text, values.length);
    if (prepared === undefined) {
      this.#database.exec(text);
      return { rows: [], rowCount: 0, native: undefined };
    }
    const { statement, hasRows, places = values.length } = prepared;
    // SQLite would take null for what is missing.
    if (places !== values.length) {
      throw new Error(`The statement takes ${places} values, and was given ${values.length}`);
    }
    const cells = values.map(bound);
    if (!hasRows) {
      const { changes, lastInsertRowid } = statement.run(...cells);
      const native = { changes: Number(changes), lastInsertRowid: unbound(lastInsertRowid) };
      return { rows: [], rowCount: native.changes, native };
    }
    statement.setReturnArrays(arrays);
    const found: readonly unknown[] = statement.all(...cells);
    const rows = found.map((row) => (arrays ? (row as Cell[]).map(unbound) : objectOf(row)));
    // Who asks for arrays expects them.
    return { rows: rows as unknown as Result["rows"], rowCount: rows.length, native: undefined };
  }

  /** Nothing where there are several statements, of which SQLite would prepare the first. */
  #prepare(text: string, values: number): Prepared | undefined {
    const known = this.#prepared.get(text);
    if (known !== undefined) {
      this.#prepared.delete(text);
      this.#prepared.set(text, known);
      return known;
    }
    const statement = this.#database.prepare(text);
    if (restOf(text, statement.sourceSQL) !== "") {
      if (values === 0) return undefined;
      throw new Error("Several statements in one cannot have values");
    }
    statement.setReadBigInts(true);
    const hasRows = statement.columns().length > 0;
    const prepared = { statement, hasRows, places: placesIn(text) };
    // Before Node 24, it would keep the columns that a table has had.
    if (everyColumn.test(text)) return prepared;
    this.#prepared.set(text, prepared);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > kept && oldest !== undefined) this.#prepared.delete(oldest);
    return prepared;
  }
}

function objectOf(row: unknown): Record<string, unknown> {
  // One of SQLite's rows, which have no prototype.
  const object = { ...(row as Record<string, Cell>) };
  for (const [name, cell] of Object.entries(object)) object[name] = unbound(cell);
  return object;
}

/** The low byte is the class of an extended result code. */
function isBusy(error: unknown): boolean {
  const code = (error as { readonly errcode?: unknown }).errcode;
  return typeof code === "number" && (code & 0xff) === busy;
}
