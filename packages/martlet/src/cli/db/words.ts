/**
 * What the commands of the database say alike.
 *
 * @module
 */

import type { MigrationStep } from "../../db/index.ts";

/** A step in one line, with its notes below. */
export function stepInWords({ name, direction, took, notes }: MigrationStep): string {
  const did = direction === "up" ? "applied" : "undid";
  return [`${did} ${name} (${took} ms)`, ...notes.map((note) => `  ${note}`)].join("\n");
}

/** A count with its noun: `1 migration`, `2 migrations`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
