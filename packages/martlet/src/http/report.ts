/**
 * Reports: what an operator should know and no client is told.
 *
 * @module
 */

import type { HttpRequest } from "./request.ts";

/** What went wrong, and where. */
export interface Report {
  readonly kind: "error" | "undeclared-problem" | "cleanup" | "background";
  readonly error: unknown;
  /** The route: `"GET /items/{id}"`; `undefined` outside of any. */
  readonly route: string | undefined;
  /** The request; `undefined` outside of any. */
  readonly request: HttpRequest | undefined;
}

/** Receives reports. */
export type Reporter = (report: Report) => void;

const words: Readonly<Record<Report["kind"], string>> = {
  error: "failed",
  "undeclared-problem": "threw a problem that it does not declare in `throws`",
  cleanup: "failed in a clean-up after its answer",
  background: "failed in a background task",
};

/**
 * Writes reports to standard error: messages and stacks with their causes, and no other member of an
 * error, since those of database errors hold rows.
 */
export const consoleReporter: Reporter = ({ kind, error, route = "the application" }) => {
  // oxlint-disable-next-line no-console -- the one place that speaks for an application without a log
  console.error(`${route} ${words[kind]}: ${tell(error)}`);
};

function tell(error: unknown): string {
  if (!(error instanceof Error)) return `something that is no error was thrown: ${typeof error}`;
  const lines = (error.stack ?? String(error)).split("\n");
  // A failed statement tells the values of its parameters in a line of its own.
  const safe = lines.filter((line) => !/^params?:/i.test(line.trim())).join("\n");
  return error.cause === undefined ? safe : `${safe}\ncaused by ${tell(error.cause)}`;
}
