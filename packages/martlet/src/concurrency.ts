/**
 * Dependencies that run together, where they say that they may.
 *
 * @module
 */
import type { AnyCallable } from "./params/param.ts";

/** What is called, and the steps whose results it receives, all of which stand before it. */
interface Waiting {
  readonly callable: AnyCallable;
  readonly uses: readonly Waiting[];
}

/**
 * Puts steps into waves, which follow each other in the order of the steps. Of neighbours that are
 * all concurrent, each is in the first wave after those of the ones it uses; any other is alone, and
 * so is what stands around the rest.
 */
export function waves<Step extends Waiting>(steps: readonly Step[]): readonly (readonly Step[])[] {
  const all: Step[][] = [];
  /** Where the waves begin that the next concurrent step may be in. */
  let from = 0;
  for (const step of steps) {
    if (step.callable.concurrent === true && step.callable.around === undefined) {
      const used = step.uses.map((use) =>
        all.findIndex((wave) => wave.some((each) => each === use)),
      );
      (all[Math.max(from, ...used.map((at) => at + 1))] ??= []).push(step);
    } else {
      all.push([step]);
      from = all.length;
    }
  }
  return all;
}

/** Starts something, and finishes at once or later. */
type Start<Call> = (call: Call) => Promise<void> | undefined;

/**
 * Starts everything, and waits for all of it. The first error in the order of the list is the one
 * that counts; what fails at once keeps the rest from being started.
 */
export function together<Call>(starts: readonly Start<Call>[]): Start<Call> {
  return (call) => {
    const pending: Promise<void>[] = [];
    try {
      for (const start of starts) {
        const started = start(call);
        if (started !== undefined) pending.push(started);
      }
    } catch (error) {
      if (pending.length === 0) throw error;
      pending.push(Promise.reject(error));
    }
    return pending.length === 0 ? undefined : settled(pending);
  };
}

async function settled(pending: readonly Promise<void>[]): Promise<void> {
  // What is still under way would open what nobody closes.
  const results = await Promise.allSettled(pending);
  const failed = results.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
