/**
 * Overrides: what stands in for a dependency in a test.
 *
 * @module
 */
import { type AnyCallable, dependency, type MaybePromise, type Override } from "../index.ts";

/** What may stand in for a dependency: another one, or a function without parameters. */
export type Replacement<Value> =
  | { readonly "~t": Value }
  | (() => MaybePromise<Value> | AsyncGenerator<Value> | Generator<Value>);

/**
 * Replaces a dependency wherever it is used. The replacement is checked against its type.
 *
 * @example
 * ```ts
 * import { dependency, get, martlet } from "martlet";
 * import { override, testClient } from "martlet/testing";
 *
 * const clock = dependency({}, () => new Date());
 * const now = get("/now", { use: { clock } }, ({ clock }) => clock.getUTCFullYear());
 * const test = testClient(martlet({ now }), {
 *   overrides: [override(clock, () => new Date("2020-01-01"))],
 * });
 * expect(await (await test.get("/now")).json()).toBe(2020);
 * ```
 */
export function override<Value>(
  replaced: { readonly "~t": Value },
  by: Replacement<NoInfer<Value>>,
): Override {
  const original = replaced as unknown as AnyCallable;
  const stand = typeof by === "function" ? dependency({ scope: original.scope }, by) : by;
  return [original, stand as unknown as AnyCallable];
}
