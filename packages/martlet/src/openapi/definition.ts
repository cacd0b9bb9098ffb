/**
 * Definitions: the components that come from schemas, while their final names are still open.
 *
 * @module
 */
import type { SchemaSide } from "../schema/adapter.ts";
import type { JsonSchema } from "./document.ts";
import { mapReferences } from "./json.ts";

/** A component that comes from a schema, as far as its sides are told. */
export type Definition = Readonly<Partial<Record<SchemaSide, JsonSchema>>>;

/** Definitions by name. */
export type Definitions = ReadonlyMap<string, Definition>;

const place = "#/components/schemas/";
/** Stands in a reference between a name and its side until both are settled. */
const mark = "~";

/** What a reference leads to; without a side, its name is settled. */
export interface Target {
  readonly name: string;
  readonly side?: SchemaSide;
}

/** The reference to a component. */
export function referenceTo({ name, side }: Target): string {
  return side === undefined ? place + name : `${place}${name}${mark}${side}`;
}

/** The component that a reference leads to. */
export function targetOf(reference: string): Target {
  const [name = "", side] = reference.slice(place.length).split(mark);
  return side === undefined ? { name } : { name, side: side as SchemaSide };
}

/** What {@link mergeTwins} gives. */
export interface Merged {
  readonly definitions: Definitions;
  /** The name that stands for each of those that were merged into it. */
  readonly firsts: ReadonlyMap<string, string>;
}

/**
 * Makes one of definitions that say the same and wanted the same name: what two calls of one function
 * made, or a recursive schema that was met in two places.
 */
export function mergeTwins(definitions: Definitions, wanted: (name: string) => string): Merged {
  const kinds = kindsOf(definitions);
  const firsts = new Map<string, string>();
  const left = new Map<string, Definition>();
  for (const group of Map.groupBy(definitions.keys(), wanted).values()) {
    for (const name of group) {
      const first = group.find((each) => left.has(each) && agree(kinds.get(each), kinds.get(name)));
      left.set(first ?? name, { ...definitions.get(name), ...(first && left.get(first)) });
      if (first === undefined) continue;
      firsts.set(name, first);
      kinds.set(first, { ...kinds.get(name), ...kinds.get(first) });
    }
  }
  const map = (reference: string): string => {
    const { name, ...side } = targetOf(reference);
    return referenceTo({ name: firsts.get(name) ?? name, ...side });
  };
  const mapped = [...left].map(
    ([name, each]) => [name, mapReferences(each, map) as Definition] as const,
  );
  return { definitions: new Map(mapped), firsts };
}

/** Numbers for the sides of a definition: equal ones, also recursive ones, have the same. */
type Kinds = Readonly<Partial<Record<SchemaSide, number>>>;

function kindsOf(definitions: Definitions): Map<string, Kinds> {
  let kinds = new Map<string, Kinds>();
  // Ever finer, until nothing more is found to differ.
  for (let count = -1; ;) {
    const seen = new Map<string, number>();
    const number = (schema: JsonSchema): number => {
      const text = JSON.stringify(
        mapReferences(schema, (reference) => {
          const { name, side = "input" } = targetOf(reference);
          return String(kinds.get(name)?.[side]);
        }),
      );
      return seen.get(text) ?? seen.set(text, seen.size).size - 1;
    };
    const next = new Map<string, Kinds>();
    for (const [name, { input, output }] of definitions) {
      next.set(name, {
        ...(input && { input: number(input) }),
        ...(output && { output: number(output) }),
      });
    }
    if (seen.size === count) return next;
    count = seen.size;
    kinds = next;
  }
}

/** Whether two definitions may be one: they have something in common, and nothing against it. */
function agree(one: Kinds = {}, other: Kinds = {}): boolean {
  const sides = ["input", "output"] as const;
  const clash = sides.some(
    (side) => one[side] !== undefined && other[side] !== undefined && one[side] !== other[side],
  );
  return !clash && Object.values(one).some((each) => Object.values(other).includes(each));
}

function bare(reference: string): string {
  return targetOf(reference).name;
}

/** The names whose two sides differ, in themselves or in what they refer to. */
export function splitNames(definitions: Definitions): ReadonlySet<string> {
  const split = new Set<string>();
  const both = [...definitions].filter(([, each]) => each.input && each.output);
  for (const [name, { input, output }] of both) {
    const [taken, given] = [input, output].map((each) => JSON.stringify(mapReferences(each, bare)));
    if (taken !== given) split.add(name);
  }
  for (let before = -1; before !== split.size;) {
    before = split.size;
    for (const [name, { input }] of both) {
      mapReferences(input, (each) => {
        if (split.has(bare(each))) split.add(name);
        return each;
      });
    }
  }
  return split;
}
