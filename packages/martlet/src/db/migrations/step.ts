/**
 * Steps: one migration, applied or undone.
 *
 * @module
 */
import type { Entry } from "./book.ts";
import type { Migration, Script } from "./migration.ts";
import type { Line } from "./target.ts";

/** A migration that was applied or undone. */
export interface MigrationStep {
  readonly name: string;
  readonly direction: "up" | "down";
  /** How many statements were run. */
  readonly statements: number;
  /** How long it took, in milliseconds. */
  readonly took: number;
  /** What an operator should know of it. */
  readonly notes: readonly string[];
}

/** A migration that is about to be applied or undone. */
export interface Plan {
  readonly migration: Migration;
  readonly direction: "up" | "down";
  readonly script: Script;
  /** What the book says of it. */
  readonly entry: Entry | undefined;
}

/** What a step is run with. */
export interface StepTools {
  readonly line: Line;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  /** How often a file is tried whose statement could not have its lock in time. */
  readonly attempts: number;
}

/** A step on its way. */
export interface Walk extends StepTools {
  readonly plan: Plan;
  readonly notes: string[];
  /** How long it has taken, in milliseconds. */
  readonly took: () => number;
}

/** How many of a plan's statements are done already. */
export function doneBefore({ entry, direction }: Plan): number {
  const state = direction === "up" ? /^upg/ : /^downg/;
  return entry !== undefined && state.test(entry.state) ? entry.statements : 0;
}

/** The entry of a migration that is applied. */
export function appliedEntry(walk: Walk): Entry {
  const { migration } = walk.plan;
  return {
    name: migration.name,
    checksum: migration.up.checksum,
    state: "applied",
    statements: migration.up.statements.length,
    appliedAt: walk.now().toISOString(),
    took: walk.took(),
  };
}
