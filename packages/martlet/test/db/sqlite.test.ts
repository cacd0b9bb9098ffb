import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseError, type Engine } from "martlet/db";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Opening, sqliteEngine } from "./dialect-engines.ts";
import { comesTrue } from "./process.ts";

const parent = mkdtempSync(join(tmpdir(), "martlet-test-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const kindOf = async (failing: Promise<unknown>): Promise<string | undefined> => {
  const error = await failing.catch((error: unknown) => error);
  return databaseError(error)?.kind;
};

describe("SQLite, through the engine,", () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await sqliteEngine();
    await engine.query("create table notes (id integer primary key, text text, n integer)");
  });
  afterEach(async () => {
    await engine.close();
    await engine.close();
  });
  const count = async (): Promise<unknown> =>
    (await engine.query("select count(*) as n from notes")).rows[0]?.["n"];

  describe("a value", () => {
    test("is exact, whichever way it goes", async () => {
      const values = [
        5,
        9_007_199_254_740_993n,
        -0,
        1.5,
        "é🎉'?",
        new Uint8Array([0, 255]),
        null,
        undefined,
        true,
        new Date("2026-01-02T03:04:05.678Z"),
        { a: [1] },
        7n,
        Infinity,
      ];
      const { rows } = await engine.query(`select ${values.map(() => "?").join(", ")}`, values, {
        arrays: true,
      });
      expect(rows).toEqual([
        [
          5,
          9_007_199_254_740_993n,
          -0,
          1.5,
          "é🎉'?",
          Buffer.from([0, 255]),
          null,
          null,
          1,
          "2026-01-02T03:04:05.678Z",
          '{"a":[1]}',
          7,
          Infinity,
        ],
      ]);
    });

    test("that is whole is an integer, also to SQLite", async () => {
      const { rows } = await engine.query("select typeof(?) as type, ? / 2 as half", [5, 5]);
      expect(rows).toEqual([{ type: "integer", half: 2 }]);
    });

    test.each([
      [NaN, "SQLite has no NaN"],
      ["a\0b", "SQLite cannot hold U+0000"],
      [() => 1, "SQLite has no value for a function"],
      [Symbol("x"), "SQLite has no value for a symbol"],
      [2n ** 70n, "too large to bind"],
    ])("that SQLite does not know (%s) is refused", async (value, message) => {
      await expect(engine.query("select ?", [value])).rejects.toThrow(message);
    });

    test("is never missing without a word", async () => {
      const failing = engine.query("select ?, '?', 1 as \"a?\", ? -- ?", [1]).catch(String);
      expect(await failing).toBe("Error: The statement takes 2 values, and was given 1");
      await expect(engine.query("select 1", [1])).rejects.toThrow("takes 0 values");
    });

    test("is of the type of its column where SQLite can say so", async () => {
      await engine.query("create table strict (n integer, t text) strict");
      expect(await kindOf(engine.query("insert into strict values ('x', 'y')"))).toBe(
        "invalid-text",
      );
    });
  });

  describe("a statement", () => {
    test("tells how many rows it found or changed, and the id it made", async () => {
      expect(await engine.query("insert into notes (text) values ('a'), ('b')")).toEqual({
        rows: [],
        rowCount: 2,
        native: { changes: 2, lastInsertRowid: 2 },
      });
      const returned = await engine.query("update notes set text = 'c' returning id");
      expect(returned).toMatchObject({ rows: [{ id: 1 }, { id: 2 }], rowCount: 2 });
      expect((await engine.query("select * from notes where id = 9")).rowCount).toBe(0);
    });

    test("gives plain objects", async () => {
      const { rows } = await engine.query("select 1 as one");
      expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
    });

    test("may be followed by others, which have no values", async () => {
      await engine.query(
        "insert into notes (text) values ('a;b'); -- first\n insert into notes (id) values (7);",
      );
      expect(await count()).toBe(2);
      await engine.query("select 1; -- that was all\n /* ; */ ;");
      const failing = engine.query("insert into notes (id) values (?); select 1", [8]);
      await expect(failing).rejects.toThrow("Several statements in one cannot have values");
      expect(await count()).toBe(2);
    });

    test("is prepared once, and anew when the table has changed", async () => {
      const { rows: before } = await engine.query("select * from notes");
      expect(before).toEqual([]);
      await engine.query("insert into notes (id) values (1)");
      await engine.query("alter table notes add column more text default 'x'");
      expect((await engine.query("select * from notes")).rows).toEqual([
        { id: 1, text: null, n: null, more: "x" },
      ]);
      for (let n = 0; n < 500; n += 1) await engine.query(`select ${n} as n`);
      expect((await engine.query("select * from notes")).rowCount).toBe(1);
    });

    test("goes on after one that failed", async () => {
      await expect(engine.query("select missing")).rejects.toThrow("no such column: missing");
      await expect(engine.query("")).rejects.toThrow("statement");
      expect((await engine.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    });

    test("may not refer to what is not there", async () => {
      await engine.query("create table replies (note integer references notes)");
      expect(await kindOf(engine.query("insert into replies values (9)"))).toBe(
        "reference-missing",
      );
    });
  });

  describe("a transaction", () => {
    test("is undone when its work fails, and so is each part of it", async () => {
      await engine.transaction(async () => {
        await engine.query("insert into notes (text) values ('kept')");
        const inner = engine.transaction(async () => {
          await engine.query("insert into notes (text) values ('lost')");
          throw new Error("not today");
        });
        await expect(inner).rejects.toThrow("not today");
      });
      expect((await engine.query("select text from notes")).rows).toEqual([{ text: "kept" }]);
      const failing = engine.transaction(async () => {
        await engine.query("delete from notes");
        await engine.query("create table more (id integer)");
        throw new Error("not today");
      });
      await expect(failing).rejects.toThrow("not today");
      expect(await count()).toBe(1);
      await expect(engine.query("select * from more")).rejects.toThrow("no such table");
    });

    test("may only read, which is of no consequence for the next one", async () => {
      const writing = engine.transaction(() => engine.query("insert into notes (id) values (1)"), {
        readOnly: true,
      });
      expect(await kindOf(writing)).toBe("read-only");
      const reading = engine.transaction(() => engine.query("select * from notes"), {
        readOnly: true,
      });
      expect((await reading).rows).toEqual([]);
      await engine.query("insert into notes (id) values (1)");
      expect(await count()).toBe(1);
    });

    test("that SQLite has undone by itself does not go on by halves", async () => {
      await engine.query("insert into notes (id) values (1)");
      const failing = engine.transaction(async () => {
        await engine.query("insert into notes (id) values (2)");
        await engine.query("insert or rollback into notes (id) values (1)").catch(() => undefined);
        await engine.query("insert into notes (id) values (3)");
      });
      await expect(failing).rejects.toThrow("for a statement in it had failed");
      expect((await engine.query("select id from notes")).rows).toEqual([{ id: 1 }]);
    });

    test("that was begun by hand is not handed on", async () => {
      await engine.query("begin");
      await engine.query("insert into notes (id) values (1)");
      await expect(engine.query("rollback")).rejects.toThrow("no transaction is active");
      expect(await count()).toBe(1);
    });

    test("is waited for in turn, for a limited time, by a limited number", async () => {
      const own = await sqliteEngine(undefined, { pool: { connectTimeout: 60, maxWaiting: 2 } });
      const holding = own.transaction(async () => {
        await own.query("select 1");
        await sleep(150);
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
      expect(own.pool()).toEqual({ max: 1, total: 1, idle: 1, waiting: 0 });
      await own.close();
      await expect(own.query("select 1")).rejects.toThrow("Cannot use a pool after");
    });

    test("is kept apart from others, however many come at once", async () => {
      await engine.query("insert into notes (id, n) values (1, 0)");
      const add = (): Promise<unknown> =>
        engine.transaction(async () => {
          const { rows } = await engine.query("select n from notes");
          await sleep(1);
          await engine.query("update notes set n = ?", [Number(rows[0]?.["n"]) + 1]);
        });
      await Promise.all(Array.from({ length: 20 }, add));
      expect((await engine.query("select n from notes")).rows).toEqual([{ n: 20 }]);
    });
  });
});

describe("a file of SQLite", () => {
  const within = async (
    file: string,
    work: (one: Engine, two: Engine) => Promise<void>,
    opening: Opening = {},
  ): Promise<void> => {
    const one = await sqliteEngine(file);
    const two = await sqliteEngine(file, opening);
    try {
      await work(one, two);
    } finally {
      await one.close();
      await two.close();
    }
  };

  test("keeps its data, in a directory that is made", async () => {
    const file = join(parent, "a/b/data.sqlite");
    await within(file, async (engine) => {
      await engine.query("create table kept as select 6 as id");
      const { rows } = await engine.query("pragma journal_mode");
      expect(rows).toEqual([{ journal_mode: "wal" }]);
    });
    expect(existsSync(`${file}-wal`)).toBe(false);
    await within(file, async (engine) => {
      expect((await engine.query("select * from kept")).rows).toEqual([{ id: 6 }]);
    });
  });

  test("that is something else is not touched", async () => {
    const file = join(parent, "letter.txt");
    writeFileSync(file, "Dear Ada, ".repeat(1000));
    await expect(sqliteEngine(file)).rejects.toThrow(
      `The database ${file} cannot be opened: file is not a database`,
    );
    await expect(sqliteEngine(parent)).rejects.toThrow(
      "cannot be opened: unable to open database file",
    );
    await expect(sqliteEngine(join(file, "below"))).rejects.toThrow("cannot be opened: ");
  });

  test("may be written by two, one after the other, while the event loop goes on", async () => {
    const file = join(parent, "shared.sqlite");
    await within(file, async (one, two) => {
      await one.query("create table notes (id integer primary key)");
      let ticks = 0;
      const timer = setInterval(() => (ticks += 1), 5);
      const holding = one.transaction(async () => {
        await one.query("insert into notes values (1)");
        // Who only reads need not wait, and reads what was.
        expect((await two.query("select * from notes")).rows).toEqual([]);
        const writing = two.query("insert into notes values (2)");
        await sleep(100);
        return { writing };
      });
      await (
        await holding
      ).writing;
      clearInterval(timer);
      expect(ticks).toBeGreaterThan(2);
      expect((await one.query("select count(*) as n from notes")).rows).toEqual([{ n: 2 }]);
    });
  });

  test("that another holds for too long is busy, which was waited for", async () => {
    const file = join(parent, "busy.sqlite");
    const opening = { pool: { connectTimeout: 50 } };
    const work = async (one: Engine, two: Engine): Promise<void> => {
      await one.query("create table notes (id integer primary key)");
      await one.transaction(async () => {
        await one.query("insert into notes values (1)");
        const error = databaseError(
          await two.query("insert into notes values (2)").catch((e: unknown) => e),
        );
        expect(error).toMatchObject({ kind: "lock-timeout", isRetryable: false });
        const retries = 0;
        const inside = two.transaction(() => two.query("insert into notes values (2)"), {
          retries,
        });
        expect(await kindOf(inside)).toBe("lock-timeout");
      });
      await two.query("insert into notes values (2)");
    };
    await within(file, work, opening);
  });
});
