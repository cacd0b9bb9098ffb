/**
 * A real PostgreSQL that starts and stops with the application.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
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
    return openPglite(directory && join(directory, "pglite"), settings);
  }
  const home =
    directory === undefined ? temporaryHome(account) : homeOf(directory, account, notice);
  const server = await joinOrStart(home, binaries, notice);
  const { port, password } = server;
  const names = { host: "127.0.0.1", user: "postgres", database: "postgres" };
  const target = { ...names, port, password, ssl: false };
  return withEnd(server.stop, () => openPool(target, `in ${home.path}`, settings));
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
    if ("release" in lock) return start(home, binaries, { notice, release: lock.release });
    const running = runningServer(home);
    if (running !== undefined) return { ...running, stop: async () => {} };
    if (Date.now() > until) throw new Error(heldBy(file, lock));
    await sleep(50);
  }
}

async function start(
  home: Home,
  binaries: Binaries,
  { notice, release }: { readonly notice: Notice; readonly release: () => void },
): Promise<Joined> {
  const leave = (): void => {
    if (home.isTemporary) rmSync(home.path, { recursive: true, force: true });
    release();
  };
  const server = await startServer(home, binaries).catch((error: unknown) => {
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
