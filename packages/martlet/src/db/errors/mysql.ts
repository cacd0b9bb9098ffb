/**
 * The errors of MySQL and MariaDB, by their numbers.
 *
 * @module
 */
import type { DatabaseErrorKind, ForeignError, Reading } from "./reading.ts";

const kinds: Readonly<Record<number, DatabaseErrorKind>> = {
  1022: "unique",
  1062: "unique",
  1586: "unique",
  1859: "unique",
  1216: "reference-missing",
  1452: "reference-missing",
  1217: "still-referenced",
  1451: "still-referenced",
  1048: "not-null",
  1364: "not-null",
  // A view's, then MySQL's, then MariaDB's.
  1369: "check",
  3819: "check",
  4025: "check",
  1406: "too-long",
  1264: "out-of-range",
  1690: "out-of-range",
  1265: "invalid-text",
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
  1158: "connection-lost",
  1159: "connection-lost",
  1160: "connection-lost",
  1161: "connection-lost",
  1927: "connection-lost",
  2006: "connection-lost",
  2013: "connection-lost",
  4031: "connection-lost",
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
  // It names the option of the server that is against it, which may be any.
  if (kind === undefined || (errno === 1290 && !/read.only/i.test(message))) return undefined;
  return { kind, ...subject(kind, message) };
}

const foreignKey =
  /\(`[^`]*`\.`(?<table>[^`]*)`, CONSTRAINT `(?<constraint>[^`]*)` FOREIGN KEY \((?<columns>[^)]*)\)/;
const value = /for column (?:`[^`]*`\.`(?<table>[^`]*)`\.)?[`'](?<columns>[^`']*)[`'] at row \d+$/;

/**
 * Where the messages have the names. They hold values as well, which are anybody's, and could look
 * like a name: each is read from the end where those are.
 */
const subjects: { readonly [K in DatabaseErrorKind]?: readonly RegExp[] } = {
  unique: [/ for key '(?:(?<table>[^'.]*)\.)?(?<constraint>[^']*)'$/],
  "reference-missing": [foreignKey],
  "still-referenced": [foreignKey],
  check: [
    /^Check constraint '(?<constraint>.*)' is violated/,
    /^CONSTRAINT `(?:[^`]*\.)?(?<constraint>[^`]*)` failed for `[^`]*`\.`(?<table>[^`]*)`/,
  ],
  "not-null": [
    /^Column '(?<columns>[^']*)' cannot be null$/,
    /^Field '(?<columns>[^']*)' doesn't have a default value$/,
  ],
  "too-long": [value],
  "out-of-range": [value],
  "invalid-text": [value],
};

function subject(kind: DatabaseErrorKind, message: string): Omit<Reading, "kind"> {
  for (const each of subjects[kind] ?? []) {
    const found = each.exec(message)?.groups;
    if (found === undefined) continue;
    const { table, constraint, columns } = found;
    return { table, constraint, columns: columns?.replaceAll("`", "").split(", ") };
  }
  return {};
}
