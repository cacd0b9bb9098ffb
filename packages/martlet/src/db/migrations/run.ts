/**
 * Running migrations: one process at a time, on one connection, in an order that was checked first.
 *
 * @module
 */
import { apply } from "./apply.ts";
import { openBook, readBook } from "./book.ts";
import { refuseMalformed } from "./migration.ts";
import type { Line, LineOptions, MigrationTarget } from "./target.ts";
import { onLine } from "./target.ts";
import type { Entry } from "./book.ts";
import type { MigrationStep, Plan } from "./step.ts";
import { inTurn, type TurnOptions } from "./turn.ts";

/** How migrations are run. Times are in milliseconds. */
export interface RunOptions extends LineOptions, TurnOptions {
  /** How often a file is tried that could not have a lock in time. @default 3 */
  readonly attempts?: number;
  /** Receives each step when it is done. */
  readonly report?: (step: MigrationStep) => void;
  /** The clock of the book. @default the system's */
  readonly now?: () => Date;
}

/** What is to be done, according to the book. */
export type Planner = (book: ReadonlyMap<string, Entry>) => readonly Plan[];

/** Runs what each planner says, one after the other in one turn. */
export function run(
  target: MigrationTarget,
  options: RunOptions,
  planners: readonly Planner[],
): Promise<readonly MigrationStep[]> {
  return onLine(target, options, async (line) => {
    // Most starts have nothing to do, and need not wait for each other to find out.
    const isIdle = await isNothing(line, planners);
    if (isIdle) return [];
    return inTurn(line, options, async () => {
      const steps: MigrationStep[] = [];
      for (const planner of planners) steps.push(...(await runAll(line, options, planner)));
      return steps;
    });
  });
}

async function isNothing(line: Line, planners: readonly Planner[]): Promise<boolean> {
  const book = await readBook(line);
  // The first may be refused only in turn: what another process does now may be what is wrong.
  if ([...book.values()].some((each) => each.state !== "applied")) return false;
  return planners.every((planner) => planner(book).length === 0);
}

async function runAll(
  line: Line,
  options: RunOptions,
  planner: Planner,
): Promise<readonly MigrationStep[]> {
  const plans = planner(await readBook(line));
  if (plans.length === 0) return [];
  for (const { script } of plans) refuseMalformed(script, line.dialect);
  await openBook(line);
  const { attempts = 3, now = () => new Date(), signal, report } = options;
  const steps: MigrationStep[] = [];
  for (const plan of plans) {
    const step = await apply({ line, attempts, now, signal }, plan);
    steps.push(step);
    report?.(step);
  }
  return steps;
}

/** Reads the book of a database, which waits for nobody. */
export function look(
  target: MigrationTarget,
  options: LineOptions = {},
): Promise<ReadonlyMap<string, Entry>> {
  return onLine(target, options, readBook);
}
