import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { get, martlet } from "martlet";
import {
  database,
  recordStatements,
  statementChannel,
  type StatementMessage,
  transaction,
  type WatchOptions,
} from "martlet/db";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { markedLine } from "./watched.ts";

const { url, isSkipped, title } = postgres;

describe.skipIf(isSkipped)(`${title}: the statements of a request`, () => {
  function application(options: WatchOptions & { environment?: string; name?: string } = {}) {
    const db = database({ url, ...options });
    const two = get("/two", { use: { db } }, async ({ db }) => {
      await Promise.all([db.execute("select 1"), db.$engine.query("select 1")]);
      return { count: db.$engine.call?.statements };
    });
    const whole = get("/whole", { use: { db: transaction(db) } }, async ({ db }) => {
      await db.execute("select 'one'"); // one
      return { count: db.$engine.call?.statements };
    });
    const none = get("/none", { use: { db } }, ({ db }) => ({
      count: db.$engine.call?.statements,
    }));
    return testClient(martlet({ two, whole, none }));
  }

  test("are counted, without those of the transaction itself", async () => {
    await using client = application();
    const counts = async (path: string): Promise<unknown> => (await client.get(path)).json();
    expect(await Promise.all(["/two", "/whole", "/none", "/two"].map(counts))).toEqual(
      [2, 1, 0, 2].map((count) => ({ count })),
    );
  });

  test("are counted in bounded memory, however many different ones there are", async () => {
    const db = database({ dialect: "sqlite", url: "sqlite::memory:" });
    const many = get("/many", { use: { db } }, async ({ db }) => {
      for (let id = 0; id < 1100; id += 1) await db.$engine.query(`select ${id}`);
      const { call } = db.$engine;
      return { statements: call?.statements, different: call?.counts.size };
    });
    await using client = testClient(martlet({ many }));
    expect(await (await client.get("/many")).json()).toEqual({ statements: 1100, different: 1000 });
  });

  test("are in a header in development, and elsewhere if asked for", async () => {
    const header = async (options: Parameters<typeof application>[0], path: string) => {
      await using client = application(options);
      return (await client.get(path)).headers.get("server-timing");
    };
    const development = { environment: "development" };
    expect(await header(development, "/two")).toMatch(/^db;desc="2 statements";dur=\d+\.\d$/);
    expect(await header(development, "/whole")).toMatch(/^db;desc="1 statement";dur=\d+\.\d$/);
    expect(await header(development, "/none")).toBe('db;desc="0 statements";dur=0.0');
    expect(await header({ ...development, serverTiming: false }, "/two")).toBeNull();
    expect(await header({ environment: "production" }, "/two")).toBeNull();
    const asked = { environment: "production", serverTiming: true };
    expect(await header(asked, "/two")).toContain("2 statements");
  });

  test("are told to a channel, as data", async () => {
    const heard: StatementMessage[] = [];
    const listen = (message: unknown): void => {
      const statement = message as StatementMessage;
      if (statement.database === "counted") heard.push(statement);
    };
    await using client = application({ name: "counted" });
    await client.get("/two");
    subscribe(statementChannel, listen);
    try {
      await client.get("/whole");
    } finally {
      unsubscribe(statementChannel, listen);
    }
    await client.get("/two");
    expect(statementChannel).toBe("martlet:db:statement");
    expect(heard.map(({ text }) => text)).toEqual(["begin", "select 'one'", "commit"]);
    expect(heard[1]).toEqual({
      database: "counted",
      dialect: "postgresql",
      text: "select 'one'",
      duration: expect.any(Number) as number,
      rowCount: 1,
      error: undefined,
      route: "GET /whole",
      place: expect.stringContaining(markedLine(import.meta.filename, "one")) as string,
      isInTransaction: true,
      isReplica: false,
    });
  });

  test("are recorded for tests, also when what is recorded fails", async () => {
    await using client = application();
    const { value, statements } = await recordStatements(() => client.get("/whole"));
    expect(value.status).toBe(200);
    expect(statements.map(({ text }) => text)).toEqual(["select 'one'"]);
    const { db, close } = await openDatabase({ url });
    const broken = recordStatements(() => db.$engine.query("select nothing"));
    await expect(broken).rejects.toThrow('column "nothing" does not exist');
    const later = await recordStatements(() => Promise.allSettled([db.$engine.query("select no")]));
    expect(later.statements).toMatchObject([{ error: { code: "42703" }, rowCount: undefined }]);
    await close();
  });
});
