/**
 * The errors of SQLite, by their extended result codes (sqlite.org/rescode.html).
 *
 * @module
 */
import type { DatabaseErrorKind, ForeignError, Reading } from "./reading.ts";

const extended: Readonly<Record<number, DatabaseErrorKind>> = {
  2067: "unique",
  1555: "unique",
  2579: "unique",
  // It does not tell a row that is missing from one that is still referred to.
  787: "reference-missing",
  1299: "not-null",
  275: "check",
  3091: "invalid-text",
};

/** By the low byte of the code. */
const primary: Readonly<Record<number, DatabaseErrorKind>> = {
  5: "serialization",
  6: "serialization",
  8: "read-only",
  9: "cancelled",
  13: "storage-full",
  18: "too-long",
  20: "invalid-text",
};

/** Reads an error of `node:sqlite`. */
export function sqliteError({ code, errcode, message }: ForeignError): Reading | undefined {
  if (code !== "ERR_SQLITE_ERROR" || typeof errcode !== "number") return undefined;
  const kind = extended[errcode] ?? primary[errcode % 256];
  if (kind === undefined) return undefined;
  return { kind, ...subject(message) };
}

/** `UNIQUE constraint failed: users.email, users.name`, `CHECK constraint failed: positive` */
function subject(message: string): Pick<Reading, "constraint" | "columns" | "table"> {
  const failed = /constraint failed: (?<what>.+)$/.exec(message)?.groups?.["what"];
  if (failed === undefined) return {};
  const index = /^index '(?<index>[^']+)'$/.exec(failed)?.groups?.["index"];
  if (index !== undefined || !failed.includes(".")) return { constraint: index ?? failed };
  const names = failed.split(", ").map((each) => each.split("."));
  return { columns: names.map((each) => each.at(-1) ?? ""), table: names[0]?.[0] };
}
