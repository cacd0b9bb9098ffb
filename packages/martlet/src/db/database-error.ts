/**
 * Database errors: what an error of any driver means, whatever it is wrapped in.
 *
 * @module
 */
import { chainOf } from "./errors/chain.ts";
import { connectionError } from "./errors/connection.ts";
import { mysqlError } from "./errors/mysql.ts";
import { postgresqlError } from "./errors/postgresql.ts";
import type { DatabaseErrorKind, Reading } from "./errors/reading.ts";
import { sqliteError } from "./errors/sqlite.ts";

/** An error of a database. */
export interface DatabaseError extends Reading {
  /** Whether the transaction may be run anew, and can then succeed. */
  readonly isRetryable: boolean;
  /** The error of the driver. It may tell values: do not show it to a client. */
  readonly native: unknown;
}

const readers = [postgresqlError, mysqlError, sqliteError, connectionError] as const;

/**
 * What an error means to a database, or `undefined` when it comes from none: an error of `pg`,
 * `mysql2` or `node:sqlite`, or of the connection to one, also as the `cause` of others or among the
 * `errors` of an `AggregateError`.
 *
 * A lost connection does not say what was at its other end: `ECONNREFUSED` is one, whoever was asked.
 * Ask about what a statement threw.
 *
 * @example
 * ```ts
 * import { databaseError } from "martlet/db";
 *
 * const detail = "Key (email)=(ada@example.com) already exists.";
 * const native = Object.assign(new Error("duplicate key"), { code: "23505", detail });
 * const error = databaseError(new Error("Failed query", { cause: native }));
 * expect(error).toMatchObject({ kind: "unique", columns: ["email"], isRetryable: false });
 * expect(databaseError(new Error("no database"))).toBeUndefined();
 * ```
 */
export function databaseError(error: unknown): DatabaseError | undefined {
  for (const native of chainOf(error)) {
    for (const read of readers) {
      const reading = read(native);
      if (reading === undefined) continue;
      return { ...reading, isRetryable: retryable.has(reading.kind), native };
    }
  }
  return undefined;
}

const retryable: ReadonlySet<DatabaseErrorKind> = new Set(["serialization", "deadlock"]);
