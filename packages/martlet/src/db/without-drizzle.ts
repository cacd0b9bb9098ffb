/**
 * Databases of applications that have no Drizzle: what is below it can be used all the same.
 *
 * @module
 */
import { Fault } from "../index.ts";
import type { Engine } from "./engine.ts";

/**
 * What stands for a Drizzle database where the package is missing, as `error` says: the engine. All
 * else throws that error when it is used.
 */
export function withoutDrizzle(engine: Engine, error: unknown): object {
  if (!(error instanceof Fault) || error.code !== "M017") throw error;
  return new Proxy(
    { $engine: engine },
    {
      get: (target, name) => {
        if (name === "$engine") return target.$engine;
        // Whether it is a promise, a problem or an iterable, anybody may ask.
        if (typeof name === "symbol" || name === "then") return undefined;
        throw error;
      },
    },
  );
}
