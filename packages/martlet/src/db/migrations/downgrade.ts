/**
 * Downgrades: which migrations are undone, the last one first.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Entry } from "./book.ts";
import { named } from "./folder.ts";
import type { Migration } from "./migration.ts";
import type { RunOptions } from "./run.ts";
import { statusOf } from "./status.ts";
import type { Plan } from "./step.ts";
import { stuck } from "./upgrade.ts";

/** How a database is downgraded. */
export interface DowngradeOptions extends RunOptions {
  /** How many to undo; `Infinity` for all. @default 1, unless `to` is given */
  readonly steps?: number | undefined;
  /** The last one to keep, by name. */
  readonly to?: string | undefined;
}

/**
 * What a downgrade does. All of it is looked at before any of it is done.
 *
 * @throws Fault M023 when one is applied in part, M024 when one has no `down.sql`
 */
export function planDowngrade(
  migrations: readonly Migration[],
  book: ReadonlyMap<string, Entry>,
  options: DowngradeOptions,
): Plan[] {
  const applied = [...book.values()]
    .map(({ name }) => name)
    .toSorted()
    .reverse();
  const chosen =
    options.to === undefined
      ? applied.slice(0, options.steps ?? 1)
      : applied.slice(0, applied.indexOf(named(applied, options.to)));
  const names = new Set(chosen);
  const begun = statusOf(migrations, book).filter(
    ({ name, progress }) => names.has(name) && progress?.direction === "up",
  );
  if (begun.length > 0) throw stuck(begun, "is applied in part", "upgrade");
  const folder = new Map(migrations.map((each) => [each.name, each]));
  return chosen.map((name) => planOf(name, folder.get(name), book.get(name)));
}

function planOf(name: string, migration: Migration | undefined, entry: Entry | undefined): Plan {
  if (migration === undefined) {
    throw new Fault("M024", `${name} cannot be undone: its folder is not there`, {
      hint: "Restore the folder, from the branch that it was written on.",
    });
  }
  const script = migration.down;
  if (script === undefined) {
    throw new Fault("M024", `${name} cannot be undone: it has no down.sql`, {
      trail: [migration.up.file],
      hint: "Write down.sql beside it, or restore a backup from before it.",
    });
  }
  return { migration, direction: "down", script, entry };
}
