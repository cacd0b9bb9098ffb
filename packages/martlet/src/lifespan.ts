/**
 * The lifespan of an application: its app-scoped dependencies, started before the first request in
 * the order they depend on each other, and closed in reverse when it stops.
 *
 * @module
 */
import { replacement } from "./callable.ts";
import { Fault, Faults } from "./fault.ts";
import { enter, isGenerator } from "./generator.ts";
import type { AnyCallable, Compiler } from "./params/param.ts";
import { Scope } from "./scope.ts";

/** Where the value of an app-scoped dependency will stand once the application has started. */
export interface Held {
  readonly value: unknown;
  /** Whether it could not be started for a fault, its own or of what it uses. */
  readonly missing: boolean;
}

interface Entry {
  readonly callable: AnyCallable;
  readonly reads: readonly (readonly [
    name: string,
    read: (source: undefined, scope: Scope) => unknown,
  ])[];
  value: unknown;
  missing: boolean;
}

/** Stands for the value of a dependency that is missing. */
const absent = Symbol("absent");

/** What a lifespan is made with. */
export interface LifespanOptions {
  readonly overrides: ReadonlyMap<AnyCallable, AnyCallable>;
  readonly report: (fault: Fault) => void;
}

/** The app-scoped dependencies of one application. */
export class Lifespan {
  readonly #options: LifespanOptions;
  readonly #entries = new Map<AnyCallable, Entry>();
  readonly #open: AnyCallable[] = [];
  readonly #scope = new Scope();
  #started: Promise<void> | undefined;

  constructor(options: LifespanOptions) {
    this.#options = options;
  }

  /**
   * Takes in an app-scoped dependency and what it depends on, each once. `trail` leads to it and
   * ends with what it is called.
   */
  add(asked: AnyCallable, trail: readonly string[]): Held {
    const callable = replacement(asked, this.#options.overrides);
    const known = this.#entries.get(callable);
    if (known !== undefined) return known;
    const label = trail.at(-1) ?? callable.name;
    if (this.#open.includes(callable)) {
      this.#fault("M004", `"${label}" depends on itself`, { trail, hint: "Break the circle." });
      return { value: undefined, missing: true };
    }
    this.#open.push(callable);
    const compiler = this.#compiler(trail);
    const reads = Object.entries(callable.params).map(([name, param]): Entry["reads"][number] => {
      if (param.phase !== "call") {
        const what = `${param.kind} "${name}"`;
        this.#fault("M009", `"${label}" lives as long as the application but reads ${what}`, {
          trail,
          hint: "Read it in a request-scoped dependency that uses this one.",
        });
      }
      // What is read in the phase `call` of an app-scoped dependency needs no source.
      return [name, param.compile(name, compiler) as Entry["reads"][number][1]];
    });
    this.#open.pop();
    const entry: Entry = { callable, reads, value: undefined, missing: false };
    this.#entries.set(callable, entry);
    return entry;
  }

  /** Starts everything, once. A failure closes what was started and is thrown. */
  start(): Promise<void> {
    return (this.#started ??= this.#start());
  }

  /** Closes everything in reverse order. Gives the last error of a clean-up, if there was one. */
  async stop(): Promise<unknown> {
    await this.#started?.catch(() => undefined);
    return this.#scope.close();
  }

  async #start(): Promise<void> {
    try {
      const faults: Fault[] = [];
      for (const entry of this.#entries.values()) faults.push(...(await this.#enter(entry)));
      if (faults.length > 0) throw new Faults(faults);
    } catch (error) {
      this.#started = undefined;
      throw await this.#scope.close(error);
    }
  }

  /** Starts one entry. Faults are given back, so that those of all entries are told at once. */
  async #enter(entry: Entry): Promise<readonly Fault[]> {
    const args: Record<string, unknown> = {};
    for (const [name, read] of entry.reads) args[name] = read(undefined, this.#scope);
    entry.missing = Object.values(args).includes(absent);
    if (entry.missing) return [];
    try {
      const value = await entry.callable.run(args as never);
      entry.value = isGenerator(value) ? await enter(value, this.#scope) : value;
      return [];
    } catch (error) {
      if (!(error instanceof Faults)) throw error;
      entry.missing = true;
      return error.errors;
    }
  }

  #compiler(trail: readonly string[]): Compiler {
    return {
      slot: (callable, name) => {
        const label = callable.name || name;
        if (callable.scope !== "app") {
          const life = `lives as long as a ${callable.scope}`;
          this.#fault("M007", `An app-scoped dependency uses "${label}", which ${life}`, {
            trail,
            hint: 'Give it `scope: "app"`, or make the one that uses it request-scoped.',
          });
          return () => undefined;
        }
        const held = this.add(callable, [...trail, label]);
        return () => (held.missing ? absent : held.value);
      },
      shared: (_key, create) => create(),
      scopes: [],
      // No request is there that could be answered with it.
      throws: () => {},
      fault: (code, message, hint) =>
        this.#fault(code, message, { trail, ...(hint !== undefined && { hint }) }),
    };
  }

  #fault(...[code, message, options]: ConstructorParameters<typeof Fault>): void {
    this.#options.report(new Fault(code, message, options));
  }
}
