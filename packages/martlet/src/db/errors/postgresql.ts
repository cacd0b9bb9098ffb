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
  // The condition of a view.
  "44000": "check",
  "22001": "too-long",
  "22026": "too-long",
  "22003": "out-of-range",
  // A date or time that there is not.
  "22008": "out-of-range",
  "22007": "invalid-text",
  "22P02": "invalid-text",
  "22P03": "invalid-text",
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
  const { code, detail, constraint, table, column, severity } = error;
  // Errors of other kinds have codes of five letters too; a server's tells how severe it is.
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return undefined;
  const kind = kindOf(code, error);
  if (kind === undefined || (severity === undefined && !/^(?:\d\d|XX)/.test(code)))
    return undefined;
  return {
    kind,
    constraint: textOf(constraint),
    columns: typeof column === "string" ? [column] : columnsOf(code, detail),
    table: textOf(table),
  };
}

function kindOf(code: string, error: ForeignError): DatabaseErrorKind | undefined {
  const { message, severity } = error;
  if (code === "23503") return isStillReferenced(error) ? "still-referenced" : "reference-missing";
  // The one code for a time limit, a lock that took too long and a request to cancel.
  if (code === "57014") return /timeout/.test(message) ? "statement-timeout" : "cancelled";
  // A query with a value too many breaks the protocol; what ends a connection is no such mistake.
  if (code === "08P01" && severity === "ERROR") return undefined;
  // PgBouncer had no connection to spare.
  if (code === "08P01" && message === "query_wait_timeout") return "pool-exhausted";
  // The server stops, starts, or ends the connection.
  if (/^(?:08|57P0[1-5])/.test(code)) return "connection-lost";
  return kinds[code];
}

/**
 * Whether others refer to the row. The message says so, and has no values in it as the detail has: in
 * English, or by how many names are in quotes, two tables and the constraint.
 */
function isStillReferenced({ message }: ForeignError): boolean {
  if (message.startsWith("insert or update on table")) return false;
  if (message.startsWith("update or delete on table")) return true;
  return (message.match(/["„“”«»]/g) ?? []).length > 4;
}

/** What the names of a key's columns look like in a detail; one with a value in it looks like anything. */
const keys: Readonly<Record<string, "quoted" | "plain">> = {
  "23505": "quoted",
  "23P01": "quoted",
  "23503": "plain",
  "23001": "plain",
};

/** One column, in double quotes where it would be read otherwise. */
const column = /"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/gu;
const columnList = new RegExp(`^(?:${column.source})(?:, (?:${column.source}))*$`, "u");

/**
 * The columns of a key are told in the detail alone: `Key (org, email)=(1, a@b.example) already
 * exists.` Those of an index on an expression are none.
 */
function columnsOf(code: string, detail: unknown): readonly string[] | undefined {
  const look = keys[code];
  const key = /\((?<columns>.+?)\)=\(/s.exec(String(detail))?.groups?.["columns"];
  if (key === undefined || look === undefined) return undefined;
  if (look === "plain") return key.split(", ");
  return columnList.test(key) ? key.match(column)?.map(unquoted) : undefined;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
