/**
 * Migrations: a folder of SQL, and what can be done with it.
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { checkDatabase, checkFiles, type MigrationFinding } from "./check.ts";
import type { Schema } from "./diff.ts";
import { type DowngradeOptions, planDowngrade } from "./downgrade.ts";
import { readExisting, readFolder } from "./folder.ts";
import { type Revision, type RevisionOptions, writeRevision } from "./revision.ts";
import { look, run, type RunOptions } from "./run.ts";
import { sqlOf } from "./script.ts";
import { stamp } from "./stamp.ts";
import { type MigrationStatus, statusOf } from "./status.ts";
import type { MigrationStep } from "./step.ts";
import type { MigrationTarget } from "./target.ts";
import { planUpgrade, type UpgradeOptions } from "./upgrade.ts";

/** What migrations are made of. */
export interface MigrationsOptions {
  /** The folder, relative to the working directory, or as a `file:` URL. */
  readonly directory: string | URL;
  /** Drizzle's tables, enums and so on, by any names: `import * as schema`. @default none, all SQL is by hand */
  readonly schema?: Schema | undefined;
  /** What the schema is written for. @default "postgresql" */
  readonly dialect?: Dialect | undefined;
}

/** How a database is emptied and filled again. */
export interface ResetOptions extends RunOptions {
  /** Whether it may be done in production. @default false */
  readonly isForced?: boolean | undefined;
  /** `"production"` has to be forced. @default process.env.NODE_ENV */
  readonly environment?: string | undefined;
}

/** Which SQL is told. */
export interface SqlOptions extends Pick<UpgradeOptions, "to" | "isOutOfOrderAllowed"> {
  /** @default "up" */
  readonly direction?: "up" | "down" | undefined;
  /** How many to undo; for `"down"` only. @default 1 */
  readonly steps?: number | undefined;
  /** The clock of the book. @default the system's */
  readonly now?: () => Date;
}

/** A folder of migrations. A database is given to each function; an application's is `db.$engine`. */
export interface Migrations {
  /** Where they are, absolute. */
  readonly directory: string;
  readonly dialect: Dialect;
  /** Where a database stands. It changes nothing and waits for nobody. */
  readonly status: (target: MigrationTarget) => Promise<readonly MigrationStatus[]>;
  /**
   * Applies what is pending, and gives what was applied.
   *
   * @throws Fault M018, M023, M025, M026 or M028
   */
  readonly upgrade: (
    target: MigrationTarget,
    options?: UpgradeOptions,
  ) => Promise<readonly MigrationStep[]>;
  /**
   * Undoes the last one, or more, and gives what was undone.
   *
   * @throws Fault M018, M023, M024, M025, M026 or M028
   */
  readonly downgrade: (
    target: MigrationTarget,
    options?: DowngradeOptions,
  ) => Promise<readonly MigrationStep[]>;
  /**
   * Undoes all and applies all.
   *
   * @throws Fault M029 in production, and what the other two throw
   */
  readonly reset: (
    target: MigrationTarget,
    options?: ResetOptions,
  ) => Promise<readonly MigrationStep[]>;
  /** The SQL of an upgrade or a downgrade, which is not run; empty if there is nothing to do. */
  readonly sql: (target: MigrationTarget, options?: SqlOptions) => Promise<string>;
  /** Enters all up to one as applied, and no other, without running anything; `undefined` for none. */
  readonly stamp: (
    target: MigrationTarget,
    last: string | undefined,
    options?: RunOptions,
  ) => Promise<readonly MigrationStatus[]>;
  /** What is wrong: with the files, and with a database if there is one. */
  readonly check: (target?: MigrationTarget) => Promise<readonly MigrationFinding[]>;
  /**
   * Writes what has changed in the schema, and gives what was written: nothing when nothing has, two
   * when indexes are built concurrently.
   *
   * @throws Fault M017 without drizzle-kit, M018, M023, M025, and M027 when something may be a rename
   */
  readonly revision: (name: string, options?: RevisionOptions) => Promise<readonly Revision[]>;
}

/**
 * Describes a folder of migrations.
 *
 * @example
 * ```ts no-run
 * import { dependency } from "martlet";
 * import { database, migrations } from "martlet/db";
 *
 * const db = database({ url: "embedded:" });
 * const ours = migrations({ directory: new URL("../migrations/", import.meta.url) });
 * const migrated = dependency({ use: { db }, scope: "app" }, ({ db }) => ours.upgrade(db.$engine));
 * ```
 */
export function migrations(options: MigrationsOptions): Migrations {
  const { schema, dialect = "postgresql" } = options;
  const directory = pathOf(options.directory);
  const source = { directory, schema, dialect };
  const statusIn = async (target: MigrationTarget): Promise<readonly MigrationStatus[]> =>
    statusOf(readFolder(directory), await look(target));
  return {
    directory,
    dialect,
    status: statusIn,
    upgrade: async (target, options = {}) => {
      const all = readExisting(directory);
      return run(target, options, [(book) => planUpgrade(all, book, options)]);
    },
    downgrade: async (target, options = {}) => {
      const all = readFolder(directory);
      return run(target, options, [(book) => planDowngrade(all, book, options)]);
    },
    reset: (target, options = {}) => reset(directory, target, options),
    sql: (target, options = {}) => sql(directory, target, options),
    stamp: async (target, last, options = {}) =>
      stamp(target, readFolder(directory), { ...options, to: last }),
    check: async (target) => [
      ...(await checkFiles(source)),
      ...(target === undefined ? [] : checkDatabase(await statusIn(target))),
    ],
    revision: async (name, options = {}) => writeRevision(source, name, options),
  };
}

async function reset(
  directory: string,
  target: MigrationTarget,
  options: ResetOptions,
): Promise<readonly MigrationStep[]> {
  const { isForced = false, environment = process.env["NODE_ENV"] } = options;
  if (environment === "production" && !isForced) {
    throw new Fault("M029", "A reset removes all data, and this is production", {
      hint: "Make a backup, then say so with --yes.",
    });
  }
  const all = readExisting(directory);
  return run(target, options, [
    (book) => planDowngrade(all, book, { steps: Infinity }),
    (book) => planUpgrade(all, book, {}),
  ]);
}

async function sql(
  directory: string,
  target: MigrationTarget,
  options: SqlOptions,
): Promise<string> {
  const { direction = "up", now = () => new Date() } = options;
  const all = readExisting(directory);
  const book = await look(target);
  const plans =
    direction === "up" ? planUpgrade(all, book, options) : planDowngrade(all, book, options);
  return sqlOf(plans, target.dialect, now());
}

function pathOf(directory: string | URL): string {
  if (typeof directory === "string" && !directory.startsWith("file:")) return resolve(directory);
  return resolve(fileURLToPath(directory));
}
