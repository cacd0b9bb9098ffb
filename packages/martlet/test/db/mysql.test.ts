import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { databaseError, type Engine } from "martlet/db";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mysqlEngine, type Opening } from "./dialect-engines.ts";
import { mariadb } from "./engines.ts";
import { comesTrue } from "./process.ts";

const { url, isSkipped, title } = mariadb;
const table = `martlet_test_${randomBytes(5).toString("hex")}`;

describe.skipIf(isSkipped)(`${title}, through the engine,`, { timeout: 30_000 }, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await mysqlEngine(url);
    await engine.query(
      `create table ${table} (id int primary key auto_increment, name varchar(20) unique, n int not null default 0)`,
    );
  });
  afterAll(async () => {
    await engine.query(`drop table ${table}`);
    await engine.close();
  });
  beforeEach(async () => {
    await engine.query(`delete from ${table}`);
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
  const count = async (): Promise<unknown> =>
    (await engine.query(`select count(*) as n from ${table}`)).rows[0]?.["n"];

  describe("a value", () => {
    test("is exact, whichever way it goes", async () => {
      const { rows } = await engine.query(
        `select 5 as small, 9007199254740993 as big, 18446744073709551615 as most, 1.50 as exact, 1.5e0 as near,
          timestamp '2026-01-02 03:04:05.678' as time, x'00ff' as bytes, json_object('a', json_array(1)) as json,
          null as nothing, true as yes, 'é🎉' as text`,
      );
      expect(rows).toEqual([
        {
          small: 5,
          big: "9007199254740993",
          most: "18446744073709551615",
          exact: "1.50",
          near: 1.5,
          time: new Date("2026-01-02T03:04:05.678Z"),
          bytes: Buffer.from([0, 255]),
          json: { a: [1] },
          nothing: null,
          yes: 1,
          text: "é🎉",
        },
      ]);
    });

    test("is always one value, and never SQL", async () => {
      const values = [
        { a: 1 },
        [1, 2],
        "it's \\ \0 \" `x` ? \n",
        new Uint8Array([39, 92]),
        true,
        7n,
        undefined,
      ];
      const { rows } = await engine.query(
        "select ? as object, ? as list, ? as text, ? as bytes, ? as yes, ? as big, ? as missing",
        values,
      );
      expect(rows).toEqual([
        {
          object: '{"a":1}',
          list: "[1,2]",
          text: values[2],
          bytes: Buffer.from([39, 92]),
          yes: 1,
          big: 7,
          missing: null,
        },
      ]);
      await engine.query(`insert into ${table} (name) values (?)`, ["secret"]);
      const { rows: found } = await engine.query(`select * from ${table} where name = ?`, [
        { name: 1 },
      ]);
      expect(found).toEqual([]);
    });

    test("may be a date in any time zone, which the server knows in UTC", async () => {
      const time = new Date("2026-07-01T00:00:00.123Z");
      const { rows } = await engine.query(
        "select unix_timestamp(?) as seconds, @@time_zone as zone",
        [time],
      );
      expect(rows).toEqual([{ seconds: "1782864000.123", zone: "+00:00" }]);
    });

    test("that does not fit is refused, and never cut", async () => {
      const insert = (name: unknown, n: unknown): Promise<unknown> =>
        engine.query(`insert into ${table} (name, n) values (?, ?)`, [name, n]);
      expect(await kindOf(insert("x".repeat(21), 0))).toBe("too-long");
      expect(await kindOf(insert("a", 2 ** 31))).toBe("out-of-range");
      expect(await kindOf(insert("a", "5 apples"))).toBe("invalid-text");
      expect(await kindOf(engine.query(`insert into ${table} (n) values (null)`))).toBe("not-null");
      expect(await count()).toBe("0");
      const { rows } = await engine.query("select @@sql_mode as mode");
      expect(String(rows[0]?.["mode"]).split(",")).toEqual(
        expect.arrayContaining(["STRICT_ALL_TABLES", "STRICT_TRANS_TABLES", "NO_ZERO_DATE"]),
      );
      expect(rows[0]?.["mode"]).not.toContain("NO_BACKSLASH_ESCAPES");
    });

    test("is not told with an error", async () => {
      const failing = engine.query(`insert into ${table} (n) values (?) hunter`, ["hunter2"]);
      expect(inspect(await failing.catch((error: unknown) => error))).not.toContain("hunter2");
    });
  });

  describe("a statement", () => {
    test("tells how many rows it found or changed, and the id it made", async () => {
      const inserted = await engine.query(`insert into ${table} (name) values ('a'), ('b')`);
      expect(inserted).toMatchObject({ rows: [], rowCount: 2 });
      // Also where what is there is what was asked for, as with PostgreSQL.
      const updated = await engine.query(`update ${table} set name = 'a' where name = 'a'`);
      expect(updated.rowCount).toBe(1);
      expect((await engine.query(`select * from ${table} where name = 'z'`)).rowCount).toBe(0);
      const [header] = inserted.native as [{ insertId: number }];
      expect(header.insertId).toBeGreaterThan(0);
    });

    test("gives arrays where they are asked for", async () => {
      const { rows } = await engine.query("select 1 as a, 2 as a", [], { arrays: true });
      expect(rows).toEqual([[1, 2]]);
    });

    test("may call a procedure, whose rows are the first that it gives", async () => {
      const name = `${table}_p`;
      await engine.query(`create procedure ${name}() begin select 1 as one; select 2 as two; end`);
      expect((await engine.query(`call ${name}()`)).rows).toEqual([{ one: 1 }]);
      await engine.query(`drop procedure ${name}`);
    });

    test("is alone in its text", async () => {
      await expect(engine.query("select 1; select 2")).rejects.toThrow("error in your SQL syntax");
    });

    test("cannot send a file of this machine to the server", async () => {
      const load = engine.query(`load data local infile '/etc/hostname' into table ${table}`);
      await expect(load).rejects.toThrow(/LOCAL INFILE|local infile|not allowed/);
      expect(await count()).toBe("0");
    });

    test("goes on after one that failed", async () => {
      await within({ pool: { max: 1 } }, async (own) => {
        await expect(own.query("select nothing")).rejects.toThrow("Unknown column");
        expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
        expect(own.pool().total).toBe(1);
      });
    });

    test("is given up after 30 s, or after the time that is asked for", async () => {
      const { rows } = await engine.query("select @@max_statement_time as seconds");
      expect(rows[0]?.["seconds"]).toBe(30);
      await within({ statementTimeout: 50 }, async (own) => {
        expect(await kindOf(own.query("select sleep(5)"))).toBe("statement-timeout");
      });
    });
  });

  describe("a transaction", () => {
    test("is undone when its work fails", async () => {
      const failing = engine.transaction(async () => {
        await engine.query(`insert into ${table} (name) values ('a')`);
        throw new Error("not today");
      });
      await expect(failing).rejects.toThrow("not today");
      expect(await count()).toBe("0");
    });

    test("may only read, and may be as strict as is asked for", async () => {
      const writing = engine.transaction(() => engine.query(`insert into ${table} () values ()`), {
        readOnly: true,
      });
      expect(await kindOf(writing)).toBe("read-only");
      const levels = ["read committed", "repeatable read", "serializable"] as const;
      for (const isolation of levels) {
        await engine.transaction(
          async () => {
            const other = await mysqlEngine(url, { pool: { max: 1 } });
            await engine.query(`select * from ${table}`);
            const write = other.transaction(async () => {
              await other.query("set session innodb_lock_wait_timeout = 0");
              await other.query(`insert into ${table} (name) values (?)`, [isolation]);
            });
            const kind = await kindOf(write);
            expect(kind).toBe(isolation === "serializable" ? "lock-timeout" : undefined);
            const { rowCount } = await engine.query(`select * from ${table} where name = ?`, [
              isolation,
            ]);
            expect(rowCount).toBe(isolation === "read committed" ? 1 : 0);
            await other.close();
          },
          { isolation },
        );
      }
    });

    test("is run anew after a deadlock, so that both end right", async () => {
      await engine.query(`insert into ${table} (id, n) values (1, 0), (2, 0)`);
      const add = (first: number, second: number): Promise<void> =>
        engine.transaction(async () => {
          await engine.query(`update ${table} set n = n + 1 where id = ?`, [first]);
          await sleep(30);
          await engine.query(`update ${table} set n = n + 1 where id = ?`, [second]);
        });
      await Promise.all([add(1, 2), add(2, 1)]);
      const { rows } = await engine.query(`select n from ${table}`);
      expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
      expect(engine.metrics.retried).toBeGreaterThan(0);
    });

    test("of which a deadlock was swallowed is run anew all the same", async () => {
      await engine.query(`insert into ${table} (id, n) values (1, 0), (2, 0)`);
      const add = (first: number, second: number): Promise<void> =>
        engine.transaction(async () => {
          await engine.query(`update ${table} set n = n + 1 where id = ?`, [first]);
          await sleep(30);
          await engine
            .query(`update ${table} set n = n + 1 where id = ?`, [second])
            .catch(() => undefined);
        });
      await Promise.all([add(1, 2), add(2, 1)]);
      const { rows } = await engine.query(`select n from ${table}`);
      expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
    });

    test("does not hide that a statement has committed it", async () => {
      const name = `${table}_ddl`;
      const failing = engine.transaction(async () => {
        await engine.query(`create table ${name} (id int)`);
        await engine.query(`insert into ${table} () values ()`);
      });
      await expect(failing).rejects.toThrow("as DDL does with MySQL");
      await engine.query(`drop table ${name}`);
      expect(await count()).toBe("0");
      // A table that is but for the session does not.
      await engine.transaction(() =>
        engine.query("create temporary table if not exists t (id int)"),
      );
    });

    test.each(["start transaction", "set autocommit = 0"])(
      "that was begun by hand (%s) is not handed on",
      async (text) => {
        await within({ pool: { max: 1 } }, async (own) => {
          await own.query(text);
          await own.query(`insert into ${table} () values ()`);
          expect(await count()).toBe("1");
          await engine.query(`delete from ${table}`);
        });
      },
    );

    test("that takes too long is cancelled, and its connection is of use again", async () => {
      await within({ pool: { max: 1 } }, async (own) => {
        const late = own.transaction(() => own.query("select sleep(5)"), { timeout: 50 });
        expect(await kindOf(late)).toMatch(/cancelled|statement-timeout/);
        const { rows } = await own.query("select sleep(0.1) as was_interrupted");
        expect(rows).toEqual([{ was_interrupted: 0 }]);
      });
    });

    test("can lock a name across connections", async () => {
      await within({}, async (own) => {
        const order: string[] = [];
        const first = engine.lock(table, async () => {
          order.push("first begins");
          await sleep(150);
          order.push("first ends");
        });
        await comesTrue(() => order.length > 0);
        await own.lock(table, async () => void order.push("second"));
        await first;
        expect(order).toEqual(["first begins", "first ends", "second"]);
      });
    });
  });
});
