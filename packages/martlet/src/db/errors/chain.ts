/**
 * The errors within an error.
 *
 * @module
 */
import type { ForeignError } from "./reading.ts";

/** No error is made of more; one that makes a new cause whenever it is asked might be. */
const most = 1000;

/** An error, its causes and the errors that it puts together, from the outside in, each once. */
export function* chainOf(outermost: unknown): Generator<ForeignError> {
  const seen = new Set<Error>();
  const rest = [outermost];
  while (rest.length > 0 && seen.size < most) {
    const error = rest.pop();
    if (!(error instanceof Error) || seen.has(error)) continue;
    seen.add(error);
    yield error;
    const inside: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
    rest.push(...inside.slice(0, most).toReversed(), error.cause);
  }
}
