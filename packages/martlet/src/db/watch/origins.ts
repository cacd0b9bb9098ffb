/**
 * Looking for the places in the code that statements come from.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Origin } from "./origin.ts";
import { placeOf } from "./place.ts";

/** The calls that led to a place. Writing them down is dear, and left for when they are asked for. */
export type Calls = Error;

/** What is known of the statements that are made somewhere. */
interface Ambient {
  /** What led to where the query was written, which may be long over when it runs. */
  readonly written?: Calls | undefined;
  readonly mayRepeat?: boolean | undefined;
}

/** How many routes are looked at. */
const most = 200;

/** How many calls there may be between a statement and the code that made it. */
const depth = 20;

/**
 * Finds where statements come from. Looking costs ten microseconds or so each time, which is nothing
 * in development. In production only those routes pay for it that have been slow before.
 *
 * @example
 * ```ts
 * import { database } from "martlet/db";
 *
 * // A database looks for origins by itself.
 * const db = database({ dialect: "sqlite", url: "sqlite::memory:", slow: 100 });
 * expect(db.kind).toBe("dependency");
 * ```
 */
export class Origins {
  readonly #storage = new AsyncLocalStorage<Ambient>();
  readonly #routes = new Set<string | undefined>();
  readonly #isAlways: boolean;

  constructor({ always }: { readonly always: boolean }) {
    this.#isAlways = always;
  }

  /** From now on, looks where the statements of a route come from. */
  look(route: string | undefined): void {
    if (this.#routes.size < most) this.#routes.add(route);
  }

  /** The origin of a statement that is being made right now. */
  of(route: string | undefined): Origin | undefined {
    const ambient = this.#storage.getStore();
    const made = this.calls(route);
    if (ambient === undefined && made === undefined) return undefined;
    return new FoundOrigin(made, ambient ?? nothing);
  }

  /** What led here, for routes that are looked at. */
  calls(route: string | undefined): Calls | undefined {
    if (!this.#isAlways && !this.#routes.has(route)) return undefined;
    const before = Error.stackTraceLimit;
    // Where it cannot be set, less of a stack is seen.
    Reflect.set(Error, "stackTraceLimit", depth);
    const calls = new Error("The calls that led here");
    Reflect.set(Error, "stackTraceLimit", before);
    return calls;
  }

  /** Runs what was written elsewhere. */
  running<T>(written: Calls, run: () => T): T {
    return this.#storage.run({ ...this.#storage.getStore(), written }, run);
  }

  /** Runs work whose statements may be made as often as it likes. */
  repeating<T>(work: () => T): T {
    return this.#storage.run({ ...this.#storage.getStore(), mayRepeat: true }, work);
  }
}

const nothing: Ambient = {};

class FoundOrigin implements Origin {
  readonly #made: Calls | undefined;
  readonly #ambient: Ambient;

  constructor(made: Calls | undefined, ambient: Ambient) {
    this.#made = made;
    this.#ambient = ambient;
  }

  get mayRepeat(): boolean {
    return this.#ambient.mayRepeat === true;
  }

  /** A query that is awaited runs when nothing is left of who awaits it: then, where it was written. */
  get place(): string | undefined {
    return placeOf(this.#made?.stack) ?? placeOf(this.#ambient.written?.stack);
  }
}
