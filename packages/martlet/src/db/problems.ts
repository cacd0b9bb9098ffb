/**
 * The problems that errors of a database are to a client. None tells anything of the database: no
 * SQL, no table or constraint, no value.
 *
 * @module
 */
import { type HttpProblem, problem, type ProblemClass, type ProblemOptions } from "../index.ts";
import { type DatabaseError, databaseError } from "./database-error.ts";
import type { DatabaseErrorKind } from "./errors/reading.ts";
import { chainOf } from "./errors/chain.ts";
import { CallEnded, OutcomeUnknown } from "./own-errors.ts";

/** What the client sends is there already. */
export const Duplicate: ProblemClass<409, "duplicate", {}> = problem(409, "duplicate");

/** What shall go is still needed by something else. */
export const StillReferenced: ProblemClass<409, "still-referenced", {}> = problem(
  409,
  "still-referenced",
);

/** What the client refers to is not there. */
export const UnknownReference: ProblemClass<422, "unknown-reference", {}> = problem(
  422,
  "unknown-reference",
);

/** What the client sends cannot be stored: a rule of the database is against it. */
export const ConstraintViolated: ProblemClass<422, "constraint-violated", {}> = problem(
  422,
  "constraint-violated",
);

/** Others changed the same at the same time; nothing was done, and the request may be sent again. */
export const ConflictRetry: ProblemClass<409, "conflict-retry", {}> = problem(
  409,
  "conflict-retry",
);

/** The database cannot be reached, or has no connection to spare. */
export const DatabaseUnavailable: ProblemClass<503, "database-unavailable", {}> = problem(
  503,
  "database-unavailable",
);

/** The database only reads at this time. */
export const DatabaseReadOnly: ProblemClass<503, "database-read-only", {}> = problem(
  503,
  "database-read-only",
);

/** The connection was lost while the change was made: whether it was is not known. */
export const OutcomeNotKnown: ProblemClass<503, "outcome-unknown", {}> = problem(
  503,
  "outcome-unknown",
  undefined,
  { title: "Whether the change was made is not known" },
);

/** The database took too long. */
export const DatabaseTimeout: ProblemClass<504, "database-timeout", {}> = problem(
  504,
  "database-timeout",
);

/** The database has no room left. */
export const StorageFull: ProblemClass<507, "storage-full", {}> = problem(507, "storage-full");

/** How errors of a database become problems. */
export interface DatabaseProblemOptions {
  /**
   * The application's own problems, by the name of the constraint or unique index that is violated:
   * `{ users_email_key: () => new EmailTaken() }`. SQLite does not name a unique constraint: there it
   * is the table with the columns, `"users(org, email)"`, which does for PostgreSQL as well.
   */
  readonly violations?: Readonly<Record<string, (violation: DatabaseError) => HttpProblem>>;
}

/** A problem, what it says, and the seconds after which one may try again. */
type Told = readonly [
  kind: new (extension: {}, options: ProblemOptions) => HttpProblem,
  options?: { readonly detail?: string; readonly retryAfter?: number },
];

const told: Readonly<Record<DatabaseErrorKind, Told>> = {
  unique: [Duplicate],
  "reference-missing": [UnknownReference],
  "still-referenced": [StillReferenced],
  "not-null": [ConstraintViolated, { detail: "A value is missing." }],
  check: [ConstraintViolated, { detail: "A value is not allowed." }],
  "too-long": [ConstraintViolated, { detail: "A value is too long." }],
  "out-of-range": [ConstraintViolated, { detail: "A value is out of range." }],
  "invalid-text": [ConstraintViolated, { detail: "A value is malformed." }],
  serialization: [ConflictRetry, { retryAfter: 1 }],
  deadlock: [ConflictRetry, { retryAfter: 1 }],
  "lock-timeout": [ConflictRetry, { retryAfter: 1 }],
  "connection-lost": [DatabaseUnavailable, { retryAfter: 2 }],
  "pool-exhausted": [DatabaseUnavailable, { retryAfter: 2 }],
  "read-only": [DatabaseReadOnly],
  "statement-timeout": [DatabaseTimeout],
  cancelled: [DatabaseTimeout],
  "storage-full": [StorageFull],
};

/**
 * The problem that an error of a database is to a client, the error its `cause`; `undefined` for any
 * other error, and for those of the developer, such as SQL that is wrong. `database()` asks it about
 * whatever a route throws.
 *
 * @example
 * ```ts
 * import { databaseProblem } from "martlet/db";
 *
 * const native = Object.assign(new Error("out of connections"), { code: "53300", severity: "FATAL" });
 * const problem = databaseProblem(native);
 * expect(problem?.status).toBe(503);
 * expect(problem?.headers).toEqual({ "retry-after": "2" });
 * ```
 */
export function databaseProblem(
  error: unknown,
  options: DatabaseProblemOptions = {},
): HttpProblem | undefined {
  for (const each of chainOf(error)) {
    if (each instanceof OutcomeUnknown) return new OutcomeNotKnown({}, { cause: error });
    if (each instanceof CallEnded) return new DatabaseUnavailable({}, { cause: error });
  }
  const found = databaseError(error);
  if (found === undefined) return undefined;
  const own = ownOf(found, options);
  if (own !== undefined) return own;
  const [Problem, { retryAfter, ...rest } = {}] = told[found.kind];
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return new Problem({}, { ...rest, headers, cause: error });
}

/** What the application says of a violation itself. */
function ownOf(
  found: DatabaseError,
  { violations = {} }: DatabaseProblemOptions,
): HttpProblem | undefined {
  const { kind, constraint = "", table = "", columns = [] } = found;
  const names = [constraint];
  // A column that must not be empty is another matter than its being unique.
  if (kind === "unique") names.push(`${table}(${columns.join(", ")})`);
  const name = names.find((each) => Object.hasOwn(violations, each));
  return name === undefined ? undefined : violations[name]?.(found);
}
