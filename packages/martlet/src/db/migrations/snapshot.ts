/**
 * Snapshots: the schema as it is after a migration, in the form of drizzle-kit. Each names those that
 * it follows, so that two branches of one history are found.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Migration } from "./migration.ts";

/** A part of a schema: a table, a column, an index and so on. */
interface Entity {
  /** `"tables"`, `"columns"`, … */
  readonly entityType: string;
  readonly name: string;
  /** Of PostgreSQL only. */
  readonly schema?: string | null;
  readonly table?: string;
}

/** A schema at one time. It has more members, which only drizzle-kit knows. */
export interface Snapshot {
  readonly id: string;
  /** The ids of those that it follows. */
  readonly prevIds: readonly string[];
  /** `"postgres"`, `"mysql"` or `"sqlite"`. */
  readonly dialect: string;
  readonly ddl: readonly Entity[];
}

/** A snapshot, and whose it is. */
export interface Kept {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** The snapshots of a folder, in the order of the names; a migration by hand has none. */
export function snapshotsOf(migrations: readonly Migration[]): Kept[] {
  return migrations.flatMap(({ name, snapshot }) =>
    snapshot === undefined ? [] : [{ name, snapshot: parse(name, snapshot) }],
  );
}

/** Those that no other follows. There are several when branches were merged. */
export function headsOf(kept: readonly Kept[]): Kept[] {
  const followed = new Set(kept.flatMap(({ snapshot }) => snapshot.prevIds));
  return kept.filter(({ snapshot }) => !followed.has(snapshot.id));
}

/**
 * The newest snapshot.
 *
 * @throws Fault M023 when there are several
 */
export function headOf(kept: readonly Kept[]): Snapshot | undefined {
  const heads = headsOf(kept);
  if (heads.length > 1) throw branched(heads);
  return heads[0]?.snapshot;
}

/** The fault of a history that has several ends. */
export function branched(heads: readonly Kept[]): Fault {
  const names = heads.map(({ name }) => name).join(" and ");
  return new Fault("M023", `The migrations branch: nothing follows ${names}`, {
    hint: "Remove the one that is not merged yet and write it anew after the other; or, if they go together, join them with `martlet db revision <name> --merge`.",
  });
}

function parse(name: string, text: string): Snapshot {
  let value: unknown;
  let cause: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    cause = error;
  }
  if (isSnapshot(value)) return value;
  throw new Fault("M025", `The snapshot of ${name} cannot be read`, {
    hint: "Restore snapshot.json; it may have marks of a merge.",
    cause,
  });
}

function isSnapshot(value: unknown): value is Snapshot {
  if (typeof value !== "object" || value === null) return false;
  const { id, prevIds, ddl } = value as { readonly [K in keyof Snapshot]?: unknown };
  return typeof id === "string" && Array.isArray(prevIds) && Array.isArray(ddl);
}
