/**
 * Names of schemas: each schema that has one gets it for itself, whatever two libraries or modules
 * agree on.
 *
 * @module
 */
import type { SchemaNames } from "./adapter.ts";

/** The names of one document's schemas. */
export class Names implements SchemaNames {
  readonly #given: ReadonlyMap<unknown, string>;
  readonly #names = new Map<unknown, string>();
  /** The names that are taken, each with the one that was wanted. */
  readonly #taken = new Map<string, string>();

  /** `given` are names for schemas that have none of their own. */
  constructor(given: ReadonlyMap<unknown, string> = new Map()) {
    this.#given = given;
  }

  of(schema: unknown, own: string | undefined): string | undefined {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const wanted = own ?? this.#given.get(schema);
    if (wanted === undefined) return undefined;
    const name = this.free(wanted);
    this.#names.set(schema, name);
    return name;
  }

  /** Takes a name; one that is taken already gets a number: `Item2`. */
  free(wanted: string): string {
    const safe = wanted.replaceAll(/[^A-Za-z0-9._-]/g, "_");
    let name = safe;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${safe}${count}`;
    this.#taken.set(name, safe);
    return name;
  }

  /** The name that was wanted where this one was taken. */
  wanted(name: string): string {
    return this.#taken.get(name) ?? name;
  }

  /** Whether a name is taken. */
  has(name: string): boolean {
    return this.#taken.has(name);
  }
}
