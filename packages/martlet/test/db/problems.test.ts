import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { HttpProblem, martlet, onError, post, problem } from "martlet";
import {
  ConflictRetry,
  ConstraintViolated,
  database,
  type DatabaseError,
  databaseProblem,
  Duplicate,
  OutcomeNotKnown,
  StillReferenced,
  transaction,
} from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { mariadb, postgres } from "./engines.ts";
import { errorOf, reason } from "./errors/reason.ts";
import { openDatabase } from "./opened.ts";

const server = (code: string, members = {}): Error =>
  errorOf("no", { code, severity: "ERROR", ...members });

describe("the problem of a database error", () => {
  test.each([
    ["23505", 409, "duplicate", {}],
    ["23P01", 409, "duplicate", {}],
    ["23001", 409, "still-referenced", {}],
    ["23503", 422, "unknown-reference", {}],
    ["23502", 422, "constraint-violated", { detail: "A value is missing." }],
    ["23514", 422, "constraint-violated", { detail: "A value is not allowed." }],
    ["22001", 422, "constraint-violated", { detail: "A value is too long." }],
    ["22003", 422, "constraint-violated", { detail: "A value is out of range." }],
    ["22P02", 422, "constraint-violated", { detail: "A value is malformed." }],
    ["40001", 409, "conflict-retry", { retryAfter: "1" }],
    ["40P01", 409, "conflict-retry", { retryAfter: "1" }],
    ["55P03", 409, "conflict-retry", { retryAfter: "1" }],
    ["57P01", 503, "database-unavailable", { retryAfter: "2" }],
    ["53300", 503, "database-unavailable", { retryAfter: "2" }],
    ["25006", 503, "database-read-only", {}],
    ["57014", 504, "database-timeout", {}],
    ["25P03", 504, "database-timeout", {}],
    ["53100", 507, "storage-full", {}],
  ])("%s is %i %s", (sqlstate, status, code, said) => {
    const { detail, retryAfter }: { detail?: string; retryAfter?: string } = said;
    const error = new Error("Failed query", { cause: server(sqlstate) });
    const told = databaseProblem(error);
    expect(told).toBeInstanceOf(HttpProblem);
    expect(told).toMatchObject({ status, code, extension: {} });
    expect(told?.detail).toBe(detail);
    expect(told?.headers).toEqual(retryAfter === undefined ? {} : { "retry-after": retryAfter });
    expect(told?.cause).toBe(error);
  });

  test.each([server("42P01"), server("22012"), new Error("no"), undefined, "23505"])(
    "is none for %s",
    (error) => {
      expect(databaseProblem(error)).toBeUndefined();
    },
  );

  test("may be the application's own, by constraint or by columns", async () => {
    const Taken = problem(409, "taken", { fields: z.array(z.string()) });
    const seen: DatabaseError[] = [];
    const taken = (violation: DatabaseError): HttpProblem => {
      seen.push(violation);
      return new Taken({ fields: [...(violation.columns ?? [])] });
    };
    const native = server("23505", {
      table: "users",
      constraint: "users_key",
      detail: "Key (org, email)=(1, a) already exists.",
    });
    const byName = databaseProblem(native, { violations: { users_key: taken } });
    expect(byName).toMatchObject({ code: "taken", extension: { fields: ["org", "email"] } });
    const byColumns = databaseProblem(native, { violations: { "users(org, email)": taken } });
    expect(byColumns?.code).toBe("taken");
    expect(seen.map((each) => each.native)).toEqual([native, native]);
    expect(databaseProblem(native, { violations: { other: taken } })?.code).toBe("duplicate");

    const lite = new DatabaseSync(":memory:");
    lite.exec("create table users (org int, email text, unique (org, email))");
    const insert = (): void => lite.exec("insert into users values (1, 'a')");
    insert();
    const error = await reason(insert);
    lite.close();
    expect(databaseProblem(error, { violations: { "users(org, email)": taken } })?.code).toBe(
      "taken",
    );
  });

  test("is no member that every object has", () => {
    for (const constraint of ["constructor", "toString", "__proto__", ""]) {
      const found = databaseProblem(server("23505", { constraint }), { violations: {} });
      expect(found?.code).toBe("duplicate");
    }
  });
});

describe.skipIf(postgres.isSkipped)(`a route over ${postgres.title}`, () => {
  const suffix = randomBytes(5).toString("hex");
  const [table, ending] = [`users_${suffix}`, `ending_${suffix}`];
  const EmailTaken = problem(409, "email-taken");
  const db = database({
    url: postgres.url,
    notice: () => undefined,
    violations: { [`email_${suffix}`]: () => new EmailTaken() },
  });
  const Body = z.object({ email: z.string() });
  const throws = [EmailTaken, OutcomeNotKnown] as const;
  const insert = `insert into ${table} (id, email) values ($1, $2)`;
  const create = post("/", { body: Body, use: { db: transaction(db) }, throws }, ({ db, body }) =>
    db.$engine.query(insert, [1, body.email]).then(() => null),
  );
  const any = post("/any", { body: Body, use: { db }, throws }, async ({ db, body }) => {
    const each = (): Promise<unknown> => db.$engine.query(insert, [1, body.email]);
    await Promise.any([each(), each()]);
  });
  const translated = post(
    "/translated",
    {
      body: Body,
      use: { db },
      throws: [Duplicate, StillReferenced, ConstraintViolated, ConflictRetry],
      errors: [onError(EmailTaken, () => new Duplicate({}, { detail: "Somebody has this." }))],
    },
    async ({ db, body }) => {
      await db.$engine.query(insert, [1, body.email]);
    },
  );
  const app = martlet({ create, any, translated });
  const client = testClient(app);
  const send = (path: string, email: string) => client.post(path, { json: { email } });

  beforeAll(async () => {
    const { db: opened, close } = await openDatabase({ url: postgres.url });
    await opened.execute(`create table ${table} (id int, email text,
      constraint email_${suffix} unique (email), constraint short_${suffix} check (length(email) < 9))`);
    await opened.execute(`insert into ${table} values (1, 'a@b')`);
    // The server goes away while it commits.
    await opened.execute(`create function ${ending}() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$`);
    await opened.execute(`create constraint trigger ${ending} after insert on ${table}
      deferrable initially deferred for each row when (new.email = 'end') execute function ${ending}()`);
    await close();
  });
  afterAll(async () => {
    const { db: opened, close } = await openDatabase({ url: postgres.url });
    await opened.execute(`drop table ${table}`);
    await opened.execute(`drop function ${ending}`);
    await close();
    await app.stop();
  });

  test("answers what the application says of a constraint", async () => {
    const answer = await send("/", "a@b");
    expect(answer.status).toBe(409);
    expect(await answer.json()).toEqual({
      type: "/problems/email-taken",
      title: "Email taken",
      status: 409,
      code: "email-taken",
    });
  });

  test("answers the same when several errors are in one", async () => {
    expect((await send("/any", "a@b")).status).toBe(409);
  });

  test("may say it in other words for itself", async () => {
    const answer = await send("/translated", "a@b");
    expect(await answer.json()).toMatchObject({ code: "duplicate", detail: "Somebody has this." });
    const long = await send("/translated", "secret@secret");
    expect(long.status).toBe(422);
    const text = await long.text();
    expect(JSON.parse(text)).toMatchObject({ code: "constraint-violated" });
    expect(text).not.toContain("secret");
    expect(text).not.toContain(suffix);
  });

  test("says when it is not known whether a commit took place, and not to try again", async () => {
    const answer = await send("/", "end");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "outcome-unknown" });
    expect(answer.headers.get("retry-after")).toBeNull();
    expect((await send("/", "end2")).status).toBe(200);
  });
});

const dialects = [
  { ...mariadb, dialect: "mysql" },
  { title: "SQLite", dialect: "sqlite", url: "sqlite::memory:", isSkipped: false },
] as const;

describe.each(dialects)("a route over $title", ({ dialect, url, isSkipped }) => {
  const suffix = randomBytes(5).toString("hex");
  const [parents, children] = [`parents_${suffix}`, `children_${suffix}`];
  const Taken = problem(409, "taken");
  const taken = (): HttpProblem => new Taken();
  const db = database({
    dialect,
    url,
    notice: () => undefined,
    violations: { [`name_${suffix}`]: taken, [`${parents}(name)`]: taken },
  });
  const run = post("/", { body: z.string(), use: { db } }, async ({ db, body }) => {
    await db.$engine.query(body);
  });
  const app = martlet({ run });
  const client = testClient(app, { raise: false });
  const send = (text: string) => client.post("/", { json: text });
  afterAll(() => app.stop());

  test.skipIf(isSkipped)("answers as one over PostgreSQL does", async () => {
    await send(`create table ${parents} (id int primary key, name varchar(9) not null,
      constraint name_${suffix} unique (name), constraint short_${suffix} check (length(name) < 5))`);
    await send(
      `create table ${children} (parent int, foreign key (parent) references ${parents} (id))`,
    );
    await send(`insert into ${parents} values (1, 'a')`);
    await send(`insert into ${children} values (1)`);
    const answers = [
      [`insert into ${parents} values (2, 'a')`, 409, "taken"],
      [`insert into ${parents} values (1, 'b')`, 409, "duplicate"],
      [`insert into ${children} values (9)`, 422, "unknown-reference"],
      [`delete from ${parents}`, 409, "still-referenced"],
      [`insert into ${parents} values (2, null)`, 422, "constraint-violated"],
      [`insert into ${parents} values (2, 'abcdefg')`, 422, "constraint-violated"],
      ["selec", 500, "internal"],
    ] as const;
    for (const [text, status, code] of answers) {
      const answer = await send(text);
      expect([text, await answer.json()]).toMatchObject([text, { status, code }]);
    }
    for (const table of [children, parents]) {
      expect((await send(`drop table ${table}`)).status).toBe(200);
    }
  });
});
