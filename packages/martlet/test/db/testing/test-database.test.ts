import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { dependency, get, martlet } from "martlet";
import { database, type Database } from "martlet/db";
import { type TestDatabase, testDatabase, useTestDatabase } from "martlet/db/testing";
import { listen } from "martlet/server";
import { testClient } from "martlet/testing";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { embedded, type Engine, postgres } from "../engines.ts";
import { app, db, makeTables, told } from "./shop.ts";

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
const hooks = { beforeAll, beforeEach, afterEach, afterAll };
const prepare = makeTables;

/** What a server knows of databases, by SQL. */
async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function databases(): Promise<readonly string[]> {
  const found = await ask("select datname from pg_database where datname like 'martlet_test_%'");
  return found.map(({ datname }) => String(datname));
}

async function count(tested: TestDatabase<Database>): Promise<number> {
  const { rows } = await tested.engine.query<{ n: number }>(
    "select count(*)::int as n from authors",
  );
  return rows[0]?.n ?? 0;
}

describe.each<Engine>([postgres, embedded, pglite])(
  "a test database of $title",
  ({ url, isSkipped }) => {
    describe.skipIf(isSkipped)("in the hooks of a test runner", () => {
      const tested = useTestDatabase(hooks, db, {
        url,
        prepare,
        seed: (db) =>
          db.execute("insert into authors (email, name) values ('seed@a.example', 'Seed')"),
      });
      const client = () => testClient(app, { overrides: [tested.override], raise: false });
      const ann = { email: "ann@a.example", name: "Ann" };

      test.each([1, 2])("is as it was at the start of test %i", async () => {
        expect(await count(tested)).toBe(1);
        await using shop = client();
        expect((await shop.post("/authors", { json: ann })).status).toBe(200);
        await tested.db.execute(
          "insert into authors (email, name) values ('bob@a.example', 'Bob')",
        );
        expect(await (await shop.get("/authors/count")).json()).toBe(3);
      });

      test("is what the application uses over HTTP too, at one time as well", async () => {
        const running = await listen(app.with({ overrides: [tested.override] }), { port: 0 });
        told.length = 0;
        const post = async (number: number): Promise<number> => {
          const response = await fetch(`${running.url}/authors`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ email: `${number % 9}@a.example`, name: String(number) }),
          });
          await response.body?.cancel();
          return response.status;
        };
        const statuses = await Promise.all(Array.from({ length: 10 }, (_, number) => post(number)));
        expect(statuses.toSorted((a, b) => a - b)).toEqual([
          ...Array.from({ length: 9 }, () => 200),
          409,
        ]);
        expect(told).toHaveLength(9);
        expect(await count(tested)).toBe(10);
        await running.stop();
      });

      test("tells what a commit would refuse, and goes on", async () => {
        await using shop = client();
        expect((await shop.post("/authors", { json: ann })).status).toBe(200);
        const answer = await shop.post("/authors", { json: ann });
        expect([answer.status, await answer.json()]).toMatchObject([409, { code: "duplicate" }]);
        expect(await (await shop.get("/authors/count")).json()).toBe(2);
      });

      test("knows where it is", () => {
        expect(tested.url).toMatch(
          url.startsWith("pglite") ? /^pglite:/ : /^postgres:.*\/martlet_test_/,
        );
      });
    });
  },
);

const slow = { timeout: 30_000 };
describe.skipIf(postgres.isSkipped)(`a test database of ${postgres.title}`, slow, () => {
  const { url } = postgres;
  const left: TestDatabase<Database>[] = [];
  const made = (
    options: Parameters<typeof testDatabase<Database>>[1] = {},
  ): TestDatabase<Database> => {
    const tested = testDatabase(db, { url, prepare, ...options });
    left.push(tested);
    return tested;
  };
  afterEach(async () => {
    for (const each of left.splice(0)) await each.stop();
  });

  test("is a database of its own, and dropped", async () => {
    const [one, two] = [made(), made()];
    await Promise.all([one.start(), two.start()]);
    const names = [one, two].map((each) => new URL(each.url).pathname.slice(1));
    expect(new Set(names).size).toBe(2);
    expect(await databases()).toEqual(expect.arrayContaining(names));
    await two.engine.query("insert into authors (email, name) values ('a', 'a')");
    expect(await count(one)).toBe(0);
    await Promise.all([one.stop(), two.stop()]);
    const after = await databases();
    expect(names.filter((name) => after.includes(name))).toEqual([]);
    await one.stop();
  });

  test("leaves nothing of a test that failed in the middle", async () => {
    const tested = made();
    await tested.start();
    await tested.begin();
    const failing = tested.engine.transaction(async () => {
      await tested.engine.query("insert into authors (email, name) values ('a', 'a')");
      throw new Error("expected 1 to be 2");
    });
    await expect(failing).rejects.toThrow("expected");
    const stuck = tested.engine.transaction(async () => {
      await tested.engine.query("insert into authors (email, name) values ('b', 'b')");
      await sleep(100_000, undefined, { ref: false });
    });
    stuck.catch(() => undefined);
    await expect(tested.end()).rejects.toThrow("was still open at the end");
    await tested.begin();
    expect(await count(tested)).toBe(0);
    await tested.end();
    expect(tested.engine.pool().waiting).toBe(0);
  });

  test("goes on with the numbers of rows, which no rollback takes back", async () => {
    const tested = made();
    await tested.start();
    const ids: unknown[] = [];
    for (const email of ["a", "b"]) {
      await tested.begin();
      const sql = "insert into authors (email, name) values ($1, $1) returning id";
      ids.push((await tested.engine.query(sql, [email])).rows[0]?.["id"]);
      await tested.end();
    }
    expect(ids).toEqual([1, 2]);
  });

  test("that is isolated commits, and is emptied but for what its tables began with", async () => {
    const tested = made({
      isolated: true,
      seed: (db) => db.execute("insert into authors (email, name) values ('seed', 'Seed')"),
    });
    await tested.start();
    for (const kinds of [1, 2]) {
      await tested.begin();
      await using shop = testClient(app, { overrides: [tested.override] });
      expect(await (await shop.post("/authors", { json: { email: "a", name: "a" } })).json()).toBe(
        2,
      );
      await tested.engine.query("insert into kinds values ($1)", [`kind ${kinds}`]);
      const other = new Client({ connectionString: tested.url });
      await other.connect();
      expect((await other.query("select name from authors order by id")).rows).toEqual([
        { name: "Seed" },
        { name: "a" },
      ]);
      await other.end();
      await tested.end();
      expect(await count(tested)).toBe(1);
      const rest = await tested.engine.query("select * from kinds");
      expect(rest.rowCount).toBe(1 + kinds);
    }
  });

  test("that is isolated does not wait for ever for a table", async () => {
    const tested = made({ isolated: true });
    await tested.start();
    await tested.begin();
    const other = new Client({ connectionString: tested.url });
    await other.connect();
    await other.query("begin; lock authors in access share mode");
    await expect(tested.end()).rejects.toMatchObject({ code: "55P03" });
    await other.end();
    await tested.end();
  });

  test("applies the migrations of the database, if it has any", async () => {
    const directory = mkdtempSync(join(tmpdir(), "martlet-"));
    mkdirSync(join(directory, "0001_birds"));
    writeFileSync(join(directory, "0001_birds/up.sql"), "create table birds (id int primary key);");
    const migrated = database({
      url: "postgres://nobody@127.0.0.1:1/nowhere",
      migrations: directory,
    });
    const tested = testDatabase(migrated, { url });
    await tested.start();
    try {
      expect((await tested.engine.query("select * from birds")).rows).toEqual([]);
    } finally {
      await tested.stop();
      rmSync(directory, { recursive: true });
    }
  });

  test("does not come to be when its tables do not", async () => {
    const before = await databases();
    const tested = made({ prepare: (db) => db.execute("select nonsense") });
    await expect(tested.start()).rejects.toThrow("Failed query");
    const mine = (await databases()).filter((name) => !before.includes(name));
    expect(mine.filter((name) => name.includes(`_${process.pid}_`))).toEqual([]);
  });

  test("removes what processes have left that were killed", async () => {
    const tested = made();
    await tested.start();
    const own = new URL(tested.url).pathname.slice(1);
    // No process has this number: Linux has at most 2^22.
    const abandoned = own.replace(`_${process.pid}_`, "_99999999_");
    await ask(`create database ${abandoned}`);
    await ask(`create database ${abandoned.replace("martlet_test_", "martlet_shop_")}`);
    await made().start();
    const found = await ask("select datname from pg_database");
    const names = found.map(({ datname }) => datname);
    expect([names.includes(abandoned), names.includes(own)]).toEqual([false, true]);
    expect(names).toContain(abandoned.replace("martlet_test_", "martlet_shop_"));
    await ask(`drop database ${abandoned.replace("martlet_test_", "martlet_shop_")}`);
  });

  test("says so when it is used before it is there", async () => {
    const tested = made();
    expect(() => tested.engine).toThrow("has not started");
    const early = app.with({ overrides: [tested.override] });
    await expect(early.start()).rejects.toThrow("start() it, or use useTestDatabase()");
    await tested.start();
    await expect(tested.start()).rejects.toThrow("has started already");
    await tested.stop();
    expect(() => tested.db).toThrow("has not started");
  });

  test("stands in for a database that others are made of", async () => {
    const tested = made();
    await tested.start();
    const ready = dependency({ use: { db }, scope: "app" }, async ({ db }) => {
      await db.execute("insert into authors (email, name) values ('a', 'a')");
      return db;
    });
    const engine = get("/engine", { use: { engine: db.engine } }, ({ engine }) => engine.dialect);
    const wrapped = martlet({ engine, read: get("/", { use: { ready } }, () => null) });
    await using client = testClient(wrapped, { overrides: [tested.override] });
    await client.get("/");
    expect(await count(tested)).toBe(1);
    expect(await (await client.get("/engine")).json()).toBe("postgresql");
  });

  test("fails when there is no connection left, and does not hang", async () => {
    const narrow = database({ url: "postgres:", pool: { max: 1, connectTimeout: 300 } });
    const tested = testDatabase(narrow, { url });
    await tested.start();
    try {
      const taken = await tested.engine.connect();
      await tested.begin();
      await expect(tested.engine.query("select 1")).rejects.toThrow("timeout exceeded");
      await tested.end();
      taken.release();
      await tested.begin();
      expect((await tested.engine.query("select 1 as n")).rows).toEqual([{ n: 1 }]);
      await tested.end();
    } finally {
      await tested.stop();
    }
  });
});

describe("a test database", () => {
  test.each(["pglite:./somewhere", "sqlite:./file.sqlite"])("is not made of %s", async (url) => {
    await expect(testDatabase(db, { url }).start()).rejects.toMatchObject({ code: "M015" });
  });

  test("is not made of what is no URL", async () => {
    await expect(testDatabase(db, { url: "nowhere" }).start()).rejects.toMatchObject({
      code: "M015",
    });
  });
});
