/**
 * Upgrades: which migrations are applied, in which order, and what stands against it.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Entry } from "./book.ts";
import { named } from "./folder.ts";
import type { Migration } from "./migration.ts";
import type { RunOptions } from "./run.ts";
import { type MigrationState, type MigrationStatus, statusOf } from "./status.ts";
import type { Plan } from "./step.ts";

/** How a database is upgraded. */
export interface UpgradeOptions extends RunOptions {
  /** The last one to apply, by name. @default all */
  readonly to?: string | undefined;
  /** Whether one may be applied that comes before others that are. @default false */
  readonly isOutOfOrderAllowed?: boolean | undefined;
}

/**
 * What an upgrade does.
 *
 * @throws Fault M023 when one was edited, undone in part, or comes too late
 */
export function planUpgrade(
  migrations: readonly Migration[],
  book: ReadonlyMap<string, Entry>,
  options: UpgradeOptions,
): Plan[] {
  const statuses = statusOf(migrations, book);
  refuse(statuses, "edited", {
    what: "was edited after it was applied",
    hint: "Restore the file and write a new migration; in development, downgrade before you edit. If the edit changes nothing, `martlet db stamp <last>` enters it as it is now.",
  });
  const undone = statuses.filter(({ progress }) => progress?.direction === "down");
  if (undone.length > 0) throw stuck(undone, "was undone in part", "downgrade");
  const last =
    options.to === undefined
      ? undefined
      : named(
          migrations.map((each) => each.name),
          options.to,
        );
  const plans = migrations.filter(
    ({ name }) => book.get(name)?.state !== "applied" && (last === undefined || name <= last),
  );
  const names = new Set(plans.map(({ name }) => name));
  if (options.isOutOfOrderAllowed !== true) {
    const chosen = statuses.filter(({ name }) => names.has(name));
    refuse(chosen, "out of order", {
      what: "comes before one that is applied already",
      hint: "Rename its folder to a later timestamp, unless it is applied somewhere already; then allow it with --out-of-order.",
    });
  }
  return plans.map((migration) => {
    if (migration.up.statements.length === 0) throw empty(migration);
    return { migration, direction: "up", script: migration.up, entry: book.get(migration.name) };
  });
}

function refuse(
  statuses: readonly MigrationStatus[],
  state: MigrationState,
  { what, hint }: { readonly what: string; readonly hint: string },
): void {
  const [first, ...others] = statuses.filter((each) => each.state === state);
  if (first === undefined) return;
  const also = others.length === 0 ? "" : `, and ${others.length} more`;
  throw new Fault("M023", `${first.name} ${what}${also}`, { hint });
}

/** The fault of one that was left in the middle, in the other direction. */
export function stuck(
  statuses: readonly MigrationStatus[],
  what: string,
  command: "upgrade" | "downgrade",
): Fault {
  const names = statuses.map(({ name }) => name).join(", ");
  return new Fault("M023", `${names} ${what}`, {
    hint: `Run \`martlet db ${command}\` to finish it first; or finish it by hand, then enter where the database stands with \`martlet db stamp <name>\`.`,
  });
}

function empty({ up }: Migration): Fault {
  return new Fault("M025", "A migration has no statements", {
    trail: [up.file],
    hint: "Write them; for a step that changes nothing, write `select 1;`.",
  });
}
