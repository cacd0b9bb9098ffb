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
  // Others have written since this transaction began to read.
  517: "serialization",
};

/** By the low byte of the code. */
const primary: Readonly<Record<number, DatabaseErrorKind>> = {
  5: "lock-timeout",
  6: "lock-timeout",
  8: "read-only",
  9: "cancelled",
  13: "storage-full",
  18: "too-long",
  20: "invalid-text",
};

/** Reads an error of `node:sqlite`. */
export function sqliteError({ code, errcode, message }: ForeignError): Reading | undefined {
  if (code !== "ERR_SQLITE_ERROR" || typeof errcode !== "number") return undefined;
  // A trigger that refuses: one of the application's, or that which SQLite makes of `restrict`.
  if (errcode === 1811) {
    return message.startsWith("FOREIGN KEY") ? { kind: "still-referenced" } : undefined;
  }
  const kind = extended[errcode] ?? primary[errcode % 256];
  if (kind === undefined) return undefined;
  return { kind, ...subject(kind, message) };
}

/**
 * `UNIQUE constraint failed: users.email, users.name`, `UNIQUE constraint failed: index 'lower_email'`,
 * and `CHECK constraint failed: age > 17`, which is the condition where the constraint has no name.
 */
function subject(kind: DatabaseErrorKind, message: string): Omit<Reading, "kind"> {
  const failed = / constraint failed: (?<what>.+)$/s.exec(message)?.groups?.["what"];
  if (failed === undefined) return {};
  if (kind === "check") return { constraint: failed };
  const index = /^index '(?<index>.+)'$/s.exec(failed)?.groups?.["index"];
  if (index !== undefined) return { constraint: index };
  const names = failed.split(", ").map((each) => each.split("."));
  return { columns: names.map((each) => each.at(-1) ?? ""), table: names[0]?.[0] };
}
