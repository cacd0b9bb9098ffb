/**
 * Deadlines: work that is given up when time is over or somebody aborts.
 *
 * @module
 */
import type { Unreachable } from "./problem.ts";

/** What ends work early. */
export interface Limits {
  /** Milliseconds; 0 for no limit. */
  readonly timeout: number;
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Work that came to nothing. */
export interface GivenUp extends Pick<Unreachable, "reason" | "cause"> {
  readonly ok: undefined;
}

/** The longest time that a timer takes. */
const longest = 2 ** 31 - 1;

/** Does work within limits, whether it looks at its signal or not. */
export async function within<T>(
  { timeout, signals }: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | GivenUp> {
  const clock = new AbortController();
  const ring = (): void =>
    clock.abort(new DOMException(`No answer within ${timeout} ms`, "TimeoutError"));
  const timer = setTimeout(ring, Math.min(timeout || longest, longest));
  const signal = AbortSignal.any([clock.signal, ...signals.filter((each) => each !== undefined)]);
  const ended = Promise.withResolvers<never>();
  const stop = (): void => ended.reject(signal.reason as Error);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    return await Promise.race([work(signal), ended.promise]);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    return { ok: undefined, reason: clock.signal.aborted ? "timeout" : "aborted", cause };
  } finally {
    clearTimeout(timer);
    // A signal with a listener is kept for as long as the one it follows.
    signal.removeEventListener("abort", stop);
  }
}
