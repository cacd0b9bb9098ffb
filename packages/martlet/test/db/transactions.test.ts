import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database } from "martlet/db";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { embedded, type Engine, postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";
import { comesTrue } from "./process.ts";

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
const engines: readonly Engine[] = [postgres, embedded, pglite];

describe.each(engines)("$title: a transaction", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("of an engine", () => {
    const table = `accounts_${randomBytes(5).toString("hex")}`;
    const lines: string[] = [];
    let db: Database;
    let close: () => Promise<void>;
    beforeAll(async () => {
      const notice = (line: string): void => void lines.push(line);
      ({ db, close } = await openDatabase({ url, notice, pool: { connectTimeout: 2000 } }));
      await db.execute(`create table ${table} (id int primary key, balance int not null)`);
    }, 120_000);
    afterAll(async () => {
      await db.execute(`drop table ${table}`);
      await close();
    });
    beforeEach(async () => {
      await db.execute(`delete from ${table}`);
      await db.execute(`insert into ${table} values (1, 0), (2, 0)`);
    });

    const balance = async (id = 1): Promise<unknown> => {
      const sql = `select balance from ${table} where id = $1`;
      return (await db.$engine.query(sql, [id])).rows[0]?.["balance"];
    };
    const set = (value: number, id = 1): Promise<unknown> =>
      db.$engine.query(`update ${table} set balance = $1 where id = $2`, [value, id]);
    const isSingle = url.startsWith("pglite");

    test("is joined by statements of every kind, wherever they are made", async () => {
      const failing = db.$engine.transaction(async () => {
        await set(1);
        await db.execute(`update ${table} set balance = 2 where id = 2`);
        await db.$client.query(`insert into ${table} values (3, 3)`);
        await sleep(1);
        expect(db.$engine.inTransaction).toBe(true);
        expect([await balance(1), await balance(2), await balance(3)]).toEqual([1, 2, 3]);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect([await balance(1), await balance(2), await balance(3)]).toEqual([0, 0, undefined]);
      expect(db.$engine.inTransaction).toBe(false);
      expect(db.$engine.pool()).toMatchObject({ waiting: 0 });
    });

    test("asks for no connection before its first statement", async () => {
      const before = db.$engine.metrics;
      expect(await db.$engine.transaction(async () => 5)).toBe(5);
      expect(db.$engine.metrics.statements).toBe(before.statements);
    });

    test("has savepoints in it, each rolled back by itself", async () => {
      await db.$engine.transaction(async () => {
        await set(1);
        const inner = db.transaction(async (tx) => {
          await set(2);
          tx.rollback();
        });
        await expect(inner).rejects.toThrow("Rollback");
        expect(await balance()).toBe(1);
        const failing = db.$engine.transaction(() => db.$engine.query("select 1/0"));
        await expect(failing).rejects.toThrow("division by zero");
        await db.$engine.transaction(() => set(3, 2));
      });
      expect([await balance(1), await balance(2)]).toEqual([1, 3]);
    });

    test("keeps savepoints apart that are made at one time", async () => {
      await db.$engine.transaction(async () => {
        const results = await Promise.allSettled([
          db.$engine.transaction(async () => {
            await set(10, 1);
            await sleep(5);
            throw new Error("first");
          }),
          db.$engine.transaction(async () => {
            await set(20, 2);
            await sleep(1);
          }),
          db.$engine.query(`insert into ${table} values (4, 4)`),
        ]);
        expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
      });
      expect([await balance(1), await balance(2), await balance(4)]).toEqual([0, 20, 4]);
    });

    test("has in it what was asked for before its end, awaited or not", async () => {
      await db.$engine.transaction(async () => {
        await set(1);
        void set(5);
        void db.$engine.transaction(() => set(7, 2));
      });
      expect([await balance(1), await balance(2)]).toEqual([5, 7]);
    });

    test("refuses a statement that comes after its end", async () => {
      let late: Promise<unknown> | undefined;
      await db.$engine.transaction(async () => {
        await set(1);
        late = sleep(20).then(() => set(9));
        late.catch(() => undefined);
      });
      await expect(late).rejects.toThrow("after the end of its transaction");
      expect(await balance()).toBe(1);
    });

    test("is rolled back, and its connection given back, also when its last statement failed", async () => {
      const wrong = (): Promise<unknown> => db.$engine.query("select 1/0");
      await expect(db.$engine.transaction(wrong)).rejects.toThrow("division by zero");
      await db.$engine.transaction(async () => {
        await set(1);
        await expect(db.$engine.transaction(wrong)).rejects.toThrow("division by zero");
        await set(2, 2);
      });
      const swallowing = db.$engine.transaction(() => wrong().catch(() => undefined));
      await expect(swallowing).rejects.toThrow("a statement in it had failed");
      expect([await balance(1), await balance(2)]).toEqual([1, 2]);
      expect(db.$engine.pool()).toMatchObject({ waiting: 0 });
      expect(db.$engine.pool().idle).toBe(db.$engine.pool().total);
    });

    test("says so when it is rolled back though an error in it was swallowed", async () => {
      const swallowing = db.$engine.transaction(async () => {
        await set(1);
        await db.$engine.query("select 1/0").catch(() => undefined);
      });
      await expect(swallowing).rejects.toThrow("a statement in it had failed");
      expect(await balance()).toBe(0);
    });

    test("runs what is for after the commit after it, and not after a rollback", async () => {
      const done: string[] = [];
      lines.length = 0;
      const after = (what: string) => db.$engine.afterCommit(() => void done.push(what));
      await db.$engine.transaction(async () => {
        await set(1);
        await after("outer");
        await db.$engine.transaction(() => after("inner"));
        const failing = db.$engine.transaction(async () => {
          await after("never");
          throw new Error("no");
        });
        await expect(failing).rejects.toThrow("no");
        await db.$engine.afterCommit(() => {
          throw new Error("late");
        });
        expect(done).toEqual([]);
      });
      await after("alone");
      expect(done).toEqual(["outer", "inner", "alone"]);
      expect(lines).toEqual(["What follows a commit failed: Error: late"]);
      expect(await balance()).toBe(1);
    });

    test("is rolled back after its time", async () => {
      const slow = db.$engine.transaction(
        async () => {
          await set(1);
          await sleep(150);
          await set(2);
        },
        { timeout: 50 },
      );
      await expect(slow).rejects.toThrow("took longer than 50 ms");
      expect(await balance()).toBe(0);
    });

    test("may be read-only, and has its isolation", async () => {
      const write = db.transaction(() => set(1), { accessMode: "read only" });
      await expect(write).rejects.toMatchObject({ code: "25006" });
      const isolation = await db.$engine.transaction(
        async () => (await db.$engine.query("show transaction_isolation")).rows[0],
        { isolation: "serializable" },
      );
      expect(isolation).toEqual({ transaction_isolation: "serializable" });
      const inner = db.$engine.transaction(() =>
        db.$engine.transaction(() => set(1), { isolation: "serializable" }),
      );
      await expect(inner).rejects.toThrow("has the isolation of that one");
    });

    test("is run anew when it does not fit in with others", async () => {
      const add = () =>
        db.$engine.transaction(
          async () => {
            const now = (await balance()) as number;
            await sleep(2);
            await set(now + 1);
          },
          { isolation: "serializable", retries: 50 },
        );
      const { retried } = db.$engine.metrics;
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await balance()).toBe(20);
      expect(db.$engine.metrics.retried > retried).toBe(!isSingle);
    });

    test.skipIf(isSingle)("is run anew after a deadlock", async () => {
      const both = (first: number, second: number) =>
        db.$engine.transaction(async () => {
          await set(first, first);
          await sleep(50);
          await set(second, second);
        });
      await Promise.all([both(1, 2), both(2, 1)]);
      expect([await balance(1), await balance(2)]).toEqual([1, 2]);
    });

    test("ends with the request that it is made in", async () => {
      const gone = new AbortController();
      const ended = db.$engine.during({ signal: gone.signal }, () =>
        db.$engine.transaction(async () => {
          await set(1);
          gone.abort(new Error("The client has gone"));
          // Whoever waits for ever holds no connection.
          await sleep(20);
          await set(2);
        }),
      );
      await expect(ended).rejects.toThrow("Nobody waits for the answer any more");
      expect(await balance()).toBe(0);
      const pool = () => db.$engine.pool();
      expect(await comesTrue(() => pool().idle === pool().total)).toBe(true);
    });

    test.skipIf(isSingle)("and a statement are cancelled while they wait", async () => {
      const { promise: end, resolve } = Promise.withResolvers<void>();
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const holding = db.$engine.transaction(async () => {
        await set(1);
        begin();
        await end;
      });
      await begun;
      const gone = new AbortController();
      const waiting = db.$engine.during({ signal: gone.signal }, () =>
        Promise.allSettled([set(2), db.$engine.transaction(() => set(3))]),
      );
      const asked =
        "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like $1";
      const blocked = async () =>
        (await db.$engine.query(asked, [`%${table}%`])).rows[0]?.["n"] === 2;
      while (!(await blocked())) await sleep(10);
      gone.abort();
      const reasons = (await waiting).map(
        (each) => (each as PromiseRejectedResult).reason as object,
      );
      expect(reasons).toMatchObject([{ code: "57014" }, { code: "57014" }]);
      resolve();
      await holding;
      expect(await balance()).toBe(1);
    });

    test("that is pinned is never committed, whatever is in it", async () => {
      const done: string[] = [];
      const rollBack = db.$engine.pin();
      await set(1);
      await db.transaction(async (tx) => {
        await tx.execute(`update ${table} set balance = 2 where id = 1`);
        await db.$engine.afterCommit(() => void done.push("committed"));
      });
      const failing = db.$engine.transaction(async () => {
        await set(3);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await balance()).toBe(2);
      expect(done).toEqual(["committed"]);
      await rollBack();
      expect(await balance()).toBe(0);
    });
  });
});
