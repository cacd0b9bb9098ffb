import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { databaseError, type Engine } from "martlet/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mysqlEngine, type Opening } from "./dialect-engines.ts";
import { mariadb } from "./engines.ts";
import { comesTrue } from "./process.ts";
import { wireTo } from "./proxy.ts";

const { url, isSkipped, title } = mariadb;
const urlOf = ({ port }: { readonly port: number }): string =>
  `mysql://root@127.0.0.1:${port}/test`;

describe.skipIf(isSkipped)(`${title}, and its connections,`, { timeout: 30_000 }, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await mysqlEngine(url);
  });
  afterAll(async () => {
    await engine.close();
  });

  const kindOf = async (failing: Promise<unknown>): Promise<string | undefined> => {
    const error = await failing.catch((error: unknown) => error);
    return databaseError(error)?.kind;
  };
  const within = async (
    opening: Opening,
    work: (engine: Engine) => Promise<void>,
  ): Promise<void> => {
    const own = await mysqlEngine(url, opening);
    try {
      await work(own);
    } finally {
      await own.close();
    }
  };
  describe("a connection", () => {
    const idOf = async (own: Engine): Promise<string> =>
      String((await own.query("select connection_id() as id")).rows[0]?.["id"]);

    test("is one of ten at most", async () => {
      await within({}, async (own) => {
        await Promise.all(Array.from({ length: 30 }, () => own.query("select sleep(0.02)")));
        expect(own.pool()).toEqual({ max: 10, total: 10, idle: 10, waiting: 0 });
      });
    });

    test("is waited for in turn, for a limited time, by a limited number", async () => {
      const pool = { max: 1, connectTimeout: 100, maxWaiting: 2 };
      await within({ pool }, async (own) => {
        const holding = own.transaction(async () => {
          await own.query("select 1");
          await sleep(250);
        });
        await comesTrue(() => own.pool().idle === 0);
        const [one, two, three] = [
          own.query("select 1"),
          own.query("select 1"),
          own.query("select 1"),
        ];
        await expect(three).rejects.toThrow("2 wait for a connection already");
        await expect(one).rejects.toThrow("timeout exceeded when trying to connect");
        expect(await kindOf(two)).toBe("pool-exhausted");
        await holding;
        expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
        expect(own.pool()).toMatchObject({ total: 1, idle: 1, waiting: 0 });
      });
    });

    test("is ended when nothing has used it for a while", async () => {
      await within({ pool: { idleTimeout: 50 } }, async (own) => {
        await own.query("select 1");
        expect(own.pool().total).toBe(1);
        expect(await comesTrue(() => own.pool().total === 0)).toBe(true);
        expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      });
    });

    test("may be lost while nothing uses it", async () => {
      const lines: string[] = [];
      const notice = (line: string): void => void lines.push(line);
      await within({ pool: { max: 1 }, notice }, async (own) => {
        await engine.query(`kill ${await idOf(own)}`);
        expect(await comesTrue(() => lines.length > 0)).toBe(true);
        expect(lines[0]).toMatch(/^A database connection was lost: /);
        expect(own.pool().total).toBe(0);
        expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      });
    });

    test("may be lost while it is in use", async () => {
      await within({ pool: { max: 1 } }, async (own) => {
        const id = await idOf(own);
        const slow = kindOf(own.query("select sleep(5)"));
        await sleep(50);
        await engine.query(`kill ${id}`);
        expect(await slow).toBe("connection-lost");
        const lost = own.transaction(async () => {
          await engine.query(`kill ${await idOf(own)}`);
          await sleep(20);
          await own.query("select 1");
        });
        expect(await kindOf(lost)).toBe("connection-lost");
        expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
        expect(own.pool()).toMatchObject({ total: 1, idle: 1 });
      });
    });

    test("is waited for when the engine closes, and no longer than 5 s", async () => {
      const own = await mysqlEngine(url);
      const slow = own.query("select sleep(0.2) as was_interrupted");
      await sleep(30);
      await own.close();
      expect((await slow).rows).toEqual([{ was_interrupted: 0 }]);
      await expect(own.query("select 1")).rejects.toThrow("Cannot use a pool after");
      const other = await mysqlEngine(url);
      const endless = kindOf(other.query("select sleep(20)"));
      await sleep(30);
      await other.close();
      expect(await endless).toBe("connection-lost");
      expect(other.pool()).toMatchObject({ total: 0, waiting: 0 });
    });
  });

  describe("a server", () => {
    test("where nobody answers is told without its password", async () => {
      const opening = mysqlEngine("mysql://root:hunter2@127.0.0.1:1/shop");
      const error = (await opening.catch((error: unknown) => error)) as Error;
      expect(error.message).toBe(
        "The database mysql://127.0.0.1:1/shop cannot be reached: connect ECONNREFUSED 127.0.0.1:1",
      );
      expect(inspect(error)).not.toContain("hunter2");
    });

    test("that does not let one in is told without the password", async () => {
      const opening = mysqlEngine("mysql://nobody:hunter2@127.0.0.1:3306/test");
      const error = (await opening.catch((error: unknown) => error)) as Error;
      expect(error.message).toContain("Access denied for user 'nobody'");
      expect(inspect(error)).not.toContain("hunter2");
    });

    test("that says nothing is given up in time", async () => {
      const wire = await wireTo(3306);
      wire.hold(true);
      const opening = mysqlEngine(urlOf(wire), { pool: { connectTimeout: 100 } });
      await expect(opening).rejects.toThrow(
        /cannot be reached: (?:connect ETIMEDOUT|timeout exceeded)/,
      );
      await wire.close();
    });

    test("that is slow to let one in costs a query, and no connection", async () => {
      const wire = await wireTo(3306);
      const own = await mysqlEngine(urlOf(wire), { pool: { max: 1, connectTimeout: 300 } });
      const { rows } = await own.query("select connection_id() as id");
      await engine.query(`kill ${String(rows[0]?.["id"])}`);
      expect(await comesTrue(() => own.pool().total === 0)).toBe(true);
      // The greeting comes in time, and what makes the session alike does not.
      wire.delay(60);
      expect(await kindOf(own.query("select 1"))).toBe("pool-exhausted");
      wire.delay(0);
      expect(await comesTrue(() => own.pool().idle === 1)).toBe(true);
      expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      expect(own.pool()).toEqual({ max: 1, total: 1, idle: 1, waiting: 0 });
      await own.close();
      await wire.close();
    });

    test("that falls silent costs no more than the time limit, and no connection", async () => {
      const wire = await wireTo(3306);
      const pool = { max: 1, connectTimeout: 300 };
      const own = await mysqlEngine(urlOf(wire), { pool, statementTimeout: 100 });
      wire.hold(true);
      expect(await kindOf(own.query("select 1"))).toBe("connection-lost");
      expect(await kindOf(own.query("select 1"))).toMatch(/connection-lost|pool-exhausted/);
      wire.hold(false);
      expect(await comesTrue(() => own.pool().waiting === 0)).toBe(true);
      await sleep(300);
      expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      expect(own.pool()).toMatchObject({ total: 1, idle: 1 });
      await own.close();
      await wire.close();
    });
  });
});
