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

/** Writes reports to standard error. */
export const consoleReporter: Reporter = ({ kind, error, route = "the application" }) => {
  // oxlint-disable-next-line no-console -- the one place that speaks for an application without a log
  console.error(`${route} ${words[kind]}:`, error);
};
