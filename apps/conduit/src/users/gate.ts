/**
 * A gate in front of expensive work.
 *
 * @module
 */
import { Unavailable } from "martlet";

/** How much a gate lets through. */
export interface GateOptions {
  /** How many may be at work at once. */
  readonly atOnce: number;
  /** How many may wait for their turn. */
  readonly waiting: number;
}

/** Lets a few through at once, a few more wait, and sends the rest away. */
export class Gate {
  readonly #options: GateOptions;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Does the work when it is its turn.
   *
   * @throws {Unavailable} when too many wait already
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    const { atOnce, waiting } = this.#options;
    if (this.#running < atOnce) {
      this.#running += 1;
      return undefined;
    }
    if (this.#queue.length >= waiting)
      throw new Unavailable({}, { headers: { "retry-after": "2" } });
    return new Promise((resolve) => void this.#queue.push(resolve));
  }

  /** Whoever waited longest takes the place over. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
