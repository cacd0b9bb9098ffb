import { randomBytes } from "node:crypto";
import { createConnection, createServer } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";
import { get, martlet, post, problem } from "martlet";
import { type Database, database, databaseError, databaseProblem } from "martlet/db";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { embedded, type Engine, postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";

const suffix = randomBytes(5).toString("hex");
const [parents, children] = [`parents_${suffix}`, `children_${suffix}`];
const tables = (serial: string, text: string): readonly string[] => [
  `create table ${parents} (id int primary key, email varchar(20) not null, age smallint,
    constraint parents_email_key_${suffix} unique (email), constraint grown_up_${suffix} check (age >= 18))${text}`,
  `create table ${children} (id ${serial}, parent int not null,
    constraint child_parent_${suffix} foreign key (parent) references ${parents} (id))${text}`,
  `insert into ${parents} values (1, 'a@b.example', 20)`,
  `insert into ${children} values (1, 1)`,
];
const drop = [`drop table ${children}`, `drop table ${parents}`];

/** What fails in any SQL, and as what. */
const failing = [
  [`insert into ${parents} values (2, 'a@b.example', 20)`, "unique", `parents_email_key_${suffix}`],
  [`insert into ${children} values (2, 99)`, "reference-missing", `child_parent_${suffix}`],
  [`delete from ${parents} where id = 1`, "still-referenced", `child_parent_${suffix}`],
  [`insert into ${parents} values (3, null, 20)`, "not-null", undefined],
  [`insert into ${parents} values (4, 'c', 5)`, "check", `grown_up_${suffix}`],
  [
    `insert into ${parents} values (5, 'this is longer than twenty characters', 20)`,
    "too-long",
    undefined,
  ],
  [`insert into ${parents} values (6, 'd', 99999)`, "out-of-range", undefined],
] as const;

/** What a statement fails with. */
async function reason(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail");
}

const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };
describe.each<Engine>([postgres, embedded, pglite])("an error of $title", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("is known as what it is:", () => {
    let db: Database;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({ url, notice: () => undefined }));
      for (const each of tables("int primary key", "")) await db.execute(each);
    }, 120_000);
    afterAll(async () => {
      for (const each of drop) await db.execute(each);
      await close();
    });
    const told = async (text: string) => databaseError(await reason(() => db.$engine.query(text)));

    test.each(failing)("%s is %s", async (text, kind, constraint) => {
      const found = await told(text);
      expect(found).toMatchObject({ kind, isRetryable: false });
      expect(found?.constraint).toBe(constraint);
      // Wrapped by Drizzle, it is the same.
      const wrapped = await reason(async () => await db.execute(text));
      expect(databaseError(wrapped)?.kind).toBe(kind);
    });

    test("the columns of a unique constraint, and the one that is missing", async () => {
      expect((await told(failing[0][0]))?.columns).toEqual(["email"]);
      expect((await told(failing[3][0]))?.columns).toEqual(["email"]);
      expect((await told(failing[0][0]))?.table).toBe(parents);
    });

    test.each([
      ["select 'x'::int", "invalid-text"],
      ["select '2026-02-30'::date", "out-of-range"],
      ["select 5000000000::bigint::int", "out-of-range"],
      ["begin read only; create table x_y_z (id int)", "read-only"],
    ])("%s is %s", async (text, kind) => {
      expect((await told(text))?.kind).toBe(kind);
    });

    test("a mistake in SQL is none of a client's", async () => {
      expect(await told("select 1/0")).toBeUndefined();
      expect(await told("selec")).toBeUndefined();
      expect(await told("select * from nowhere")).toBeUndefined();
    });

    test("a NUL in a text", async () => {
      const asked = db.$engine.query("select $1::text as text", ["a\u0000b"]);
      expect(databaseError(await asked.catch((error: unknown) => error))?.kind).toBe(
        "invalid-text",
      );
    });

    test.skipIf(url.startsWith("pglite"))("time limits, locks and cancels", async () => {
      const inside = (...texts: readonly string[]) =>
        told(["begin", ...texts].join("; ")).then((found) => found?.kind);
      expect(await inside("set local statement_timeout = 20", "select pg_sleep(5)")).toBe(
        "statement-timeout",
      );
      expect(
        await inside(
          "set local idle_in_transaction_session_timeout = 0",
          "select pg_cancel_backend(pg_backend_pid())",
          "select pg_sleep(1)",
        ),
      ).toBe("cancelled");
      const { promise: end, resolve } = Promise.withResolvers<void>();
      const holding = db.$engine.transaction(async () => {
        await db.$engine.query(`update ${parents} set age = 30`);
        resolve();
        await sleep(100);
      });
      await end;
      expect(await inside("set local lock_timeout = 20", `update ${parents} set age = 31`)).toBe(
        "lock-timeout",
      );
      await holding;
      expect(await inside("select pg_terminate_backend(pg_backend_pid())")).toBe("connection-lost");
    });
  });
});

const maria = "mysql://root@127.0.0.1:3306/test";
const mariaDb = await mysql.createConnection(maria).catch(() => undefined);
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
describe.skipIf(mariaDb === undefined && !isRequired)(
  "an error of MariaDB at 127.0.0.1:3306",
  () => {
    const run = (text: string) => (mariaDb as mysql.Connection).query(text);
    beforeAll(async () => {
      for (const each of tables("int primary key", " engine=InnoDB")) await run(each);
    });
    afterAll(async () => {
      for (const each of drop) await run(each);
      await mariaDb?.end();
    });

    test.each(failing)("%s is %s", async (text, kind, constraint) => {
      const found = databaseError(await reason(() => run(text)));
      expect(found?.kind).toBe(kind);
      expect(found?.constraint).toBe(constraint);
    });

    test("tells a deadlock, a lock, a time limit and the end of a connection", async () => {
      const [one, two] = [await mysql.createConnection(maria), await mysql.createConnection(maria)];
      await run(`insert into ${parents} values (50, 'x', 20), (51, 'y', 20)`);
      for (const each of [one, two]) await each.query("start transaction");
      await one.query(`update ${parents} set age = 21 where id = 50`);
      await two.query(`update ${parents} set age = 21 where id = 51`);
      const both = await Promise.allSettled([
        one.query(`update ${parents} set age = 22 where id = 51`),
        two.query(`update ${parents} set age = 22 where id = 50`),
      ]);
      const rejected = both.find((each) => each.status === "rejected");
      expect(databaseError(rejected?.reason)).toMatchObject({
        kind: "deadlock",
        isRetryable: true,
      });
      for (const each of [one, two]) await each.query("rollback");
      const kind = async (text: string) => databaseError(await reason(() => two.query(text)))?.kind;
      expect(await kind("set statement max_statement_time = 0.05 for select sleep(2)")).toBe(
        "statement-timeout",
      );
      await one.query("start transaction");
      await one.query(`update ${parents} set age = 22 where id = 50`);
      expect(await kind(`select * from ${parents} where id = 50 for update nowait`)).toBe(
        "lock-timeout",
      );
      await one.query("rollback");
      await two.query("set session transaction read only");
      expect(await kind(`update ${parents} set age = 19`)).toBe("read-only");
      expect(await kind("kill connection_id()")).toBe("connection-lost");
      expect(await kind("select 1")).toBe("connection-lost");
      await one.end();
      two.destroy();
      await run(`delete from ${parents} where id >= 50`);
    });
  },
);

describe("an error of node:sqlite", () => {
  const db = new DatabaseSync(":memory:");
  db.exec(`pragma foreign_keys = on; create table parents (id integer primary key, email text not null unique,
    age int, constraint grown_up check (age >= 18)); create table children (parent int references parents (id));
    create table strict_ones (id int) strict; insert into parents values (1, 'a@', 20); insert into children values (1);
    create unique index lower_email on parents (upper(email)) where email not like '%@'`);
  afterAll(() => db.close());

  test.each([
    ["insert into parents values (2, 'a@', 20)", "unique", undefined, ["email"]],
    ["insert into parents values (1, 'b', 20)", "unique", undefined, ["id"]],
    ["insert into parents values (3, 'A', 20), (6, 'a', 20)", "unique", "lower_email", undefined],
    ["insert into children values (9)", "reference-missing", undefined, undefined],
    ["insert into parents values (4, null, 20)", "not-null", undefined, ["email"]],
    ["insert into parents values (5, 'e', 5)", "check", "grown_up", undefined],
    ["insert into strict_ones values ('x')", "invalid-text", undefined, undefined],
  ])("%s is %s", async (text, kind, constraint, columns) => {
    const found = databaseError(await reason(async () => db.exec(text)));
    expect(found).toMatchObject({ kind });
    expect(found?.constraint).toBe(constraint);
    expect(found?.columns).toEqual(columns);
  });
});

describe("an error of a connection", () => {
  test("that is refused or cut is one, of any driver", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const cut = async (): Promise<unknown> => {
      const client = new Client({ host: "127.0.0.1", port, user: "x" });
      client.on("error", () => undefined);
      return reason(() => client.connect());
    };
    expect(databaseError(await cut())?.kind).toBe("connection-lost");
    const viaMysql = await reason(() => mysql.createConnection(`mysql://x@127.0.0.1:${port}`));
    expect(databaseError(viaMysql)?.kind).toBe("connection-lost");
    await new Promise((resolve) => server.close(resolve));
    expect(databaseError(await cut())?.kind).toBe("connection-lost");
    const refused = await reason(
      () => new Promise((_, fail) => createConnection(port, "127.0.0.1").once("error", fail)),
    );
    expect(databaseError(new AggregateError([refused]))?.kind).toBe("connection-lost");
  });

  test("is not what other errors are", () => {
    const errors = [
      new Error("any"),
      Object.assign(new Error("no such file"), { code: "ENOENT", errno: -2 }),
      Object.assign(new Error("no row"), { code: "P2025" }),
      Object.assign(new Error("five"), { code: "E2BIG" }),
      Object.assign(new Error("an answer"), { status: 409 }),
      z.string().safeParse(1).error,
      new TypeError("fetch failed"),
      "23505",
      null,
      { code: "23505" },
    ];
    for (const each of errors) expect(databaseError(each)).toBeUndefined();
    const circle = new Error("one");
    circle.cause = new Error("two", { cause: circle });
    expect(databaseError(circle)).toBeUndefined();
  });
});

describe.skipIf(embedded.isSkipped)("a route whose database refuses", () => {
  const Taken = problem(409, "taken");
  const db = database({
    url: "embedded:memory",
    violations: { [`parents_email_key_${suffix}`]: () => new Taken({}) },
  });
  const Body = z.object({ sql: z.string() });
  const ask = post("/", { body: Body, use: { db }, throws: [Taken] }, async ({ db, body }) => {
    await db.execute(body.sql);
  });
  const outside = get("/outside", { use: { db } }, () => {
    throw Object.assign(new Error("another server"), { code: "ECONNREFUSED" });
  });
  const app = martlet({ ask, outside }, { report: () => undefined });
  const send = async (sql: string) => {
    const headers = { "content-type": "application/json" };
    const request = new Request("http://localhost/", {
      method: "POST",
      headers,
      body: JSON.stringify({ sql }),
    });
    const response = await app.fetch(request);
    const text = await response.text();
    return { status: response.status, text, retryAfter: response.headers.get("retry-after") };
  };
  beforeAll(async () => {
    for (const each of tables("int primary key", "")) await send(each);
  }, 60_000);
  afterAll(() => app.stop());

  test.each([
    [failing[0][0], 409, "taken"],
    [failing[1][0], 422, "unknown-reference"],
    [failing[2][0], 409, "still-referenced"],
    [failing[3][0], 422, "constraint-violated"],
    [failing[4][0], 422, "constraint-violated"],
    [failing[5][0], 422, "constraint-violated"],
    ["begin; set local statement_timeout = 20; select pg_sleep(5)", 504, "database-timeout"],
    ["select 1/0", 500, "internal"],
  ])("%s answers %i %s, and tells nothing of it", async (sql, status, code) => {
    const answer = await send(sql);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ status, type: expect.stringContaining(code) });
    expect(answer.text).not.toMatch(/parents|children|email|select|insert|delete|example/);
  });

  test("says when one may come again", async () => {
    expect(await send("select pg_terminate_backend(pg_backend_pid())")).toMatchObject({
      status: 503,
      retryAfter: "2",
    });
    expect((await send("select 1")).status).toBe(200);
  });

  test("leaves alone what is of another server", async () => {
    expect((await app.fetch(new Request("http://localhost/outside"))).status).toBe(500);
  });

  test("gives the error as the cause of its problem", () => {
    const error = Object.assign(new Error("x"), { code: "40001", severity: "ERROR" });
    expect(databaseProblem(error)?.cause).toBe(error);
    expect(databaseProblem(error)?.status).toBe(409);
  });
});
