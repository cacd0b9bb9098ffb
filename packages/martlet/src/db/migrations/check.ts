/**
 * The check of migrations, for CI: that they say what the schema says, and that nothing has happened
 * to those that were applied.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import type { Schema } from "./diff.ts";
import { readFolder } from "./folder.ts";
import { type Migration, refuseMalformed, type Script } from "./migration.ts";
import { drift } from "./revision.ts";
import { branched, headsOf, snapshotsOf } from "./snapshot.ts";
import { gist } from "./statements.ts";
import type { MigrationState, MigrationStatus } from "./status.ts";

/** What is wrong. */
export interface MigrationFinding {
  readonly rule:
    | "drift"
    | "branched"
    | "malformed"
    | Exclude<MigrationState, "applied" | "pending">;
  readonly message: string;
  /** What mends it. */
  readonly hint: string | undefined;
}

/** What is checked. */
export interface Checked {
  readonly directory: string;
  readonly dialect: Dialect;
  readonly schema: Schema | undefined;
}

/** What is wrong with the files. */
export async function checkFiles(checked: Checked): Promise<MigrationFinding[]> {
  const findings: MigrationFinding[] = [];
  try {
    const migrations = readFolder(checked.directory);
    findings.push(...malformed(migrations, checked.dialect));
    const heads = headsOf(snapshotsOf(migrations));
    if (heads.length > 1) findings.push(findingOf("branched", branched(heads)));
    else findings.push(...(await drifted(checked)));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    findings.push(findingOf("malformed", error));
  }
  return findings;
}

function malformed(migrations: readonly Migration[], dialect: Dialect): MigrationFinding[] {
  const scripts: Script[] = migrations.flatMap(({ up, down }) => [up, ...(down ? [down] : [])]);
  return scripts.flatMap((script) => {
    try {
      refuseMalformed(script, dialect);
      return [];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return [findingOf("malformed", error)];
    }
  });
}

function findingOf(
  rule: MigrationFinding["rule"],
  { message, hint, trail }: Fault,
): MigrationFinding {
  const first = message.split("\n")[0]?.replace(/^M\d+ /, "") ?? "";
  return { rule, message: [first, ...trail].join(": "), hint };
}

async function drifted({ directory, dialect, schema }: Checked): Promise<MigrationFinding[]> {
  if (schema === undefined) return [];
  const statements = await drift({ directory, dialect, schema }, schema);
  if (statements.length === 0) return [];
  const first = statements.slice(0, 3).map(gist).join("; ");
  const more = statements.length > 3 ? `, and ${statements.length - 3} more` : "";
  return [
    {
      rule: "drift",
      message: `The schema has changes that no migration makes: ${first}${more}`,
      hint: "Write them with `martlet db revision <name>`.",
    },
  ];
}

const states: { readonly [S in MigrationState]?: readonly [what: string, hint: string] } = {
  edited: ["was edited after it was applied", "Restore it, and write a new one."],
  missing: ["was applied, and is not in the folder", "Restore the folder."],
  "out of order": [
    "comes before one that is applied already",
    "Rename its folder to a later timestamp.",
  ],
  interrupted: ["is applied or undone in part", "Run upgrade or downgrade to finish it."],
};

/** What is wrong with a database. */
export function checkDatabase(statuses: readonly MigrationStatus[]): MigrationFinding[] {
  return statuses.flatMap(({ name, state }) => {
    const [what, hint] = states[state] ?? [];
    if (what === undefined || state === "applied" || state === "pending") return [];
    return [{ rule: state, message: `${name} ${what}`, hint }];
  });
}
