/**
 * Lines for an operator, of which there are never too many.
 *
 * @module
 */
import type { Notice } from "../pool.ts";

/** How many lines there are. Times are in milliseconds. */
export interface LinesOptions {
  readonly notice: Notice;
  /** Within this time, lines that are alike are one. @default 60000 */
  readonly every?: number;
  /** How many different lines there are within that time. @default 30 */
  readonly most?: number;
  /** The clock. @default performance.now */
  readonly now?: () => number;
}

/** A line that was told, and those like it that were not. */
interface Told {
  at: number;
  left: number;
}

/** Tells lines: those that are alike once in a while, with how many were left out. */
export class Lines {
  readonly #options: Required<LinesOptions>;
  readonly #told = new Map<string, Told>();
  #left = 0;

  constructor(options: LinesOptions) {
    const { every = 60_000, most = 30, now = () => performance.now(), notice } = options;
    this.#options = { every, most, now, notice };
  }

  /** Tells a line, unless one with the same key, or too many others, were told just now. */
  tell(key: string, line: () => string): void {
    const { every, most, now, notice } = this.#options;
    const at = now();
    const known = this.#told.get(key);
    if (known !== undefined && at - known.at < every) {
      known.left += 1;
      return;
    }
    this.#forget(at, key);
    if (this.#told.size >= most) {
      this.#left += 1;
      return;
    }
    this.#told.set(key, { at, left: 0 });
    notice(`${line()}${alike(known?.left ?? 0)}${others(this.#left)}`);
    this.#left = 0;
  }

  /** Forgets what was told so long ago that it may be told again. */
  #forget(at: number, next: string): void {
    for (const [key, { at: then, left }] of this.#told) {
      if (at - then < this.#options.every) continue;
      this.#told.delete(key);
      if (key !== next) this.#left += left;
    }
  }
}

function alike(count: number): string {
  return count === 0 ? "" : ` (and ${count} more like it since the last line)`;
}

function others(count: number): string {
  return count === 0 ? "" : ` (and ${count} others that were not told)`;
}
