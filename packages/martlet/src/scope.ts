/**
 * What lives as long as one call: the values of its dependencies and the work to do after it.
 *
 * @module
 */

/** Clean-up work; `error` is what the call failed with, `undefined` when it did not. */
export type Cleanup = (error: unknown) => unknown;

/**
 * The values and clean-ups of one call.
 *
 * @example
 * ```ts
 * import { Scope } from "martlet";
 *
 * const order: string[] = [];
 * const scope = new Scope();
 * scope.defer(() => order.push("first opened, last closed"));
 * scope.defer(() => order.push("last opened, first closed"));
 * await scope.close();
 * expect(order[0]).toBe("last opened, first closed");
 * ```
 */
export class Scope {
  /** Results of the callables of the plan, by slot. */
  readonly values: unknown[] = [];
  #cleanups: Cleanup[] | undefined;

  /** Whether there is anything to clean up. */
  get pending(): boolean {
    return this.#cleanups !== undefined;
  }

  /** Registers clean-up work, which runs before everything registered earlier. */
  defer(cleanup: Cleanup): void {
    (this.#cleanups ??= []).push(cleanup);
  }

  /**
   * Runs the clean-ups, last registered first. Each is told what the call failed with and may throw
   * another error, which the ones after it are told instead. None can hide an error: the last one
   * comes back as the result, `undefined` when nothing failed.
   */
  async close(error?: unknown): Promise<unknown> {
    let failure = error;
    const cleanups = this.#cleanups ?? [];
    this.#cleanups = undefined;
    for (const cleanup of cleanups.reverse()) {
      try {
        await cleanup(failure);
      } catch (thrown) {
        failure = thrown;
      }
    }
    return failure;
  }
}
