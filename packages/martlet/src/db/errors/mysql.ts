/**
 * The errors of MySQL and MariaDB, by their numbers.
 *
 * @module
 */
import type { DatabaseErrorKind, ForeignError, Reading } from "./reading.ts";

const kinds: Readonly<Record<number, DatabaseErrorKind>> = {
  1062: "unique",
  1586: "unique",
  1216: "reference-missing",
  1452: "reference-missing",
  1217: "still-referenced",
  1451: "still-referenced",
  1048: "not-null",
  1364: "not-null",
  // MySQL's, then MariaDB's.
  3819: "check",
  4025: "check",
  1406: "too-long",
  1264: "out-of-range",
  1690: "out-of-range",
  1292: "invalid-text",
  1366: "invalid-text",
  3140: "invalid-text",
  // MariaDB 11.6 and newer: a row has changed since the snapshot.
  1020: "serialization",
  1213: "deadlock",
  1205: "lock-timeout",
  3572: "lock-timeout",
  1040: "pool-exhausted",
  1203: "pool-exhausted",
  1226: "pool-exhausted",
  1053: "connection-lost",
  1927: "connection-lost",
  2006: "connection-lost",
  2013: "connection-lost",
  1290: "read-only",
  1792: "read-only",
  1836: "read-only",
  1317: "cancelled",
  1969: "statement-timeout",
  3024: "statement-timeout",
  1021: "storage-full",
  1114: "storage-full",
};

/** Reads an error of `mysql2`. System errors have numbers too, but no SQLSTATE. */
export function mysqlError({ errno, sqlState, message }: ForeignError): Reading | undefined {
  if (typeof errno !== "number" || typeof sqlState !== "string") return undefined;
  const kind = kinds[errno];
  if (kind === undefined) return undefined;
  return { kind, ...subject(message) };
}

/** What a message is about; where each kind of it has the names. */
const subjects: readonly RegExp[] = [
  /CONSTRAINT `(?<constraint>[^`]+)` FOREIGN KEY \((?<columns>`[^)]+`)\)/,
  /for key '(?:[^'.]+\.)?(?<constraint>[^']+)'/,
  /Check constraint '(?<constraint>[^']+)'/,
  /CONSTRAINT `(?:[^`.]+\.)?(?<constraint>[^`]+)` failed/,
  /(?:column|field) '(?<columns>[^']+)'/i,
];

function subject(message: string): Pick<Reading, "constraint" | "columns"> {
  for (const each of subjects) {
    const found = each.exec(message)?.groups;
    if (found !== undefined) {
      const columns = found["columns"]?.replaceAll("`", "").split(", ");
      return { constraint: found["constraint"], columns };
    }
  }
  return {};
}
