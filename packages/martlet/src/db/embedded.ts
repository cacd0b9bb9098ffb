/**
 * A real PostgreSQL that starts and stops with the application.
 *
 * @module
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serverAccount } from "./embedded/account.ts";
import { type Binaries, findBinaries } from "./embedded/binaries.ts";
import { type Home, homeOf, temporaryHome } from "./embedded/home.ts";
import { type Running, runningServer, startServer, stopServer } from "./embedded/server.ts";
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
  const { notice } = settings;
  const account = serverAccount();
  const binaries = await findBinaries(account);
  if ("reason" in binaries) {
    notice(`${binaries.reason}; "embedded:" falls back to PGlite, which is slower`);
    return openPglite(directory && path.join(directory, "pglite"), settings);
  }
  const home =
    directory === undefined ? temporaryHome(account) : homeOf(directory, account, notice);
  const server = await joinOrStart({ home, binaries, notice });
  const { port, password } = server;
  const names = { host: "127.0.0.1", user: "postgres", database: "postgres" };
  const target = { ...names, port, password, ssl: false };
  return withEnd(server.stop, () => openPool(target, `in ${home.path}`, settings));
}

interface Place {
  readonly home: Home;
  readonly binaries: Binaries;
  readonly notice: Notice;
}

interface Used extends Running {
  readonly stop: () => Promise<void>;
}

async function joinOrStart(place: Place): Promise<Used> {
  const until = Date.now() + patience;
  for (;;) {
    const lock = tryLock(lockOf(place));
    if ("release" in lock) return start(place, lock.release);
    const running = runningServer(place.home);
    if (running !== undefined) return join(place, running);
    if (Date.now() > until) throw new Error(heldBy(lockOf(place), lock));
    await sleep(50);
  }
}

/** Uses the server of another process, and starts it again when that process has ended. */
function join(place: Place, running: Running): Used {
  const leaving = new AbortController();
  const heir = inherit(place, running.port, leaving.signal);
  const stop = async (): Promise<void> => {
    leaving.abort();
    await (await heir)?.stop();
  };
  return { ...running, stop };
}

/** Waits for the lock; the server stays where it was, for that is where the pool connects to. */
async function inherit(place: Place, port: number, signal: AbortSignal): Promise<Used | undefined> {
  try {
    for (;;) {
      await sleep(500, undefined, { signal, ref: false });
      const lock = tryLock(lockOf(place));
      if ("release" in lock) return await start(place, lock.release, port);
    }
  } catch (error) {
    if (!signal.aborted) place.notice(`PostgreSQL is gone: ${String(error)}`);
    return undefined;
  }
}

async function start(place: Place, release: () => void, port?: number): Promise<Used> {
  const { home, binaries, notice } = place;
  const leave = (): void => {
    if (home.isTemporary) rmSync(home.path, { recursive: true, force: true });
    release();
  };
  const server = await startServer(home, binaries, port).catch((error: unknown) => {
    leave();
    throw error;
  });
  let isStopping = false;
  const watch = async (): Promise<void> => {
    const end = await server.ended;
    if (!isStopping) notice(`PostgreSQL ended by itself (${end}); see ${home.path}/server.log`);
  };
  void watch();
  const stop = async (): Promise<void> => {
    isStopping = true;
    await stopServer(server);
    leave();
  };
  return { port: server.port, password: server.password, stop };
}

function lockOf({ home }: Place): string {
  return path.join(home.path, "lock");
}
