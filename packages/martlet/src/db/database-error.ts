/**
 * Database errors: what kind an error of a driver is.
 *
 * @module
 */

/** What kind of error of a database it is, if it is one. */
export function databaseError(error: unknown): { kind: string; isRetryable: boolean } | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = String((each as { code?: unknown }).code);
    if (code === "40001") return { kind: "serialization", isRetryable: true };
    if (code === "40P01") return { kind: "deadlock", isRetryable: true };
    if (/terminated|ECONNRESET/.test(each.message))
      return { kind: "connection-lost", isRetryable: false };
  }
  return undefined;
}
