/**
 * Transactions as dependencies: the rest of a call in one transaction.
 *
 * @module
 */
import { around, dependency, type Dependency } from "../index.ts";
import type { CallSource } from "./call.ts";
import type { Engine, TransactionOptions } from "./engine.ts";
import { ConflictRetry, OutcomeNotKnown } from "./problems.ts";

/** What a transaction may end in. */
type TransactionProblem = typeof ConflictRetry | typeof OutcomeNotKnown;

/** What {@link transaction} is told. */
export interface TransactionDependencyOptions extends Omit<TransactionOptions, "retries"> {
  /**
   * How often the handler, and what is declared after this, are run anew when the database could not
   * fit the transaction in with others. The input is not validated again. What is done beside the
   * database is done once more: leave it to `afterCommit`.
   *
   * @default 0
   */
  readonly retries?: number;
  /**
   * `"unsafe"` leaves out requests whose method changes nothing: GET, HEAD, OPTIONS, TRACE
   * (RFC 9110 section 9.2.1).
   *
   * @default "all"
   */
  readonly only?: "all" | "unsafe";
}

/**
 * Makes a dependency of which the value is the database, and which runs what is declared after it,
 * and the handler, in one transaction: committed before the answer is sent, rolled back when the
 * handler throws or returns a problem, or when the client has gone. It takes a connection at the
 * first statement.
 *
 * @example
 * ```ts no-run
 * import { martlet, post } from "martlet";
 * import { database, transaction } from "martlet/db";
 *
 * const db = database({ url: "embedded:" });
 * const pay = post("/pay", { use: { db: transaction(db) } }, async ({ db }) => {
 *   await db.execute("update accounts set balance = balance - 1 where id = 1");
 *   await db.execute("update accounts set balance = balance + 1 where id = 2");
 * });
 * export const app = martlet({ pay });
 * ```
 */
export function transaction<D extends { readonly $engine: Engine }, E>(
  db: Dependency<D, {}, E>,
  options: TransactionDependencyOptions = {},
): Dependency<D, {}, E | TransactionProblem> {
  const { only = "all", retries = 0, ...rest } = options;
  return around(handedOn(db), ({ $engine }, next, source) => {
    const { method } = source as CallSource;
    if (only === "unsafe" && method !== undefined && safe.has(method)) return next();
    return $engine.transaction(async () => next(), { ...rest, retries });
  });
}

const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** The same value, as a dependency of its own: each stands around the call. */
function handedOn<D, E>(db: Dependency<D, {}, E>): Dependency<D, {}, E | TransactionProblem> {
  // A database is handed on as it is: it is no promise, generator or problem.
  return dependency(
    { use: { db }, throws: [ConflictRetry, OutcomeNotKnown] },
    ({ db }) => db,
  ) as unknown as Dependency<D, {}, E | TransactionProblem>;
}
