/**
 * Applications under test that are processes of their own, and what the system knows of them.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Said } from "./application.ts";

/** What most of a start is spent on need not be done twice. */
const cache = join(import.meta.dirname, "../../../../node_modules/.cache/compile");

/** How an application is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The user and group to run as. */
  readonly uid?: number;
}

/** An application that runs. */
export interface RunningApplication {
  readonly pid: number;
  /** Sends a line of SQL and gives the rows. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Sends a signal, to the whole process group as a terminal does. Gives what was said at last. */
  readonly end: (signal: NodeJS.Signals) => Promise<readonly Said[]>;
  /** What it has written to standard error. */
  readonly errors: () => string;
}

/** Runs `application.ts` with a URL, until its database is open. Throws what it fails with. */
export async function run(url: string, options: RunOptions = {}): Promise<RunningApplication> {
  const { cwd = import.meta.dirname, env = {}, uid } = options;
  const script = join(import.meta.dirname, "application.ts");
  const child = spawn(process.execPath, ["--conditions=@martlet/source", script, url], {
    cwd,
    env: { ...process.env, NODE_COMPILE_CACHE: cache, NODE_ENV: "test", ...env },
    ...(uid !== undefined && { uid, gid: uid }),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Said | undefined> => {
    const { done, value } = await lines.next();
    return done === true ? undefined : (JSON.parse(value) as Said);
  };
  if ((await next())?.is !== "ready") {
    await ended(child);
    throw new Error(errors);
  }
  return {
    pid: child.pid ?? 0,
    errors: () => errors,
    query: async (text) => {
      child.stdin.write(`${text}\n`);
      const said = await next();
      if (said?.is === "rows") return said.rows;
      throw new Error(said?.is === "error" ? said.message : errors);
    },
    end: async (signal) => {
      process.kill(-(child.pid ?? 0), signal);
      const said: Said[] = [];
      for (let each = await next(); each !== undefined; each = await next()) said.push(each);
      await ended(child);
      return said;
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** The process of the server on a directory. */
export function serverOf(directory: string): number {
  return Number(readFileSync(join(directory, "data/postmaster.pid"), "utf8").split("\n")[0]);
}

/** The processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      return /^\d+$/.test(name) && command.includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Whether a process runs; one that has ended and that nobody asked how does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits, half a minute at most, until something holds, and gives whether it does. */
export async function comesTrue(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
    if (await holds()) return true;
  }
  return false;
}
