/**
 * Where a database stands: its book beside the folder of migrations.
 *
 * @module
 */
import type { Entry } from "./book.ts";
import { type Migration, partialChecksum } from "./migration.ts";

/**
 * Where a migration is.
 *
 * | state | |
 * | --- | --- |
 * | `applied` | it is in the database |
 * | `pending` | it is not |
 * | `out of order` | it is not, but a later one is |
 * | `edited` | its `up.sql` is not what was applied |
 * | `missing` | it was applied, and is not in the folder |
 * | `interrupted` | it is applied or undone in part, by a process that was ended or that runs now |
 */
export type MigrationState =
  | "applied"
  | "pending"
  | "out of order"
  | "edited"
  | "missing"
  | "interrupted";

/** One migration, and where it is. */
export interface MigrationStatus {
  readonly name: string;
  readonly state: MigrationState;
  /** When it was applied, ISO 8601 in UTC. */
  readonly appliedAt: string | undefined;
  /** How far an interrupted one has come. */
  readonly progress: MigrationProgress | undefined;
}

/** How far a migration has come that was interrupted. */
export interface MigrationProgress {
  readonly direction: "up" | "down";
  /** Whether a statement failed; if not, the process ended in the middle of one. */
  readonly isFailed: boolean;
  /** How many statements are done. */
  readonly done: number;
  /** Out of how many, where the file is there. */
  readonly of: number | undefined;
}

/** All that are in the folder or in the book, in the order of their names. */
export function statusOf(
  migrations: readonly Migration[],
  book: ReadonlyMap<string, Entry>,
): MigrationStatus[] {
  const folder = new Map(migrations.map((each) => [each.name, each]));
  const last = [...book.keys()].toSorted().at(-1) ?? "";
  return [...new Set([...folder.keys(), ...book.keys()])].toSorted().map((name) => {
    const [migration, entry] = [folder.get(name), book.get(name)];
    return {
      name,
      state: stateOf(migration, entry, name < last),
      appliedAt: entry?.appliedAt,
      progress: entry && progressOf(entry, migration),
    };
  });
}

function stateOf(
  migration: Migration | undefined,
  entry: Entry | undefined,
  isBefore: boolean,
): MigrationState {
  if (entry === undefined) return isBefore ? "out of order" : "pending";
  if (migration === undefined) return "missing";
  if (entry.state !== "applied") return "interrupted";
  return entry.checksum === migration.up.checksum ? "applied" : "edited";
}

function progressOf(entry: Entry, migration: Migration | undefined): MigrationProgress | undefined {
  if (entry.state === "applied") return undefined;
  const direction = entry.state.startsWith("up") ? "up" : "down";
  return {
    direction,
    isFailed: entry.state.endsWith("failed"),
    done: entry.statements,
    of: migration?.[direction]?.statements.length,
  };
}

/** Whether statements that are done already are not what is in the file now. */
export function isEditedBehind(entry: Entry, migration: Migration): boolean {
  const script = entry.state.startsWith("up") ? migration.up : migration.down;
  return script === undefined || partialChecksum(script, entry.statements) !== entry.checksum;
}
