/**
 * A real PostgreSQL that starts and stops with the application.
 *
 * @module
 */
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isReachable, makeReachable, serverAccount } from "./embedded/account.ts";
import { type Binaries, findBinaries, stateDirectory } from "./embedded/binaries.ts";
import { guard } from "./embedded/guard.ts";
import {
  type Home,
  type Running,
  runningServer,
  startServer,
  stopServer,
} from "./embedded/server.ts";
import { heldBy, tryLock } from "./lock.ts";
import { openPglite } from "./pglite.ts";
import { type Notice, type Opened, openPool, type PoolSettings, withEnd } from "./pool.ts";

/** How long, in milliseconds, a process waits for the one that makes or ends the same server. */
const patience = 30_000;

/** Opens the database in a directory, or one in a temporary directory. */
export async function openEmbedded(
  directory: string | undefined,
  settings: PoolSettings,
): Promise<Opened> {
  const account = serverAccount();
  const binaries = await findBinaries(account);
  if ("reason" in binaries) {
    settings.notice(`embedded: falls back to PGlite, as ${binaries.reason}`);
    return openPglite(directory && join(directory, "pglite"), settings);
  }
  const home = homeOf(directory, settings.notice);
  const server = await joinOrStart(home, binaries, settings.notice);
  const { port, password } = server;
  const target = { host: "127.0.0.1", port, password, ssl: false };
  const names = { user: "postgres", database: "postgres" };
  return withEnd(server.stop, () => openPool({ ...target, ...names }, `in ${home.path}`, settings));
}

interface Joined extends Running {
  readonly stop: () => Promise<void>;
}

/** A second process on a directory uses the server of the first. */
async function joinOrStart(home: Home, binaries: Binaries, notice: Notice): Promise<Joined> {
  const file = join(home.path, "lock");
  const until = Date.now() + patience;
  for (;;) {
    const lock = tryLock(file);
    if ("release" in lock) {
      try {
        return await start(home, binaries, notice, lock.release);
      } catch (error) {
        lock.release();
        throw error;
      }
    }
    const running = runningServer(home);
    if (running !== undefined) return { ...running, stop: async () => {} };
    if (Date.now() > until) throw new Error(heldBy(file, lock));
    await sleep(50);
  }
}

async function start(
  home: Home,
  binaries: Binaries,
  notice: Notice,
  release: () => void,
): Promise<Joined> {
  const server = await startServer(home, binaries);
  const unguard = guard(server.pid, home);
  let isStopping = false;
  const watch = async (): Promise<void> => {
    const end = await server.ended;
    unguard();
    if (!isStopping) notice(`PostgreSQL ended by itself (${end}); see ${home.path}/server.log`);
  };
  void watch();
  const stop = async (): Promise<void> => {
    isStopping = true;
    await stopServer(server);
    if (home.isTemporary) rmSync(home.path, { recursive: true, force: true });
    release();
  };
  return { port: server.port, password: server.password, stop };
}

function homeOf(directory: string | undefined, notice: Notice): Home {
  const account = serverAccount();
  if (directory === undefined) {
    const parent = isReachable(tmpdir(), account) ? tmpdir() : stateDirectory(account);
    makeReachable(parent, account);
    const path = mkdtempSync(join(parent, "martlet-"));
    if (account !== undefined) chownSync(path, account.uid, account.gid);
    return { path, account, isTemporary: true };
  }
  let path = directory;
  if (!isReachable(directory, account)) {
    const hash = createHash("sha256").update(directory).digest("hex").slice(0, 8);
    path = join(stateDirectory(account), `${basename(dirname(directory))}-${hash}`);
    notice(
      `PostgreSQL cannot run as root, and nobody (uid 65534) cannot enter ${directory}: the data are in ${path}`,
    );
  }
  makeReachable(path, account);
  const ignore = join(path, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  return { path, account, isTemporary: false };
}
