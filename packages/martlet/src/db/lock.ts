/**
 * Locks on directories: a file that names the process that holds it. Who finds the file of a
 * process that is gone takes it over.
 *
 * @module
 */
import { constants, copyFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, textOf } from "./files.ts";
import { beginningOf, isRunning } from "./processes.ts";

/** A lock that is held. */
export interface Lock {
  readonly release: () => void;
}

/** The process that holds a lock. */
export interface Holder {
  readonly pid: number;
  /** When it began, by the system's own reckoning: a process id is given out again. */
  readonly began: string;
}

/** Waits this long, in milliseconds, for a process that is about to end. */
const patience = 2000;

/** Takes a lock, or says who has it. */
export async function lock(file: string): Promise<Lock> {
  const until = Date.now() + patience;
  for (;;) {
    const taken = tryLock(file);
    if ("release" in taken) return taken;
    if (Date.now() > until) throw new Error(heldBy(file, taken));
    await sleep(50);
  }
}

/** What to say of a lock that another process keeps. */
export function heldBy(file: string, { pid }: Holder): string {
  const directory = file.replace(/[./\\]lock$/, "");
  return `The database in ${directory} is in use by process ${pid}; end that process, or use another directory`;
}

/** Takes a lock if it is free, or gives who holds it. */
export function tryLock(file: string): Lock | Holder {
  const own = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) ?? sinceStart() });
  for (;;) {
    try {
      writeFileSync(file, own, { flag: "wx" });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const found = textOf(file);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (holder === undefined && isFresh(file)) return { pid: 0, began: "" };
    if (holder !== undefined && isAlive(holder)) return holder;
    takeAway(file, found);
  }
}

/** Two that find the same stale file must not both remove one: the second would remove the first's. */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (textOf(aside) !== stale) copyFileSync(aside, file, constants.COPYFILE_EXCL);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive({ pid, began }: Holder): boolean {
  if (!isRunning(pid)) return false;
  const beginning = beginningOf(pid);
  if (beginning !== undefined) return beginning === began;
  return pid !== process.pid || Math.abs(Number(began) - Number(sinceStart())) < 5000;
}

/** When this process began, in milliseconds of the clock, to a few. */
function sinceStart(): string {
  return String(Math.round(Date.now() - process.uptime() * 1000));
}

function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Whether a file is so new that it may be half written. */
function isFresh(file: string): boolean {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && Date.now() - written < 2000;
}
