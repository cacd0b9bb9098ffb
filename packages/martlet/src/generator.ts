/**
 * Generators as dependencies: the first `yield` is the value, what follows it is clean-up.
 *
 * @module
 */
import type { Scope } from "./scope.ts";

type AnyGenerator = Generator | AsyncGenerator;

/** Whether a value is a generator that was started by a call. */
export function isGenerator(value: unknown): value is AnyGenerator {
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value) &&
    "throw" in value
  );
}

/** Runs a generator to its first `yield` and gives that value; the rest runs when `scope` closes. */
export function enter(generator: AnyGenerator, scope: Scope): unknown {
  const first = generator.next();
  return first instanceof Promise
    ? first.then(({ value }) => leaveLater(generator, scope, value))
    : leaveLater(generator, scope, first.value);
}

function leaveLater(generator: AnyGenerator, scope: Scope, value: unknown): unknown {
  scope.defer((error) => (error === undefined ? generator.next() : generator.throw(error)));
  return value;
}
