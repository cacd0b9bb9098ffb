/**
 * What the log is told of a failure. A failed statement's parameters stay out of it: they hold
 * addresses, and hashes of passwords.
 *
 * @module
 */
import { DrizzleQueryError } from "drizzle-orm";
import { consoleReporter, type Reporter } from "martlet";

/** Writes to standard error. */
export const report: Reporter = (each) =>
  consoleReporter({ ...each, error: withoutParameters(each.error) });

function withoutParameters(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error;
  return new Error(`A statement failed: ${error.query}`, { cause: error.cause });
}
