/**
 * Draws: where the data of factories come from, the same at each run.
 *
 * @module
 */

/**
 * What the rows of factories are drawn from, and how many there are of each table.
 *
 * @example
 * ```ts
 * import { Draws } from "martlet/db/testing";
 *
 * const [one, same] = [new Draws(7), new Draws(7)];
 * expect(one.next("users").int(1, 1000)).toBe(same.next("users").int(1, 1000));
 * ```
 */
export class Draws {
  readonly #seed: number;
  #counts: ReadonlyMap<string, number> = new Map();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The draw for the next row of a table. It depends on the table and its number alone. */
  next(table: string): Draw {
    const sequence = (this.#counts.get(table) ?? 0) + 1;
    this.#counts = new Map([...this.#counts, [table, sequence]]);
    return new Draw(sequence, hash(`${this.#seed} ${sequence} ${table}`));
  }

  /** Gives what goes back to here. */
  mark(): () => void {
    const counts = this.#counts;
    return () => void (this.#counts = counts);
  }
}

/**
 * One row's worth of chance. It is not for secrets: whoever knows the seed knows it all.
 *
 * @example
 * ```ts
 * import { Draws } from "martlet/db/testing";
 *
 * const draw = new Draws(1).next("users");
 * expect(draw.sequence).toBe(1);
 * expect(new Draws(1).next("users").int(1, 1000)).toBe(draw.int(1, 1000));
 * ```
 */
export class Draw {
  /** The number of the row, from 1, for what must be unique. */
  readonly sequence: number;
  #state: number;

  constructor(sequence: number, state: number) {
    this.sequence = sequence;
    this.#state = state;
  }

  /** A whole number from `least` to `most`, both included. @default 0 to 1,000,000 */
  int(least = 0, most = 1_000_000): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  /** One of several. */
  pick<T>(of: readonly T[]): T {
    if (of.length === 0) throw new RangeError("There is nothing to pick from");
    // It is there, for the place is one of the list.
    return of[this.int(0, of.length - 1)] as T;
  }

  /** `true` as often as `chance` says, from 0 to 1. @default 0.5 */
  bool(chance = 0.5): boolean {
    return this.#next() < chance;
  }

  /** A whole second from `from` to before `to`. @default 2020 to 2029, in UTC */
  date(
    from: Date = new Date("2020-01-01T00:00:00Z"),
    to: Date = new Date("2030-01-01T00:00:00Z"),
  ): Date {
    const [first, last] = [from, to].map((each) => Math.floor(each.getTime() / 1000));
    return new Date(this.int(first, (last ?? 0) - 1) * 1000);
  }

  /** Words of small letters, `length` characters in all. @default 20 */
  text(length = 20): string {
    let words = "";
    while (words.length < length) {
      const space = words === "" ? "" : " ";
      const syllable = (): string => this.pick(consonants) + this.pick(vowels);
      words += space + Array.from({ length: this.int(2, 4) }, syllable).join("");
    }
    return words.slice(0, length).replace(/ $/, () => this.pick(vowels));
  }

  /** From 0 to below 1: mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

const consonants = "bdfgklmnprstvw".split("");
const vowels = "aeiou".split("");

/** FNV-1a, of 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  }
  return sum;
}
