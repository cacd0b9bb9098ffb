/**
 * Interleaved rounds: functions that are to be compared run turn by turn, so that whatever else the
 * computer does falls on all of them. What counts is CPU time, not the clock's.
 *
 * @module
 */

/** What is compared, by name: each runs its work so many times. */
export type Contestants = Readonly<Record<string, (calls: number) => unknown>>;

/** How often. */
export interface RoundOptions {
  readonly rounds: number;
  /** Calls of each contestant in each round. */
  readonly calls: number;
}

/** CPU time of one call in microseconds, for each round. */
export type Times<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Runs all contestants in turns. The first rounds, in which code is still being compiled, do not count. */
export async function compare<C extends Contestants>(
  contestants: C,
  { rounds, calls }: RoundOptions,
): Promise<Times<keyof C & string>> {
  const times: Record<string, number[]> = {};
  const warmUp = Math.ceil(rounds / 4);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const before = process.cpuUsage();
      await run(calls);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) (times[name] ??= []).push((user + system) / calls);
    }
  }
  // Every contestant has run, so that each of its names is there.
  return times as Record<keyof C & string, number[]>;
}

/** The smallest: what the work takes when nothing else gets in its way. */
export function least(times: readonly number[]): number {
  return Math.min(...times);
}

/** The one in the middle. */
export function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
}
