/**
 * Turns: one process migrates at a time, whichever it is and wherever it runs.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../index.ts";
import { tryLock } from "../lock.ts";
import type { Line } from "./target.ts";

/** How a turn is waited for. */
export interface TurnOptions {
  /** How long, in milliseconds, to wait for another process that migrates. @default 60000 */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What ends a turn. */
type End = () => unknown;

/** Runs work while no other process does. It ends with the connection, if the process is killed. */
export async function inTurn<T>(
  line: Line,
  options: TurnOptions,
  work: () => Promise<T>,
): Promise<T> {
  const end = await waitForTurn(line, options);
  try {
    return await work();
  } finally {
    await end();
  }
}

/**
 * Asks again and again. One that waits inside of PostgreSQL's lock would wait for ever for an index
 * that is built concurrently under that lock, which in turn waits for every statement that runs.
 */
async function waitForTurn(line: Line, options: TurnOptions): Promise<End> {
  const { patience = 60_000, signal } = options;
  const until = performance.now() + patience;
  const take = await turnOf(line);
  for (;;) {
    const end = await take();
    if (end !== undefined) return end;
    if (performance.now() > until) throw tooLong(patience);
    await sleep(100 + Math.random() * 100, undefined, { signal });
  }
}

function tooLong(patience: number): Fault {
  return new Fault(
    "M028",
    `Another process has been migrating for longer than ${patience / 1000} s`,
    {
      hint: "Wait for it, with more patience if its migrations take long; or end it: what it has done is kept or rolled back, and can be resumed.",
    },
  );
}

/** Tries once to take the turn. */
type Take = () => Promise<End | undefined>;

async function turnOf(line: Line): Promise<Take> {
  switch (line.dialect) {
    case "postgresql": {
      const key = createHash("sha256").update("martlet:migrations").digest().readBigInt64BE();
      return lockOf(line, {
        take: `select pg_try_advisory_lock(${key}) as taken`,
        free: `select pg_advisory_unlock(${key})`,
      });
    }
    case "mysql": {
      // The locks are the server's, the migrations a database's.
      const name = "concat('martlet:', left(sha2(concat(database(), ':migrations'), 256), 40))";
      return lockOf(line, {
        take: `select get_lock(${name}, 0) as taken`,
        free: `select release_lock(${name})`,
      });
    }
    case "sqlite":
      return fileTurnOf(line);
  }
}

function lockOf(
  line: Line,
  { take, free }: { readonly take: string; readonly free: string },
): Take {
  return async () => {
    const [row] = await line.run(take);
    const isTaken = row?.["taken"] === true || Number(row?.["taken"]) === 1;
    // A connection that is lost has given it up.
    return isTaken ? () => line.run(free).catch(() => undefined) : undefined;
  };
}

/** A file beside the database; one in memory has but one process anyway. */
async function fileTurnOf(line: Line): Promise<Take> {
  const rows = await line.run("pragma database_list");
  const file = rows.find((row) => row["name"] === "main")?.["file"];
  if (typeof file !== "string" || file === "") return () => Promise.resolve(() => undefined);
  return () => {
    const lock = tryLock(`${file}-migrating`);
    return Promise.resolve("release" in lock ? lock.release : undefined);
  };
}
