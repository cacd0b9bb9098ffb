import { randomBytes } from "node:crypto";
import { Kysely, PostgresDialect, sql as kyselySql } from "kysely";
import { type Database, databaseError } from "martlet/db";
import { Client, type ClientConfig, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embedded, type Engine, postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { errorOf, read, reason } from "./reason.ts";

const suffix = randomBytes(5).toString("hex");
const schema = `errors_${suffix}`;
const pglite = { title: "PGlite", isSkipped: false, url: "pglite:" };

describe.each<Engine>([postgres, embedded, pglite])("an error of $title", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("that a statement brings about", () => {
    let db: Database;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({
        url,
        notice: () => undefined,
        pool: { max: 3, connectTimeout: 2000, maxWaiting: 1 },
      }));
      await db.execute(`create schema ${schema}`);
      const texts = [
        `create domain age as int constraint grown_up check (value >= 18)`,
        `create table parents (org int, "E,mail" text, age age, primary key (org, "E,mail"))`,
        `create table restricted (org int, mail text, constraint parent
          foreign key (org, mail) references parents on delete restrict)`,
        `create table others (org int, mail text, constraint parent
          foreign key (org, mail) references parents)`,
        `create table notes (text text not null, n int not null)`,
        `create unique index lower_text on notes (lower(text), n)`,
        `create table stays (days int4range, exclude using gist (days with &&))`,
        `create table bits (b bit(3))`,
        `create view booked as select * from stays where not isempty(days) with check option`,
        `insert into parents values (1, 'a', 20), (2, 'b', 20)`,
        `insert into restricted values (1, 'a')`,
        `insert into others values (2, 'b')`,
        `insert into notes values ('a', 1)`,
        `insert into stays values ('[1,5)')`,
      ];
      for (const text of texts) await inside(text);
    }, 120_000);
    afterAll(async () => {
      await db.execute(`drop schema ${schema} cascade`);
      await close();
    });
    /** Runs statements in the schema, in one transaction. */
    const inside = (...texts: readonly string[]): Promise<unknown> =>
      db.$engine.query([`set search_path = ${schema}`, ...texts, "reset search_path"].join("; "));
    const told = async (...texts: readonly string[]) => read(await reason(() => inside(...texts)));

    test.each([
      [
        `insert into parents values (1, 'a', 20)`,
        {
          kind: "unique",
          constraint: "parents_pkey",
          table: "parents",
          columns: ["org", "E,mail"],
        },
      ],
      [
        `insert into notes values ('A', 1)`,
        { kind: "unique", constraint: "lower_text", table: "notes" },
      ],
      [
        `insert into stays values ('[4,9)')`,
        { kind: "unique", constraint: "stays_days_excl", table: "stays", columns: ["days"] },
      ],
      [
        `insert into others values (9, 'is still referenced from table "others".')`,
        {
          kind: "reference-missing",
          constraint: "parent",
          table: "others",
          columns: ["org", "mail"],
        },
      ],
      [
        `delete from parents where org = 1`,
        {
          kind: "still-referenced",
          constraint: "parent",
          table: "restricted",
          columns: ["org", "E,mail"],
        },
      ],
      [
        `delete from parents where org = 2`,
        {
          kind: "still-referenced",
          constraint: "parent",
          table: "others",
          columns: ["org", "E,mail"],
        },
      ],
      [
        `insert into notes values ('n)=(', null)`,
        { kind: "not-null", table: "notes", columns: ["n"] },
      ],
      [`insert into parents values (3, 'c', 5)`, { kind: "check", constraint: "grown_up" }],
      [`insert into booked values ('empty')`, { kind: "check" }],
      [`insert into bits values (b'1111')`, { kind: "too-long" }],
      [`select 'x'::jsonb`, { kind: "invalid-text" }],
      [`select '"\\u0000"'::jsonb`, { kind: "invalid-text" }],
      [`select 'yesterdy'::timestamptz`, { kind: "invalid-text" }],
    ])("is told: %s", async (text, expected) => {
      expect(await told(text)).toEqual({ ...expected, isRetryable: false });
    });

    test("is the developer's when a value is too many, or the code its own", async () => {
      const many = await reason(() => db.$engine.query("select $1::int", [1, 2]));
      expect(many).toMatchObject({ code: "08P01" });
      expect(databaseError(many)).toBeUndefined();
      expect(await told("do $$ begin raise exception 'no'; end $$")).toBeUndefined();
      expect((await db.$engine.health()).isUp).toBe(true);
    });
  });

  describe.skipIf(isSkipped || url.startsWith("pglite"))("that others bring about", () => {
    const table = `numbers_${suffix}`;
    const settings = { max: 2, connectTimeout: 1500, maxWaiting: 1 };
    let db: Database;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({ url, notice: () => undefined, pool: settings }));
      await db.execute(`create table ${table} (id int primary key, n int)`);
      await db.execute(`insert into ${table} values (1, 0), (2, 0)`);
    }, 120_000);
    afterAll(async () => {
      await db.execute(`drop table ${table}`);
      await close();
    });
    const query = (text: string) => db.$engine.query(text);
    /** The server, for connections beside the pool. */
    const target = (): ClientConfig => {
      const { connectionString, host, port, user, password, database } = db.$client.options;
      if (connectionString === undefined) return { host, port, user, password, database };
      const { hostname, port: at, username, pathname } = new URL(connectionString);
      return { host: hostname, port: Number(at), user: username, database: pathname.slice(1) };
    };

    test("is told of transactions that do not fit together", async () => {
      const [one, two] = [await db.$client.connect(), await db.$client.connect()];
      for (const each of [one, two]) {
        await each.query("begin isolation level serializable");
        await each.query(`select sum(n) from ${table}`);
      }
      await one.query(`update ${table} set n = n + 1 where id = 1`);
      await one.query("commit");
      const late = await reason(() => two.query(`update ${table} set n = 0 where id = 1`));
      expect(read(late)).toMatchObject({ kind: "serialization", isRetryable: true });
      await two.query("rollback");

      for (const each of [one, two]) await each.query("begin");
      await one.query("set local deadlock_timeout = '50ms'");
      await one.query(`update ${table} set n = 1 where id = 1`);
      await two.query(`update ${table} set n = 1 where id = 2`);
      const both = await Promise.allSettled([
        one.query(`update ${table} set n = 1 where id = 2`),
        two.query(`update ${table} set n = 1 where id = 1`),
      ]);
      const failed = both.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
      expect(failed.map(read)).toMatchObject([{ kind: "deadlock", isRetryable: true }]);
      for (const each of [one, two]) await each.query("rollback");
      one.release();
      two.release();
    });

    test("is told of a connection that is ended, and of the next statement on it", async () => {
      const client = new Client(target());
      client.on("error", () => undefined);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      const waiting = reason(() => client.query("select pg_sleep(20)"));
      await query(`select pg_terminate_backend(${rows[0]?.pid})`);
      const lost = { kind: "connection-lost", isRetryable: false };
      expect(read(await waiting)).toEqual(lost);
      expect(read(await reason(() => client.query("select 1")))).toEqual(lost);
    });

    test("is told of a transaction that does nothing, or for too long", async () => {
      const { rows } = await query("show server_version_num");
      const isNew = Number(rows[0]?.["server_version_num"]) >= 170_000;
      const limits = ["idle_in_transaction_session_timeout"];
      if (isNew) limits.push("transaction_timeout");
      for (const limit of limits) {
        const client = await db.$client.connect();
        const ended = new Promise((resolve) => client.once("error", resolve));
        await client.query(`begin; set local ${limit} = 20`);
        expect(read(await ended)).toEqual({ kind: "statement-timeout", isRetryable: false });
        client.release(true);
      }
    });

    test("is told of a pool that has nothing to give", async () => {
      const held = [await db.$client.connect(), await db.$client.connect()];
      const waiting = reason(() => query("select 1"));
      const exhausted = { kind: "pool-exhausted", isRetryable: false };
      expect(read(await reason(() => query("select 1")))).toEqual(exhausted);
      expect(read(await waiting)).toEqual(exhausted);
      for (const each of held) each.release();
    });

    test("is told of a server that takes no more", async () => {
      const role = `role_${suffix}`;
      await query(`create role ${role} login password 'x' connection limit 0`);
      const many = await reason(() =>
        new Client({ ...target(), user: role, password: "x" }).connect(),
      );
      expect(read(many)).toEqual({ kind: "pool-exhausted", isRetryable: false });
      await query(`drop role ${role}`);
    });

    test("is the same through Kysely", async () => {
      const pool = new Pool({ ...target(), max: 1 });
      const kysely = new Kysely<Record<string, { id: number }>>({
        dialect: new PostgresDialect({ pool }),
      });
      const twice = await reason(() => kysely.insertInto(table).values({ id: 1 }).execute());
      expect(read(twice)).toMatchObject({ kind: "unique", columns: ["id"] });
      const wrong = await reason(() => kyselySql`select 1 / 0`.execute(kysely));
      expect(read(wrong)).toBeUndefined();
      await kysely.destroy();
      const ended = await reason(() => pool.query("select 1"));
      expect(read(ended)?.kind).toBe("connection-lost");
    });
  });
});

describe("an error of PostgreSQL that is hard to bring about", () => {
  const server = (code: string, message: string, members = {}): Error =>
    errorOf(message, { code, severity: "ERROR", ...members });

  test.each([
    ["53100", "could not extend file", "storage-full"],
    ["57P01", "terminating connection due to administrator command", "connection-lost"],
    ["57P03", "the database system is starting up", "connection-lost"],
    ["57P05", "terminating connection due to idle-session timeout", "connection-lost"],
    ["08006", "server closed the connection", "connection-lost"],
  ])("%s %s is %s", (code, message, kind) => {
    expect(read(server(code, message))).toEqual({ kind, isRetryable: false });
  });

  test("may be PgBouncer's", () => {
    const severity = "FATAL";
    const late = server("08P01", "query_wait_timeout", { severity });
    expect(read(late)?.kind).toBe("pool-exhausted");
    const gone = server("08P01", "server conn crashed?", { severity });
    expect(read(gone)?.kind).toBe("connection-lost");
  });

  test.each([
    ["Einfügen oder Aktualisieren in Tabelle „b“ verletzt Fremdschlüssel-Constraint „k“", false],
    [
      "Aktualisieren oder Löschen in Tabelle „a“ verletzt Fremdschlüssel-Constraint „k“ von Tabelle „b“",
      true,
    ],
    [
      "une instruction insert ou update sur la table « b » viole la contrainte de clé étrangère « k »",
      false,
    ],
    ['UPDATE или DELETE в таблице "a" нарушает ограничение внешнего ключа "k" таблицы "b"', true],
  ])("is understood in other languages: %s", (message, isReferenced) => {
    const detail = "Schlüssel (id)=(1) …";
    expect(read(server("23503", message, { detail }))).toMatchObject({
      kind: isReferenced ? "still-referenced" : "reference-missing",
      columns: ["id"],
    });
  });
});
