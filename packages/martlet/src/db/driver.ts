/**
 * Drivers: what an engine asks of a database, whichever it is.
 *
 * @module
 */

import type { Origin } from "./watch/origin.ts";

/** The SQL that a database speaks. SQLite's is that of `node:sqlite`, MySQL's that of MariaDB too. */
export type Dialect = "postgresql" | "mysql" | "sqlite";

/** One statement. */
export interface Statement {
  /** SQL with the placeholders of the dialect: `$1`, or `?`. */
  readonly text: string;
  /** What stands for the placeholders. */
  readonly values?: readonly unknown[] | undefined;
  /** The name under which the server keeps the statement prepared, where it can. */
  readonly name?: string | undefined;
  /** Whether rows are arrays of their columns' values. @default false, objects */
  readonly arrays?: boolean | undefined;
  /**
   * After how many milliseconds nobody waits for it any longer, in place of what the driver was
   * opened with; `Infinity` for never. What the server itself is told is another matter.
   */
  readonly timeout?: number | undefined;
  /** What only the driver understands, from the adapter that is written for it. */
  readonly special?: object | undefined;
  /** Where it comes from, if that was looked at. No driver needs to know. */
  readonly origin?: Origin | undefined;
}

/** What a statement gave. */
export interface Result<Row = Record<string, unknown>> {
  readonly rows: readonly Row[];
  /** How many rows were read or changed. */
  readonly rowCount: number;
  /** What the server says that it did, where it says so: `"INSERT"`, `"ROLLBACK"`. */
  readonly command?: string | undefined;
  /** What the driver itself gave. */
  readonly native: unknown;
}

/** A connection that is in use. */
export interface Connection {
  readonly run: (statement: Statement) => Promise<Result>;
  /** Asks the server to give up what runs, and waits until it has been told. Never throws. */
  readonly cancel: () => Promise<void>;
  /** Gives it back, once; `isBroken` ends it, and so does a transaction that was left open. */
  readonly release: (isBroken?: boolean) => void;
}

/** How strictly transactions are kept apart (ISO SQL). */
export type Isolation = "read committed" | "repeatable read" | "serializable";

/** How a transaction begins. */
export interface Beginning {
  /** @default the database's own: read committed with PostgreSQL, repeatable read with MySQL */
  readonly isolation?: Isolation | undefined;
  /** Whether nothing may be written. @default false */
  readonly readOnly?: boolean | undefined;
}

/** How many connections there are. */
export interface PoolState {
  readonly max: number;
  readonly total: number;
  readonly idle: number;
  /** How many wait for one. */
  readonly waiting: number;
}

/** A database with its connections. */
export interface Driver {
  readonly dialect: Dialect;
  /** Whether there is but one connection: who holds it and asks for another would wait for itself. */
  readonly isSingle: boolean;
  /** A connection; throws when there is none in time. */
  readonly connect: () => Promise<Connection>;
  /** The statements that begin a transaction. */
  readonly begin: (beginning: Beginning) => readonly string[];
  readonly state: () => PoolState;
  /** Waits a limited time for what runs, then ends all connections. Closing again does nothing. */
  readonly close: () => Promise<void>;
}
