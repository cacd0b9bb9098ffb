/**
 * Pinned transactions: one for all, never committed, in which tests run.
 *
 * @module
 */
import type { Dialect } from "./driver.ts";
import { Level } from "./level.ts";
import { within } from "./pool.ts";
import type { Session } from "./session.ts";

/** How long, in milliseconds, what stands for a transaction waits for others. */
const patience = 10_000;

/** How long the end waits for what is still open. */
const grace = 2000;

/** What makes a database check all that it leaves until a commit, and changes nothing. */
const checks: { readonly [D in Dialect]?: string } = {
  postgresql:
    "savepoint martlet_check; set constraints all immediate; rollback to savepoint martlet_check",
};

/** The level that everything is in. */
export function pinnedLevel(session: Session, dialect: Dialect): Level {
  return new Level(session, { check: checks[dialect], patience });
}

/** Rolls it back, after what still runs; ends what takes too long, and says so. */
export async function unpin(level: Level, session: Session): Promise<void> {
  if (await within(level.rollBack(), grace)) return;
  const error = new Error(
    "A transaction, or a statement, was still open at the end: await it, and nothing in it that waits for its end",
  );
  level.abandon(error);
  await within(session.abandon(error), grace);
  throw error;
}
