/**
 * The problems that errors of a database are to a client.
 *
 * @module
 */
import type { HttpProblem } from "../index.ts";

/** How errors become problems. */
export interface ProblemOptions {}
/** The problem that an error of a database is. */
export function databaseProblem(
  _error: unknown,
  _options?: ProblemOptions,
): HttpProblem | undefined {
  return undefined;
}
