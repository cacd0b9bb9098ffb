/**
 * A PostgreSQL server of our own: its directory, its process, its end.
 *
 * @module
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once as event } from "node:events";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isRunning, signalTo } from "../processes.ts";
import { within } from "../pool.ts";
import { type Binaries, serverEnvironment } from "./binaries.ts";
import { guard } from "./guard.ts";
import type { Home } from "./home.ts";

/** A server that accepts connections on 127.0.0.1, from the user `postgres`. */
export interface Running {
  readonly port: number;
  readonly password: string;
}

/** A process of ours. */
interface Process {
  readonly pid: number;
  /** Resolves with what it ended with, whoever ended it. */
  readonly ended: Promise<string>;
}

/** Our own server. */
export interface Server extends Running, Process {}

const data = "data";

/** The server that some process has started here, if it is ready. */
export function runningServer(home: Home): Running | undefined {
  const [pid, , , port, , , , status] = postmaster(home);
  if (status !== "ready" || !isOurs(Number(pid), home)) return undefined;
  return { port: Number(port), password: readFileSync(join(home.path, "password"), "utf8") };
}

/**
 * Starts the server, on a port that is free or on the one that is asked for; its data are made
 * first, if there are none. The caller holds the lock.
 */
export async function startServer(home: Home, binaries: Binaries, asked?: number): Promise<Server> {
  await endOrphan(home);
  if (!existsSync(join(home.path, data))) await makeData(home, binaries);
  const version = readFileSync(join(home.path, data, "PG_VERSION"), "utf8").trim();
  if (version !== binaries.major) {
    throw new Error(
      `The data in ${home.path} are of PostgreSQL ${version}, and version ${binaries.major} is installed; install the former, or remove the directory`,
    );
  }
  const password = readFileSync(join(home.path, "password"), "utf8");
  for (let attempt = 1; ; attempt += 1) {
    const port = asked ?? (await freePort());
    const server = launch(home, binaries, port);
    const failure = await ready(home, server);
    if (failure === undefined) return { ...server, port, password };
    // The port was free a moment ago, and is no more.
    if (attempt === 3 || !/could not bind|Address already in use/.test(failure)) {
      throw new Error(`PostgreSQL did not start in ${home.path}: ${failure}`);
    }
  }
}

/** Ends a server: at once for its clients, in order for its data. */
export async function stopServer({ pid, ended }: Process): Promise<void> {
  for (const [signal, patience] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 2000],
    ["SIGKILL", 2000],
  ] as const) {
    signalTo(pid, signal);
    if (await within(ended, patience)) return;
  }
}

/** Ends the server of a process that was killed before it could. */
async function endOrphan(home: Home): Promise<void> {
  const [pid = "", ...rest] = postmaster(home);
  const orphan = Number(pid);
  if (!isRunning(orphan)) return;
  if (isOurs(orphan, home)) return stopServer({ pid: orphan, ended: gone(orphan) });
  // Another process has that number now. PostgreSQL takes the file for stale if it names its own
  // parent; without the file it would not look for sessions that are still on these data.
  const file = join(home.path, data, "postmaster.pid");
  writeFileSync(file, [process.pid, ...rest].join("\n"));
}

async function gone(pid: number): Promise<string> {
  while (isRunning(pid)) await sleep(20);
  return "gone";
}

/** The lines of `postmaster.pid`: pid, directory, start, port, socket, address, memory, status. */
function postmaster(home: Home): string[] {
  const file = join(home.path, data, "postmaster.pid");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim());
}

/** Whether a process is a server on this directory, by its command line. */
function isOurs(pid: number, home: Home): boolean {
  // The blank keeps `data` from being found in `data-of-another`.
  return commandOf(pid).includes(`-D ${join(home.path, data)} `);
}

function commandOf(pid: number): string {
  try {
    if (process.platform === "linux") {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    }
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** Makes the data beside their place, so that half of them are never taken for all. */
async function makeData(home: Home, binaries: Binaries): Promise<void> {
  const password = join(home.path, "password");
  for (const name of readdirSync(home.path)) {
    if (name.startsWith("new-")) rmSync(join(home.path, name), { recursive: true, force: true });
  }
  const part = mkdtempSync(join(home.path, "new-"));
  rmSync(password, { force: true });
  writeFileSync(password, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  if (home.account !== undefined) {
    for (const path of [part, password]) chownSync(path, home.account.uid, home.account.gid);
  }
  const args = ["-D", part, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${password}`];
  // The locale that is built in is the same on every system.
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
  await promisify(execFile)(
    join(binaries.root, "bin/initdb"),
    [...args, "-E", "UTF8", ...locale, ...(home.isTemporary ? ["--no-sync"] : [])],
    { ...home.account, cwd: home.path, env: serverEnvironment(), timeout: 120_000 },
  );
  renameSync(part, join(home.path, data));
}

function launch(home: Home, binaries: Binaries, port: number): Process {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    shared_buffers: "32MB",
    ...(home.isTemporary && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const log = openSync(join(home.path, "server.log"), "w", 0o600);
  const server = spawn(
    join(binaries.root, "bin/postgres"),
    [
      "-D",
      join(home.path, data),
      "-p",
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      ...home.account,
      cwd: home.path,
      env: serverEnvironment(),
      // A session of its own: what a terminal sends to the application is not for it.
      detached: true,
      stdio: ["ignore", log, log],
    },
  );
  closeSync(log);
  server.unref();
  const ended = endOf(server);
  if (server.pid === undefined) return { pid: 0, ended };
  const unguard = guard(server.pid, home);
  return { pid: server.pid, ended: ended.finally(unguard) };
}

async function endOf(server: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await event(server, "exit")) as [number | null, string | null];
    return signal ?? `exit code ${code}`;
  } catch (error) {
    return String(error);
  }
}

/** Waits until the server accepts connections, or gives what it said instead. */
async function ready(home: Home, { pid, ended }: Process): Promise<string | undefined> {
  const until = Date.now() + 60_000;
  while (!(await within(ended, 10))) {
    const [owner, , , , , , , status] = postmaster(home);
    if (Number(owner) === pid && status === "ready") return undefined;
    if (Date.now() < until) continue;
    await stopServer({ pid, ended });
    return "it was not ready after 60 s";
  }
  const end = await ended;
  const log = readFileSync(join(home.path, "server.log"), "utf8").trim().split("\n");
  return [`it ended with ${end}`, ...log.slice(-5)].join("\n  ");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await event(server, "listening");
  const address = server.address();
  server.close();
  await event(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
