import { sql } from "drizzle-orm";
import { setImmediate } from "node:timers/promises";
import { get, martlet } from "martlet";
import { type Database, database } from "martlet/db";
import { describe, expect, test } from "vitest";
import { postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";
import { comesTrue } from "./process.ts";

const { url, isSkipped, title } = postgres;

describe.skipIf(isSkipped)(`${title}, and its connections,`, () => {
  test("is a dependency of routes, opened at start and closed at stop", async () => {
    const db = database({ url });
    const engines = new Set<Database["$engine"]>();
    const one = get("/one", { use: { db } }, async ({ db }) => {
      engines.add(db.$engine);
      return await db.execute(sql`select current_setting('application_name') as name`, "objects");
    });
    const app = martlet({ one });
    for (let times = 0; times < 2; times += 1) {
      const response = await app.fetch(new Request("http://localhost/one"));
      expect(await response.json()).toEqual([{ name: "martlet" }]);
    }
    await app.stop();
    expect([...engines].map((each) => each.pool().total)).toEqual([0]);
  });

  test("survives that the server ends an unused connection", async () => {
    const lines: string[] = [];
    const { db, close } = await openDatabase({ url, notice: (line) => lines.push(line) });
    const other = await openDatabase({ url });
    const [row] = await db.execute(sql`select pg_backend_pid() as pid`, "objects");
    await other.db.execute(sql`select pg_terminate_backend(${row?.["pid"]}::int)`);
    expect(await comesTrue(() => lines.length > 0)).toBe(true);
    expect(lines).toEqual([
      "A database connection was lost: terminating connection due to administrator command",
    ]);
    expect(await db.execute(sql`select 1 as one`, "objects")).toEqual([{ one: 1 }]);
    await close();
    await other.close();
  });

  test("survives that the server ends a connection in use", async () => {
    const { db, close } = await openDatabase({ url });
    const suicide = db.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
    await expect(suicide).rejects.toMatchObject({ cause: { code: "57P01" } });
    const other = await openDatabase({ url });
    const failing = db.transaction(async (tx) => {
      const [row] = await tx.execute(sql`select pg_backend_pid() as pid`, "objects");
      await other.db.execute(sql`select pg_terminate_backend(${row?.["pid"]}::int)`);
      await tx.execute(sql`select pg_sleep(0.05)`);
    });
    await expect(failing).rejects.toThrow("Failed query");
    await other.close();
    expect(await db.execute(sql`select 1 as one`, "objects")).toEqual([{ one: 1 }]);
    await close();
  });

  test("gives a statement up after 30 s, or after the time that is asked for", async () => {
    const first = await openDatabase({ url });
    const rows = await first.db.execute(sql`show statement_timeout`, "objects");
    expect(rows).toEqual([{ statement_timeout: "30s" }]);
    await first.close();
    const second = await openDatabase({ url, statementTimeout: 50 });
    const late = second.db.execute(sql`select pg_sleep(5)`);
    await expect(late).rejects.toMatchObject({ cause: { code: "57014" } });
    await second.close();
  });

  test("opens ten connections at most", async () => {
    const { db, close } = await openDatabase({ url });
    const sleeps = Array.from({ length: 30 }, () => db.execute(sql`select pg_sleep(0.02)`));
    await Promise.all(sleeps);
    expect(db.$engine.pool().total).toBe(10);
    await close();
    expect(db.$engine.pool().total).toBe(0);
  });

  test("waits for a running query when it closes", async () => {
    const { db, close } = await openDatabase({ url });
    const slow = Promise.resolve(db.execute(sql`select pg_sleep(0.2), 1 as one`, "objects"));
    await setImmediate();
    await close();
    expect(await slow).toMatchObject([{ one: 1 }]);
  });

  test(
    "closes in the end though a connection is never given back",
    { timeout: 15_000 },
    async () => {
      const { db, close } = await openDatabase({ url });
      await db.$client.connect();
      await close();
      await close();
      expect(db.$engine.pool().waiting).toBe(0);
    },
  );

  test("keeps to development what is for development", async () => {
    const lines: string[] = [];
    const notice = (line: string): void => void lines.push(line);
    const opened = await openDatabase({ url, notice, environment: "production" });
    await opened.close();
    expect(lines).toEqual([]);
  });
});
