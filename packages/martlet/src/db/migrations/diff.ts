/**
 * Differences between two schemas, as SQL. drizzle-kit finds them.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { loadKit } from "../packages.ts";
import {
  type Change,
  creationOf,
  type Hint,
  openQuestions,
  type Question,
  unanswered,
} from "./rename.ts";
import type { Snapshot } from "./snapshot.ts";

/** The tables, enums and so on of a schema in TypeScript, by any names. */
export type Schema = Readonly<Record<string, unknown>>;

/** What is used of drizzle-kit, which says it for each dialect in its own words. */
interface Kit {
  readonly generateDrizzleJson: (schema: Schema, previous?: string) => Promise<Snapshot>;
  readonly generateMigration: (
    before: Snapshot,
    after: Snapshot,
    options: { readonly hints: readonly Hint[] },
  ) => Promise<readonly string[]>;
}

/** What compares schemas. */
export interface Differ {
  /** The snapshot of a schema, which follows another one. */
  readonly snapshot: (schema: Schema, previous?: string) => Promise<Snapshot>;
  /** The SQL that makes one schema of another. What is not answered by hints is a fault, or new. */
  readonly statements: (
    change: Change,
    hints: readonly Hint[],
    options: { readonly isAsking: boolean },
  ) => Promise<readonly string[]>;
}

/** Loads what compares the schemas of a dialect. */
export async function differ(dialect: Dialect): Promise<Differ> {
  // Its three modules have these two functions alike, with types of their own for what goes between.
  const kit = (await loadKit(dialect)) as Kit;
  return {
    snapshot: (schema, previous) => kit.generateDrizzleJson(schema, previous),
    statements: async (change, hints, { isAsking }) => {
      const found = await statements(kit, change, { hints, isAsking });
      return dialect === "sqlite" ? withoutReferences(found) : found;
    },
  };
}

/**
 * SQLite drops with a table the rows that refer to it, or refuses: the order in which tables are
 * dropped must not matter, as it does not with others, whose foreign keys are dropped first.
 */
function withoutReferences(statements: readonly string[]): readonly string[] {
  const isDropping = statements.some((each) => /^drop table/i.test(each));
  const isDone = statements.some((each) => /^pragma foreign_keys\b/i.test(each));
  if (!isDropping || isDone) return statements;
  return ["PRAGMA foreign_keys=OFF;", ...statements, "PRAGMA foreign_keys=ON;"];
}

interface Known {
  readonly hints: readonly Hint[];
  readonly isAsking: boolean;
}

/** Asks until there is no question left. Each round answers some, so it comes to an end. */
async function statements(
  kit: Kit,
  change: Change,
  { hints, isAsking }: Known,
): Promise<readonly string[]> {
  try {
    const found = await kit.generateMigration(change.before, change.after, { hints });
    return found.map((each) => each.trim());
  } catch (error) {
    const questions = questionsOf(error);
    if (questions === undefined) throw error;
    const open = isAsking ? openQuestions(questions) : [];
    if (open.length > 0) throw unanswered(open, change);
    return statements(kit, change, { hints: [...hints, ...questions.map(creationOf)], isAsking });
  }
}

/** The questions in an error; an error whose hints do not fit is told as a fault. */
function questionsOf(error: unknown): readonly Question[] | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code === "invalid_hints") {
    throw new Fault("M027", `A rename does not fit: ${error.message}`, {
      hint: "Write old:new, with the names that they have in the database.",
      cause: error,
    });
  }
  if (error.code !== "missing_hints" || !("missingHints" in error)) return undefined;
  return error.missingHints as readonly Question[];
}
