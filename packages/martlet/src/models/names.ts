/**
 * Names of the program and names on the wire, and values that go from one to the other.
 *
 * @module
 */
import { Fault } from "../index.ts";

/** A place within an object: made by {@link path}. */
export interface NamePath<Names extends readonly string[] = readonly string[]> {
  readonly "~path": Names;
}

/** What a field may be called on the wire: a name, several of which one is taken, or a place within. */
export type WireName = string | readonly [string, ...string[]] | NamePath;

/**
 * A place within nested objects, for {@link renamed}: `path("address", "city")`.
 *
 * @example
 * ```ts
 * import { path, renamed } from "martlet/models";
 * import { z } from "zod";
 *
 * const Person = renamed(z.object({ city: z.string() }), { city: path("address", "city") });
 * expect(Person.parse({ address: { city: "Bern" } })).toEqual({ city: "Bern" });
 * expect(z.encode(Person, { city: "Bern" })).toEqual({ address: { city: "Bern" } });
 * ```
 */
export function path<const Names extends readonly [string, string, ...string[]]>(
  ...names: Names
): NamePath<Names> {
  return { "~path": names };
}

/** One field: its name in the program, its place on the wire, and other names that are taken. */
export interface Naming {
  readonly name: string;
  readonly place: readonly string[];
  readonly others: readonly string[];
}

/** The fields of a model, with their names. Throws M021 for names that do not fit together. */
export function namingsOf(
  fields: readonly string[],
  names: Readonly<Record<string, WireName | undefined>>,
): readonly Naming[] {
  const unknown = Object.keys(names).filter((name) => !fields.includes(name));
  if (unknown.length > 0) throw clash(`The model has no field "${unknown.join('", "')}"`);
  const namings = fields.map((name) => naming(name, names[name] ?? name));
  const taken = new Set<string>();
  for (const { place, others } of namings) {
    for (const each of [place.join("."), ...others]) {
      if (taken.has(each)) throw clash(`Two fields are called "${each}" on the wire`);
      taken.add(each);
    }
  }
  const heads = namings
    .filter(({ place }) => place.length > 1)
    .map(({ place }) => place[0] as string);
  const head = heads.find((each) => taken.has(each));
  if (head !== undefined) throw clash(`"${head}" is a field on the wire, and holds others`);
  return namings;
}

function clash(message: string): Fault {
  return new Fault("M021", message, { hint: "Give each field a name of its own." });
}

function naming(name: string, wire: WireName): Naming {
  if (typeof wire === "string") return { name, place: [wire], others: [] };
  if ("~path" in wire) return { name, place: wire["~path"], others: [] };
  const [first, ...others] = wire;
  return { name, place: [first], others };
}

type Members = Record<string, unknown>;

/** What is found on the wire under the names of the program; members of no name stay. */
export function toProgram(wire: Members, namings: readonly Naming[]): Members {
  const heads = new Set(namings.map(({ place }) => place[0]));
  const named = namings.flatMap(({ name, place }) => {
    const holder = place.slice(0, -1).reduce<Members | undefined>(memberOf, wire);
    const last = place.at(-1) as string;
    return holder !== undefined && last in holder ? [[name, holder[last]] as const] : [];
  });
  const rest = Object.entries(wire).filter(([name]) => !heads.has(name));
  return Object.fromEntries([...rest, ...named]);
}

/** What the program has under the names of the wire; members of no name stay. */
export function toWire(value: Members, namings: readonly Naming[]): Members {
  const names = new Set(namings.map(({ name }) => name));
  const wire: Members = Object.fromEntries(
    Object.entries(value).filter(([name]) => !names.has(name)),
  );
  for (const { name, place } of namings) {
    if (!(name in value)) continue;
    const holder = place.slice(0, -1).reduce<Members>((each, part) => {
      const inner = memberOf(each, part) ?? {};
      each[part] = inner;
      return inner;
    }, wire);
    holder[place.at(-1) as string] = value[name];
  }
  return wire;
}

function memberOf(holder: Members | undefined, name: string): Members | undefined {
  const member = holder?.[name];
  return typeof member === "object" && member !== null ? (member as Members) : undefined;
}
