/**
 * A PostgreSQL server of our own: its directory, its process, its end.
 *
 * @module
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once as event } from "node:events";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isRunning } from "../lock.ts";
import { within } from "../pool.ts";
import type { Account } from "./account.ts";
import { type Binaries, serverEnvironment } from "./binaries.ts";

/** The directory that holds the data, the password and the log. */
export interface Home {
  readonly path: string;
  readonly account: Account | undefined;
  /** Whether it is removed at the end, so that nothing in it need survive. */
  readonly isTemporary: boolean;
}

/** A server that accepts connections on 127.0.0.1, from the user `postgres`. */
export interface Running {
  readonly port: number;
  readonly password: string;
}

/** Our own server. */
export interface Server extends Running {
  /** Resolves with what it ended with, whoever ended it. */
  readonly ended: Promise<string>;
  readonly pid: number;
}

const data = "data";

/** The server that some process has started here, if it is ready. */
export function runningServer(home: Home): Running | undefined {
  const [pid, , , port, , , , status] = postmaster(home);
  if (status !== "ready" || !isOurs(Number(pid), home)) return undefined;
  return { port: Number(port), password: readFileSync(join(home.path, "password"), "utf8") };
}

/** Starts the server; its data are made first, if there are none. The caller holds the lock. */
export async function startServer(home: Home, binaries: Binaries): Promise<Server> {
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
    const port = await freePort();
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
export async function stopServer({ pid, ended }: Pick<Server, "pid" | "ended">): Promise<void> {
  for (const [signal, patience] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 2000],
    ["SIGKILL", 2000],
  ] as const) {
    signalTo(pid, signal);
    if (await within(ended, patience)) return;
  }
}

/** Sends a signal to a process that may be gone. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // There is nothing left to end.
  }
}

/** Ends the server of a process that was killed before it could. */
async function endOrphan(home: Home): Promise<void> {
  const [pid = "", ...rest] = postmaster(home);
  const orphan = Number(pid);
  if (!(orphan > 0) || !isRunning(orphan)) return;
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
  return commandOf(pid).includes(join(home.path, data));
}

function commandOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** Makes the data beside their place, so that half of them are never taken for all. */
async function makeData(home: Home, binaries: Binaries): Promise<void> {
  const [part, password] = [join(home.path, "data.new"), join(home.path, "password")];
  rmSync(part, { recursive: true, force: true });
  writeFileSync(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
  chmodSync(password, 0o600);
  if (home.account !== undefined) {
    chownSync(password, home.account.uid, home.account.gid);
    // Made by root, for the other to fill: it may not make one in a directory that is root's.
    makeOwned(part, home.account);
  }
  const args = ["-D", part, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${password}`];
  // Built in, and so the same on every system.
  const locale = [
    "-E",
    "UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  const haste = home.isTemporary ? ["--no-sync"] : [];
  await promisify(execFile)(
    join(binaries.root, "bin/initdb"),
    [...args, ...locale, ...haste, "--no-instructions"],
    { ...home.account, cwd: home.path, env: serverEnvironment() },
  );
  renameSync(part, join(home.path, data));
}

function launch(
  home: Home,
  binaries: Binaries,
  port: number,
): { readonly pid: number; readonly ended: Promise<string> } {
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
  return { pid: server.pid ?? 0, ended: endOf(server) };
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
async function ready(
  home: Home,
  { pid, ended }: { readonly pid: number; readonly ended: Promise<string> },
): Promise<string | undefined> {
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

function makeOwned(path: string, { uid, gid }: Account): void {
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, uid, gid);
}
