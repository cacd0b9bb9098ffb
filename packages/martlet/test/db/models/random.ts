/**
 * Random values of JSON, the same for the same seed.
 *
 * @module
 */

/** A source of numbers from 0 up to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes values by a source of numbers. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed);
  }

  /** A whole number of at least `min` and at most `max`. */
  int(min: number, max: number): number {
    return Math.min(max, min + Math.floor(this.#next() * (max - min + 1)));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)] as T;
  }

  /** Up to so many values. */
  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.int(0, most) }, make);
  }

  digits(most: number): string {
    const digits = Array.from({ length: this.int(1, most) }, () => this.int(0, 9)).join("");
    return digits.replace(/^0+(?=\d)/, "");
  }

  /** A whole number of up to so many digits. */
  integer(most: number): string {
    return `${this.pick(["", "-"])}${this.digits(most)}`;
  }

  /** A number of so many digits before and after the point. */
  decimal(whole: number, places: number): string {
    const part = this.digits(places).slice(0, places);
    return this.pick([this.integer(whole), `${this.integer(whole)}.${part}`]);
  }

  /** Any finite number. */
  number(): number {
    const mantissa = this.#next() * 2 - 1;
    return this.pick([0, 1, -1, 0.1, mantissa, mantissa * 10 ** this.int(-20, 20)]);
  }

  /** Text of up to so many characters, of all kinds. */
  text(most: number): string {
    return this.list(most, () => this.pick(characters)).join("");
  }

  /** A moment between two years, of any precision, with any offset. */
  moment(from: number, to: number): string {
    const fraction = this.pick(["", `.${this.digits(9)}`]);
    const zone = this.pick(["Z", "+02:00", "-11:30"]);
    return `${this.day(from, to)}T${this.clock()}${fraction}${zone}`;
  }

  day(from: number, to: number): string {
    const year = String(this.int(from, to)).padStart(4, "0");
    return `${year}-${two(this.int(1, 12))}-${two(this.int(1, 28))}`;
  }

  clock(): string {
    return `${two(this.int(0, 23))}:${two(this.int(0, 59))}:${two(this.int(0, 59))}`;
  }

  bytes(most: number): string {
    return Buffer.from(this.list(most, () => this.int(0, 255))).toString("base64");
  }

  hex(length: number): string {
    return Array.from({ length }, () => "0123456789abcdefABCDEF".charAt(this.int(0, 21))).join("");
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.hex(length)).join("-");
  }

  /** Anything that JSON can tell, up to so deep, but not `null`. */
  json(depth: number): unknown {
    const leaf = (): unknown =>
      this.pick<unknown>([
        this.text(8),
        this.int(-1e6, 1e6) / 7,
        -1e300,
        true,
        false,
        {},
        [],
        0,
        "",
      ]);
    if (depth === 0) return leaf();
    const value = (): unknown => this.pick([null, this.json(depth - 1)]);
    return this.pick<() => unknown>([
      leaf,
      () => this.list(4, value),
      () => Object.fromEntries(this.list(4, () => [this.text(6), value()] as const)),
    ])();
  }
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

const characters = [
  ...Array.from(
    "abcXYZ019 '\"\\,{}()[]%_$?:;/*-\t\n\r\u0001\u001a\u007féßЖ中😀\u0301\u200f\u2028\uffff",
  ),
  "NULL",
  "👩‍👩‍👧",
];
