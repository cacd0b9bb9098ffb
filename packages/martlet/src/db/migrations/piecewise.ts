/**
 * Files whose statements cannot share a transaction: each is entered in the book as it is done, so
 * that one that was interrupted goes on where it was.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import { type Entry, type EntryState, removeEntry, writeEntry } from "./book.ts";
import { failed, retrying } from "./failure.ts";
import { clearIndex, isAlreadyDone } from "./interrupted.ts";
import { partialChecksum } from "./migration.ts";
import { isEditedBehind } from "./status.ts";
import { appliedEntry, doneBefore, type Walk } from "./step.ts";
import { bare } from "./statements.ts";

/** Runs a file statement by statement, from where it was left. */
export async function runPiecewise(walk: Walk): Promise<void> {
  const { line, plan } = walk;
  const from = doneBefore(plan);
  refuseEdited(walk, from);
  let isInterrupted = isInProgress(plan.entry?.state);
  await writeEntry(line, progress(walk, from), plan.entry === undefined);
  for (let index = from; index < plan.script.statements.length; index += 1) {
    try {
      walk.signal?.throwIfAborted();
      const isAgain = isInterrupted;
      await retrying(walk, () => runOne(walk, index, isAgain));
    } catch (cause) {
      const stopped = { ...progress(walk, index), state: stateOf(walk, "failed") };
      // A connection that is lost leaves it as it is: interrupted.
      await line.run("rollback").catch(() => undefined);
      await writeEntry(line, stopped, false).catch(() => undefined);
      throw failed(plan, index, { kept: index, cause });
    }
    isInterrupted = false;
  }
  if (plan.direction === "up") await writeEntry(line, appliedEntry(walk), false);
  else await removeEntry(line, plan.migration.name);
}

function refuseEdited({ plan }: Walk, from: number): void {
  const { entry, migration, script } = plan;
  if (from === 0 || entry === undefined || !isEditedBehind(entry, migration)) return;
  throw new Fault(
    "M023",
    `The first ${from} statements of a migration were edited after they were run`,
    {
      trail: [script.file],
      hint: "Restore them: only what comes after them may still be changed.",
    },
  );
}

function isInProgress(state: EntryState | undefined): boolean {
  return state === "upgrading" || state === "downgrading";
}

function stateOf({ plan }: Walk, how: "running" | "failed"): EntryState {
  if (plan.direction === "up") return how === "running" ? "upgrading" : "upgrade failed";
  return how === "running" ? "downgrading" : "downgrade failed";
}

/** The entry of a file of which some statements are done. */
function progress(walk: Walk, done: number): Entry {
  return {
    ...appliedEntry(walk),
    ...(walk.plan.direction === "down" && { appliedAt: walk.plan.entry?.appliedAt ?? "" }),
    checksum: partialChecksum(walk.plan.script, done),
    state: stateOf(walk, "running"),
    statements: done,
  };
}

/**
 * Runs a statement and enters it. Where a database can do both or nothing, it does; where it cannot,
 * a process may be killed between the two, and `isInterrupted` then says that the statement may have
 * taken effect.
 */
async function runOne(walk: Walk, index: number, isInterrupted: boolean): Promise<void> {
  const { line, plan } = walk;
  const statement = plan.script.statements[index] ?? "";
  const enter = (): Promise<void> => writeEntry(line, progress(walk, index + 1), false);
  const isBuilt = (await clearIndex(line, statement)) === "built";
  if (isBuilt && isInterrupted) {
    noteDone(walk, index);
    return enter();
  }
  const isShared = canShare(walk, statement);
  if (isShared) await line.run("begin");
  try {
    await runPatiently(walk, statement);
  } catch (error) {
    if (isShared) await line.run("rollback");
    if (!isInterrupted || !isAlreadyDone(error, statement, line.dialect)) throw error;
    noteDone(walk, index);
    return enter();
  }
  await enter();
  if (isShared) await line.run("commit");
}

function noteDone(walk: Walk, index: number): void {
  walk.notes.push(`statement ${index + 1} had taken effect before it was interrupted`);
}

/** Whether a statement can share a transaction with its entry: those that change rows. */
function canShare({ line }: Walk, statement: string): boolean {
  const code = bare(statement, line.dialect);
  return /^\s*(?:insert|update|delete|merge|replace|with|load)\b/i.test(code);
}

/** An index that is built concurrently blocks nobody, and has to wait for all who came before. */
async function runPatiently({ line }: Walk, statement: string): Promise<void> {
  const isPatient =
    line.dialect === "postgresql" && /\bconcurrently\b/i.test(bare(statement, line.dialect));
  if (!isPatient) {
    await line.run(statement);
    return;
  }
  const [found] = await line.run("select current_setting('lock_timeout') as lock_timeout");
  await line.run("set lock_timeout = 0");
  try {
    await line.run(statement);
  } finally {
    await line.run("select set_config('lock_timeout', $1, false)", [found?.["lock_timeout"]]);
  }
}
