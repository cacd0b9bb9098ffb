/**
 * Sessions of MySQL and MariaDB: connections of `mysql2` that know what became of them.
 *
 * @module
 */
import type {
  Connection as Native,
  FieldPacket,
  QueryOptions,
  QueryResult,
  QueryValues,
  ResultSetHeader,
} from "mysql2/promise";
import type { Result, Statement } from "./driver.ts";
import { TransactionUndone } from "./own-errors.ts";
import { within } from "./pool.ts";

/** The server, as a session needs it. */
export interface Server {
  readonly connect: () => Promise<Native>;
  /** After how many milliseconds a statement is given up; 0 for never. */
  readonly statementTimeout: number;
}

/** How long, after the server should have given up, it is believed to be there at all. */
const grace = 1000;

/** How long the server may take to hear that a statement is not wanted any longer. */
const cancelTimeout = 2000;

/** Opens a connection and makes the session on it alike on every server. */
export async function openSession(
  server: Server,
  lost: (session: Session, error: Error) => void,
): Promise<Session> {
  const native = await server.connect();
  const session = new Session(native, server);
  // An `error` event without a listener ends the process.
  native.on("error", (error: Error) => lost(session, error));
  try {
    const { rows } = await session.run({ text: "select version() as version" });
    const isMariaDb = String(rows[0]?.["version"]).includes("MariaDB");
    await session.run({ text: setUp(isMariaDb, server.statementTimeout) });
    return session;
  } catch (error) {
    session.end(true);
    throw error;
  }
}

/**
 * What makes every server alike. Strict, for otherwise values are cut to fit; without
 * `NO_BACKSLASH_ESCAPES`, on which the escaping of values rests; in UTC, as the driver reads times.
 */
function setUp(isMariaDb: boolean, milliseconds: number): string {
  const strict =
    "STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";
  const settings = [
    `sql_mode = concat(replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',${strict}')`,
    "time_zone = '+00:00'",
    // Where JSON is cut off when it is gathered from rows, 1 MiB with MariaDB: as far as it goes.
    "group_concat_max_len = 1073741824",
  ];
  if (isMariaDb) {
    settings.push(`max_statement_time = ${milliseconds / 1000}`);
  } else {
    settings.push(`max_execution_time = ${milliseconds}`);
    // That was for SELECT only. Others mostly wait for a lock.
    const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
    if (milliseconds > 0) {
      settings.push(`innodb_lock_wait_timeout = least(@@innodb_lock_wait_timeout, ${seconds})`);
    }
  }
  return `set session ${settings.join(", session ")}`;
}

/** Flags of the protocol's `SERVER_STATUS`. */
const inTransaction = 1;
const autocommit = 2;

/** The server is ending, or has ended the connection. */
const farewells: ReadonlySet<unknown> = new Set([1053, 1927, 2006, 2013, 4031]);
const interrupted = 1317;
/** The server has rolled the whole transaction back: a deadlock, or a snapshot that is too old. */
const undoing: ReadonlySet<unknown> = new Set([1213, 1020]);

const implicitCommit =
  "The statement has committed the transaction that it was part of, as DDL does with MySQL: run it outside of one";

/** A connection of the driver, and what became of it. */
export class Session {
  readonly #native: Native;
  readonly #server: Server;
  /** Rejects what runs, for the driver does not when the connection is destroyed. */
  readonly #running = new Set<(error: Error) => void>();
  #status = autocommit;
  #isBroken = false;
  /** Whether a cancellation is under way that may yet hit the next statement. */
  #isDoubtful = false;
  /** Why the server has rolled the transaction back by itself. */
  #undone: unknown;

  constructor(native: Native, server: Server) {
    this.#native = native;
    this.#server = server;
  }

  /** Whether the next one may use it: it works, and is outside of a transaction. */
  get isClean(): boolean {
    return !this.#isBroken && !this.#isDoubtful && this.#status === autocommit;
  }

  get #isInside(): boolean {
    return (this.#status & inTransaction) !== 0;
  }

  async run({ text, values, arrays = false, timeout, special }: Statement): Promise<Result> {
    const options = { sql: text, rowsAsArray: arrays, ...special };
    const isEnd = /^\s*(?:commit|rollback)\b/i.test(text);
    if (this.#undone !== undefined && !/^\s*rollback\s*$/i.test(text)) {
      throw new TransactionUndone(this.#undone);
    }
    try {
      const wasInside = this.#isInside;
      const result = this.#read(await this.#query(options, values?.map(written), timeout));
      if (wasInside && !this.#isInside && !isEnd) throw new Error(implicitCommit);
      return result;
    } catch (error) {
      this.#judge(error);
      throw error;
    }
  }

  /** Asks over another connection, for this one is in use. */
  async cancel(): Promise<void> {
    this.#isDoubtful = true;
    await within(this.#kill(), cancelTimeout).catch(() => false);
  }

  async #kill(): Promise<void> {
    const other = await this.#server.connect();
    other.on("error", () => undefined);
    try {
      await other.query(`kill query ${this.#native.threadId}`);
    } finally {
      other.destroy();
    }
  }

  end(isAtOnce: boolean): void {
    this.#isBroken = true;
    if (!isAtOnce) void this.#native.end().catch(() => undefined);
    else this.#destroy(new Error("Connection terminated"));
  }

  #destroy(error: Error): void {
    this.#isBroken = true;
    this.#native.destroy();
    for (const reject of this.#running) reject(error);
  }

  async #query(
    options: QueryOptions,
    values: QueryValues,
    timeout: number | undefined,
  ): Promise<Answer> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = this.#timer(timeout);
    this.#running.add(reject);
    try {
      return await Promise.race([this.#native.query(options, values), promise]);
    } finally {
      this.#running.delete(reject);
      clearTimeout(timer);
    }
  }

  /** For a server that does not answer, or that knows no limit for the statement. */
  #timer(timeout: number | undefined): NodeJS.Timeout | undefined {
    const { statementTimeout } = this.#server;
    const limit = timeout ?? (statementTimeout === 0 ? Infinity : statementTimeout + grace);
    if (limit === Infinity) return undefined;
    const giveUp = (): void => {
      void this.cancel();
      const error = new Error("The database has not answered in time");
      this.#destroy(Object.assign(error, { code: "ETIMEDOUT" }));
    };
    return setTimeout(giveUp, limit);
  }

  #read(native: Answer): Result {
    const [found, fields] = native;
    const sets: readonly unknown[] = isSeveral(fields) ? (found as unknown[]) : [found];
    const header = sets.findLast(isHeader);
    if (header !== undefined) this.#status = header.serverStatus & (inTransaction | autocommit);
    if (header !== undefined && !this.#isInside) this.#undone = undefined;
    const rows = sets.find((set) => Array.isArray(set)) as Result["rows"] | undefined;
    return { rows: rows ?? [], rowCount: rows?.length ?? header?.affectedRows ?? 0, native };
  }

  #judge(error: unknown): void {
    const { errno, fatal } = error as { readonly errno?: unknown; readonly fatal?: unknown };
    // It holds the values too.
    if (error instanceof Error && "sql" in error) delete error.sql;
    if (fatal === true || farewells.has(errno)) this.#isBroken = true;
    if (errno === interrupted) this.#isDoubtful = false;
    if (undoing.has(errno) && this.#isInside) this.#undone = error;
  }
}

/** What the driver gives. */
type Answer = [QueryResult, FieldPacket[]];

/** Whether there are several answers, as a procedure gives: fields of each, none for the last. */
function isSeveral(fields: unknown): boolean {
  return Array.isArray(fields) && fields.some((of) => of === undefined || Array.isArray(of));
}

function isHeader(value: unknown): value is ResultSetHeader {
  return typeof value === "object" && value !== null && "serverStatus" in value;
}

/**
 * A value as one value. The driver would write an object as a list of comparisons, which turns
 * `where token = ?` into something that is always true; here it is JSON.
 */
function written(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date || Buffer.isBuffer(value)) return value;
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return JSON.stringify(value);
}
