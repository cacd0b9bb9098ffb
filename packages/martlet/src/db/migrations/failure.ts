/**
 * Statements of migrations that fail, told with the file, the statement and what is left of it.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../index.ts";
import type { Plan, Walk } from "./step.ts";
import { gist } from "./statements.ts";

/** The fault of a statement that failed; `kept` says how many before it stay done. */
export function failed(
  plan: Plan,
  index: number,
  failure: { kept: number; cause: unknown },
): Fault {
  const { script, migration, direction } = plan;
  const { kept, cause } = failure;
  const statement = script.statements[index];
  const place =
    statement === undefined
      ? "the commit"
      : `statement ${index + 1} of ${script.statements.length}: ${gist(statement)}`;
  const what = direction === "up" ? "did not go through" : "could not be undone";
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault("M026", `The migration ${migration.name} ${what}: ${reason}`, {
    trail: [script.file, place],
    hint: hintOf(plan, kept),
    cause,
  });
}

function hintOf({ script, direction }: Plan, kept: number): string {
  const command = direction === "up" ? "upgrade" : "downgrade";
  if (kept === 0) return `Nothing of the file was kept: mend it, then run ${command} again.`;
  const done = kept === 1 ? "Statement 1 is" : `Statements 1 to ${kept} are`;
  return `${done} done and will not be run again: mend the rest of ${script.file}, then run ${command} again.`;
}

/** Tries again what could not have a lock in time: who holds it may be gone by then. */
export async function retrying(walk: Walk, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLockTimeout(error) || attempt >= walk.attempts) throw error;
      walk.notes.push(`attempt ${attempt} could not have a lock in time`);
      await sleep(500 + Math.random() * 500, undefined, { signal: walk.signal });
    }
  }
}

function isLockTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // 55P03 is PostgreSQL's lock_not_available, 1205 MySQL's.
  const isLate =
    ("code" in error && error.code === "55P03") || ("errno" in error && error.errno === 1205);
  return isLate || isLockTimeout(error.cause);
}
