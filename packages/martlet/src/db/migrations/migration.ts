/**
 * One migration: SQL that takes a database a step up, and SQL that takes it down again.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { isControl, isSeveral, next, statementsOf } from "./statements.ts";

/** The SQL of one direction. */
export interface Script {
  /** The path of the file. */
  readonly file: string;
  readonly statements: readonly string[];
  /** SHA-256 of the text in hexadecimal, the same with the line ends of every system. */
  readonly checksum: string;
  /** Whether it runs in a transaction of its own: unless a line `-- martlet:no-transaction` forbids it. */
  readonly isTransactional: boolean;
}

/** One folder of migrations. */
export interface Migration {
  /** The name of the folder: `20260131120000_users`. */
  readonly name: string;
  readonly up: Script;
  readonly down: Script | undefined;
  /** The text of the snapshot of the schema, where there is one. */
  readonly snapshot: string | undefined;
}

/** The line that keeps a file out of a transaction. */
export const directive = "-- martlet:no-transaction";

/** Reads the text of a file. */
export function scriptOf(file: string, text: string): Script {
  const normal = normalize(text);
  return {
    file,
    statements: statementsOf(normal),
    checksum: digest(normal),
    isTransactional: !/^--\s*martlet:no-transaction\s*$/m.test(normal),
  };
}

/** The checksum of the first statements of a file, for one that has not come further. */
export function partialChecksum({ statements }: Script, count: number): string {
  return digest(statements.slice(0, count).join(`\n${next}\n`));
}

/** Refuses what a database would misunderstand, or understand in part. */
export function refuseMalformed(script: Script, dialect: Dialect): void {
  for (const [index, statement] of script.statements.entries()) {
    const trail = [script.file, `statement ${index + 1} of ${script.statements.length}`];
    if (isControl(statement, dialect)) {
      throw new Fault("M025", "A migration begins or ends a transaction itself", {
        trail,
        hint: `Remove the statement: each file has a transaction of its own, and \`${directive}\` keeps one out of it.`,
      });
    }
    if (isSeveral(statement, dialect)) {
      throw new Fault("M025", "A migration has several statements in one", {
        trail,
        hint: `Put a line \`${next}\` between them.`,
      });
    }
  }
}

function normalize(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
