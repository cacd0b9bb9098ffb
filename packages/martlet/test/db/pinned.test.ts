import { randomBytes } from "node:crypto";
import type { Database, Engine as DatabaseEngine } from "martlet/db";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { embedded, type Engine, postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
const engines: readonly Engine[] = [postgres, embedded, pglite];

describe.each(engines)("$title: a pinned transaction", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("for tests", () => {
    const table = `pinned_${randomBytes(5).toString("hex")}`;
    let db: Database;
    let engine: DatabaseEngine;
    let close: () => Promise<void>;
    let unpin: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({ url, pool: { connectTimeout: 2000 } }));
      engine = db.$engine;
      await db.execute(
        `create table ${table} (id int primary key,
          parent int references ${table} deferrable initially deferred)`,
      );
    }, 120_000);
    afterAll(async () => {
      await db.execute(`drop table ${table}`);
      await close();
    });
    beforeEach(() => void (unpin = engine.pin()));
    afterEach(() => unpin());

    const add = (id: number, parent: number | null = null): Promise<unknown> =>
      engine.query(`insert into ${table} values ($1, $2)`, [id, parent]);
    const ids = async (): Promise<unknown> =>
      (await engine.query<{ id: number }>(`select id from ${table} order by id`)).rows.map(
        ({ id }) => id,
      );

    test("outlives a statement that fails by itself", async () => {
      await add(1);
      await expect(add(1)).rejects.toMatchObject({ code: "23505" });
      await expect(engine.query("select 1/0")).rejects.toThrow("division by zero");
      await add(2);
      expect(await ids()).toEqual([1, 2]);
    });

    test("begins with what was there, and was left there", async () => {
      expect(await ids()).toEqual([]);
      await add(1);
      await unpin();
      expect(await ids()).toEqual([]);
      unpin = engine.pin();
    });

    test("checks what a commit would check, then and not before", async () => {
      await expect(add(2, 1)).rejects.toMatchObject({ code: "23503" });
      const failing = engine.transaction(() => add(2, 1));
      await expect(failing).rejects.toMatchObject({ code: "23503" });
      for (const first of [2, 4]) {
        await engine.transaction(async () => {
          await engine.transaction(() => add(first, first - 1));
          await add(first - 1);
        });
      }
      expect(await ids()).toEqual([1, 2, 3, 4]);
    });

    test("is none to what asks whether there is one", async () => {
      expect(engine.inTransaction).toBe(false);
      expect(await engine.transaction(async () => engine.inTransaction)).toBe(true);
    });

    test("knows of each statement which call it is made in", async () => {
      await engine.during({ route: "GET /" }, async () => {
        await ids();
        await engine.transaction(ids);
        expect(engine.call?.statements).toBe(2);
      });
    });

    test("is taken turns in by what is asked for at one time", async () => {
      const results = await Promise.allSettled([
        engine.transaction(async () => {
          await add(1);
          await ids();
          throw new Error("no");
        }),
        engine.transaction(() => add(2)),
        add(3),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
      expect(await ids()).toEqual([2, 3]);
    });

    test("does not wait for ever for what never ends", async () => {
      const stuck = engine.transaction(async () => {
        await add(1);
        await new Promise(() => undefined);
      });
      stuck.catch(() => undefined);
      const waiting = Promise.allSettled([ids()]);
      await expect(unpin()).rejects.toThrow("was still open at the end");
      unpin = engine.pin();
      expect(await ids()).toEqual([]);
      const reason = expect.objectContaining({ name: "Error" });
      expect(await waiting).toEqual([{ status: "rejected", reason }]);
    });

    test("is one at a time", () => {
      expect(() => engine.pin()).toThrow("A transaction is pinned already");
    });
  });
});
