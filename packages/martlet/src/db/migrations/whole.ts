/**
 * Files that run in a transaction, together with their entry in the book: all of it or nothing.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { removeEntry, writeEntry } from "./book.ts";
import { failed, retrying } from "./failure.ts";
import { appliedEntry, type Walk } from "./step.ts";
import { bare } from "./statements.ts";
import type { Line } from "./target.ts";

/** Runs a whole file. */
export function runWhole(walk: Walk): Promise<void> {
  return retrying(walk, () => withoutReferences(walk, () => once(walk)));
}

async function once(walk: Walk): Promise<void> {
  const { line, plan } = walk;
  const { statements } = plan.script;
  let index = 0;
  await begin(line, walk.signal);
  try {
    // First, so that whoever did the same without the turn is found out before any harm.
    if (plan.direction === "up") await writeEntry(line, appliedEntry(walk), true);
    else await removeEntry(line, plan.migration.name);
    for (; index < statements.length; index += 1) {
      walk.signal?.throwIfAborted();
      const statement = statements[index] ?? "";
      if (!isReferencePragma(statement, line)) await line.run(statement);
    }
    await refuseDangling(walk);
    if (plan.direction === "up") await writeEntry(line, appliedEntry(walk), false);
    await line.run("commit");
  } catch (cause) {
    await line.run("rollback").catch(() => undefined);
    throw failed(plan, index, { kept: 0, cause });
  }
}

/** Begins; SQLite at once with the right to write, which another process may have for a moment. */
async function begin(line: Line, signal: AbortSignal | undefined): Promise<void> {
  if (line.dialect !== "sqlite") {
    await line.run("begin");
    return;
  }
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      await line.run("begin immediate");
      return;
    } catch (error) {
      if (performance.now() > until || !/locked|busy/i.test(String(error))) throw error;
      await sleep(50, undefined, { signal });
    }
  }
}

/**
 * SQLite follows no `pragma foreign_keys` inside of a transaction, and a table that is dropped to be
 * made anew takes along the rows that refer to it: the pragma has to be set around the transaction.
 */
async function withoutReferences(walk: Walk, work: () => Promise<void>): Promise<void> {
  const { line, plan } = walk;
  if (!plan.script.statements.some((each) => isReferencePragma(each, line))) return work();
  const [found] = await line.run("pragma foreign_keys");
  await line.run("pragma foreign_keys = off");
  try {
    await work();
  } finally {
    await line.run(`pragma foreign_keys = ${Number(found?.["foreign_keys"] ?? 0)}`);
  }
}

function isReferencePragma(statement: string, { dialect }: Line): boolean {
  return dialect === "sqlite" && /^\s*pragma\s+foreign_keys\b/i.test(bare(statement, dialect));
}

/** What SQLite did not check meanwhile. */
async function refuseDangling({ line, plan }: Walk): Promise<void> {
  if (!plan.script.statements.some((each) => isReferencePragma(each, line))) return;
  const rows = await line.run("pragma foreign_key_check");
  const tables = [...new Set(rows.map((row) => String(row["table"])))];
  if (tables.length > 0) {
    throw new Error(`${rows.length} rows refer to nothing, in ${tables.join(", ")}`);
  }
}
