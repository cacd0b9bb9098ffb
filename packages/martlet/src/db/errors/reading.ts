/**
 * What the readers of errors read, and what they tell.
 *
 * @module
 */

/** What went wrong. */
export type DatabaseErrorKind =
  /** A row with these values is there already. */
  | "unique"
  /** A row refers to one that is not there. */
  | "reference-missing"
  /** A row cannot go, for others refer to it. */
  | "still-referenced"
  | "not-null"
  | "check"
  | "too-long"
  | "out-of-range"
  /** A text is not what the type wants: no date, no number, a character that cannot be stored. */
  | "invalid-text"
  /** The transaction does not fit in with others: it may be run anew. */
  | "serialization"
  | "deadlock"
  | "lock-timeout"
  | "connection-lost"
  | "pool-exhausted"
  | "read-only"
  | "statement-timeout"
  /** Somebody asked for the statement to be given up. */
  | "cancelled"
  | "storage-full";

/** What a reader tells of an error. */
export interface Reading {
  readonly kind: DatabaseErrorKind;
  /** The constraint or index that was violated, as far as the database names it. */
  readonly constraint?: string | undefined;
  /** The columns that it is about, as far as the database names them. */
  readonly columns?: readonly string[] | undefined;
  readonly table?: string | undefined;
}

/** What the errors of drivers may have beside what all errors have. */
export interface ForeignError extends Error {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly errcode?: unknown;
  readonly errstr?: unknown;
  readonly sqlState?: unknown;
  readonly severity?: unknown;
  readonly detail?: unknown;
  readonly constraint?: unknown;
  readonly table?: unknown;
  readonly column?: unknown;
}
