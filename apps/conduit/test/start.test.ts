/**
 * The application as people start it: a process, with an embedded database of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { makeDatabase, servers } from "./conduit.ts";

const main = join(import.meta.dirname, "../src/main.ts");
const cache = join(import.meta.dirname, "../../../node_modules/.cache/compile");
const parent = mkdtempSync(join(tmpdir(), "conduit-start-"));
// PostgreSQL does not run as root: whom it runs as then has to get in.
chmodSync(parent, 0o755);
const started: Started[] = [];
afterAll(async () => {
  // Those that a failed test has left.
  const left = started.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  for (const { pid } of left) process.kill(pid, "SIGTERM");
  await Promise.all(left.map((each) => each.ended));
  rmSync(parent, { recursive: true, force: true });
});

/** A process that was started. */
interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has printed. */
  readonly output: () => string;
  /** Its exit code, once it has one. */
  readonly ended: Promise<number | null>;
}

/** Starts the application in a process group of its own, as a shell does. */
function start(env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, ["--conditions=@martlet/source", main], {
    cwd: parent,
    // None of whoever runs the tests: PATH for programs, and what need not be compiled twice.
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: cache, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const add = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", add);
  child.stderr.on("data", add);
  const ended = once(child, "close").then(([code]) => code as number | null);
  const running = { child, pid: child.pid ?? 0, output: () => output, ended };
  started.push(running);
  return running;
}

/** Waits for the banner, and gives the address in it. */
async function ready({ output, ended }: Started): Promise<string> {
  for (const end = Date.now() + 25_000; Date.now() < end;) {
    const url = /API\s+(\S+)\/api/.exec(output())?.[1];
    if (url !== undefined && output().includes("Ctrl-C")) return url;
    if ((await Promise.race([ended, sleep(20, "goes on")])) !== "goes on") break;
  }
  throw new Error(`It did not start:\n${output()}`);
}

/** The processes that have a text in their command line. */
function processesWith(text: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  return port;
}

describe.skipIf(process.platform !== "linux")(
  "a start with an embedded database",
  { timeout: 60_000 },
  () => {
    const ways: [string, NodeJS.Signals, (pid: number) => number][] = [
      ["Ctrl-C, which the whole group gets", "SIGINT", (pid) => -pid],
      ["SIGTERM to the process alone", "SIGTERM", (pid) => pid],
      ["SIGTERM to the group", "SIGTERM", (pid) => -pid],
      ["a terminal that is closed", "SIGHUP", (pid) => -pid],
    ];

    test.each(ways)("ends with all that it has started on %s", async (name, signal, target) => {
      const directory = join(parent, `data-${ways.findIndex((way) => way[0] === name)}`);
      const port = await freePort();
      const conduit = start({
        PORT: String(port),
        DATABASE_URL: `embedded:${directory}`,
        DATA_DIRECTORY: join(parent, "keys"),
      });
      expect(await ready(conduit)).toBe(`http://127.0.0.1:${port}`);
      const { articlesCount } = (await (
        await fetch(`http://127.0.0.1:${port}/api/articles`)
      ).json()) as { articlesCount: number };
      expect(articlesCount).toBe(25);
      expect(processesWith(directory).length).toBeGreaterThan(0);
      process.kill(target(conduit.pid), signal);
      expect(await conduit.ended).toBe(0);
      expect(processesWith(directory)).toEqual([]);
      expect(conduit.output()).toMatch(
        /^\n {2}Conduit is ready in \d+ ms\n\n {2}API {7}http:\S+\/api\n {2}Docs {6}http:\S+\/docs\n {2}Database {2}embedded PostgreSQL, in \S+\n {2}Routes {4}19\n\n {2}Press Ctrl-C to stop\n\n$/,
      );
      const { mode } = statSync(join(parent, "keys/app-key"));
      expect(mode & 0o777).toBe(0o600);
    });
  },
);

test("a second start on the same port says what to do, and starts no database", async () => {
  const busy = createServer().listen(0, "127.0.0.1");
  await once(busy, "listening");
  const { port } = busy.address() as { port: number };
  const directory = join(parent, "never");
  const conduit = start({ PORT: String(port), DATABASE_URL: `embedded:${directory}` });
  expect(await conduit.ended).toBe(1);
  expect(conduit.output()).toBe(
    `\nConduit cannot start: port ${port} is in use. Stop what listens there, or choose another: PORT=8001 npm start\n`,
  );
  expect(readdirSync(parent)).not.toContain("never");
  busy.close();
});

test("production does not start without a key, and names it", async () => {
  const conduit = start({ PORT: "0", NODE_ENV: "production", DATABASE_URL: "embedded:memory" });
  expect(await conduit.ended).toBe(1);
  expect(conduit.output()).toContain("APP_KEY is missing, which production needs");
});

test("settings that are wrong are named, and their values are not", async () => {
  const conduit = start({ PORT: "eighty", APP_KEY: "too-short-a-key" });
  expect(await conduit.ended).toBe(1);
  expect(conduit.output()).toMatch(/PORT is wrong[^]*APP_KEY is wrong/);
  expect(conduit.output()).not.toMatch(/too-short-a-key/);
});

test("DATABASE_URL and HOST are honoured, and no password is shown", async () => {
  const server = servers[0];
  if (server === undefined) throw new Error("There is no server");
  const database = await makeDatabase(server);
  const conduit = start({
    PORT: "0",
    HOST: "localhost",
    NODE_ENV: "production",
    APP_KEY: "k".repeat(40),
    DATABASE_URL: database.url,
  });
  const url = await ready(conduit);
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
  const { host, pathname, password } = new URL(database.url);
  expect(conduit.output()).toContain(`PostgreSQL at ${host}${pathname}\n`);
  expect(conduit.output()).not.toContain(password);
  // In production nothing is made up.
  const answer = await (await fetch(`${url}/api/articles`)).json();
  expect(answer).toEqual({ articles: [], articlesCount: 0 });
  process.kill(conduit.pid, "SIGTERM");
  expect(await conduit.ended).toBe(0);
  await database.drop();
});
