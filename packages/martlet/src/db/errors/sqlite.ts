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
  // It does not tell a row that is missing from one that is still referred to, but what was run does.
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

/** Whether a row was to be deleted when an error came. */
const deletes = Symbol.for("martlet.deletes");

/** Adds to an error what its statement tells beyond it, and gives it back. */
export function toldOf(error: unknown, statement: string): unknown {
  if (error instanceof Error && /^\s*delete\b/i.test(statement)) {
    Object.defineProperty(error, deletes, { value: true, configurable: true });
  }
  return error;
}

/** Reads an error of `node:sqlite`. */
export function sqliteError(error: ForeignError): Reading | undefined {
  const { code, errcode, message } = error;
  if (code !== "ERR_SQLITE_ERROR" || typeof errcode !== "number") return undefined;
  const kind = kindOf(errcode, error);
  if (kind === undefined) return undefined;
  return { kind, ...subject(kind, message) };
}

function kindOf(
  errcode: number,
  error: ForeignError & { readonly [deletes]?: true },
): DatabaseErrorKind | undefined {
  // A trigger that refuses: one of the application's, or that which SQLite makes of `restrict`.
  if (errcode === 1811) {
    return error.message.startsWith("FOREIGN KEY") ? "still-referenced" : undefined;
  }
  if (errcode === 787 && error[deletes] === true) return "still-referenced";
  return extended[errcode] ?? primary[errcode % 256];
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
  // They stand as they are: with a dot in one, nobody knows where it ends.
  if (names.some((each) => each.length !== 2)) return {};
  return { columns: names.map((each) => each.at(-1) ?? ""), table: names[0]?.[0] };
}
