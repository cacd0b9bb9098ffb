/**
 * What the log is told of a failure. Of a failed statement neither parameters nor rows: they hold
 * addresses, and hashes of passwords.
 *
 * @module
 */
import { DrizzleQueryError } from "drizzle-orm";
import { consoleReporter, type Reporter } from "martlet";

/** Writes to standard error. */
export const report: Reporter = (each) =>
  consoleReporter({ ...each, error: withoutValues(each.error) });

function withoutValues(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error;
  // PostgreSQL tells the rows in `detail`, which stays out.
  const { code, message } = (error.cause ?? {}) as { readonly code?: string; message?: string };
  return new Error(`A statement failed: ${error.query}\n  ${code ?? ""} ${message ?? ""}`);
}
