/**
 * The errors of PostgreSQL, by their SQLSTATE (PostgreSQL documentation, appendix A).
 *
 * @module
 */
import type { DatabaseErrorKind, ForeignError, Reading } from "./reading.ts";

const kinds: Readonly<Record<string, DatabaseErrorKind>> = {
  "23505": "unique",
  // An exclusion constraint: two rows may not be there together.
  "23P01": "unique",
  // RESTRICT, since PostgreSQL 18.
  "23001": "still-referenced",
  "23502": "not-null",
  "23514": "check",
  "22001": "too-long",
  "22003": "out-of-range",
  // A date or time that there is not.
  "22008": "out-of-range",
  "22007": "invalid-text",
  "22P02": "invalid-text",
  // U+0000 and lone surrogates in a text, and in JSON.
  "22021": "invalid-text",
  "22P05": "invalid-text",
  "40001": "serialization",
  "40P01": "deadlock",
  "55P03": "lock-timeout",
  "53300": "pool-exhausted",
  "53100": "storage-full",
  "25006": "read-only",
  // A transaction that did nothing for too long, or took too long.
  "25P03": "statement-timeout",
  "25P04": "statement-timeout",
};

/** Reads an error of `pg`, or of PGlite. */
export function postgresqlError(error: ForeignError): Reading | undefined {
  const { code, detail = "", constraint, table, column, severity } = error;
  // Errors of other kinds have codes of five letters too; a server's tells how severe it is.
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return undefined;
  const kind = kindOf(code, String(detail), error.message);
  if (kind === undefined || (severity === undefined && !/^(?:\d\d|XX)/.test(code)))
    return undefined;
  return {
    kind,
    constraint: textOf(constraint),
    columns: columnsOf(String(detail)) ?? (typeof column === "string" ? [column] : undefined),
    table: textOf(table),
  };
}

function kindOf(code: string, detail: string, message: string): DatabaseErrorKind | undefined {
  if (code === "23503") {
    return detail.includes("still referenced") ? "still-referenced" : "reference-missing";
  }
  // The one code for a time limit, a lock that took too long and a request to cancel.
  if (code === "57014") return /timeout/.test(message) ? "statement-timeout" : "cancelled";
  // The server stops, starts, or ends the connection.
  if (/^(?:08|57P0[1-5])/.test(code)) return "connection-lost";
  return kinds[code];
}

/** The columns are told in the detail alone: `Key (email)=(a@b.example) already exists.` */
function columnsOf(detail: string): readonly string[] | undefined {
  const columns = /^Key \((?<columns>.+?)\)=\(/.exec(detail)?.groups?.["columns"];
  return columns?.split(", ");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
