import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseError } from "martlet/db";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, read, reason } from "./reason.ts";

const suffix = randomBytes(5).toString("hex");
const [parents, children, full] = ["parents", "children", "full"].map(
  (name) => `${name}_${suffix}`,
);
const uri = "mysql://root@127.0.0.1:3306/test";
const found = await mysql.createConnection(uri).catch(() => undefined);
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const title = found === undefined ? "MariaDB (none at 127.0.0.1:3306)" : "MariaDB";

describe.skipIf(found === undefined && !isRequired)(`an error of ${title}`, () => {
  const run = (text: string): Promise<unknown> => (found as mysql.Connection).query(text);
  const kind = async (work: () => unknown) => databaseError(await reason(work))?.kind;
  beforeAll(async () => {
    await run(`create table ${parents} (org int, name varchar(20), day date, mood enum ('good', 'bad'),
      born int not null, primary key (org, name), constraint good_${suffix} check (born > 1900))`);
    await run(`create table ${children} (org int, name varchar(20), constraint parent_${suffix}
      foreign key (org, name) references ${parents} (org, name)) engine = InnoDB`);
    await run(`create table ${full} (text char(255)) engine = memory max_rows = 1`);
    await run(
      `create view v_${suffix} as select * from ${parents} where org < 5 with check option`,
    );
    await run(`insert into ${parents} values (1, 'a', '2026-01-01', 'good', 1950)`);
    await run(`insert into ${children} values (1, 'a')`);
  });
  afterAll(async () => {
    await run(`drop view v_${suffix}`);
    await run(`drop table ${children}, ${parents}, ${full}`);
    await found?.end();
  });

  const key = { table: children, constraint: `parent_${suffix}`, columns: ["org", "name"] };
  test.each([
    [
      `insert into ${parents} values (1, 'a', null, null, 1950)`,
      { kind: "unique", constraint: "PRIMARY" },
    ],
    [`insert into ${children} values (9, 'x')`, { kind: "reference-missing", ...key }],
    [`delete from ${parents}`, { kind: "still-referenced", ...key }],
    [
      `insert into ${parents} values (2, 'b', null, null, null)`,
      { kind: "not-null", columns: ["born"] },
    ],
    [`insert into ${parents} (org, name) values (2, 'b')`, { kind: "not-null", columns: ["born"] }],
    [
      `insert into ${parents} values (2, 'b', null, null, 1800)`,
      { kind: "check", constraint: `good_${suffix}`, table: parents },
    ],
    [`insert into v_${suffix} values (9, 'b', null, null, 1950)`, { kind: "check" }],
    [
      `insert into ${parents} values (2, '${"b".repeat(21)}', null, null, 1950)`,
      { kind: "too-long", columns: ["name"] },
    ],
    [
      `insert into ${parents} values (5000000000, 'b', null, null, 1950)`,
      { kind: "out-of-range", columns: ["org"] },
    ],
    ["select 18446744073709551615 + 1", { kind: "out-of-range" }],
    [
      `insert into ${parents} values ('b', 'b', null, null, 1950)`,
      { kind: "invalid-text", table: parents, columns: ["org"] },
    ],
    [
      `insert into ${parents} values (2, 'b', '2026-02-30', null, 1950)`,
      { kind: "invalid-text", table: parents, columns: ["day"] },
    ],
    [
      `insert into ${parents} values (2, 'b', null, 'odd', 1950)`,
      { kind: "invalid-text", columns: ["mood"] },
    ],
    [`insert into ${full} select repeat('x', 255) from seq_1_to_100000`, { kind: "storage-full" }],
  ])("of %s is told", async (text, told) => {
    expect(read(await reason(() => run(text)))).toEqual({ ...told, isRetryable: false });
  });

  test("takes no value for a name", async () => {
    const odd = "x' for key 'y";
    await run(`insert into ${parents} values (3, "${odd}", null, null, 1950)`);
    const twice = await reason(() =>
      run(`insert into ${parents} values (3, "${odd}", null, null, 1950)`),
    );
    expect(databaseError(twice)?.constraint).toBe("PRIMARY");
    const text = "CONSTRAINT `a` FOREIGN KEY (`b`) for column 'c' at row 1";
    const wrong = await reason(() =>
      run(`insert into ${parents} values (4, "b", "${text}", null, 1950)`),
    );
    expect(read(wrong)).toMatchObject({ kind: "invalid-text", columns: ["day"] });
    expect(databaseError(wrong)?.constraint).toBeUndefined();
  });

  test("of a mistake in SQL is the developer's", async () => {
    for (const text of ["selec", "select nothing", "select * from nowhere"]) {
      expect(await kind(() => run(text))).toBeUndefined();
    }
  });

  test("tells a wait for a lock, and who ended what", async () => {
    const [one, two] = [await mysql.createConnection(uri), await mysql.createConnection(uri)];
    await one.query("start transaction");
    await one.query(`update ${parents} set born = 1951 where org = 1`);
    await two.query("set session innodb_lock_wait_timeout = 0");
    const update = `update ${parents} set born = 1952 where org = 1`;
    const blocked = await reason(() => two.query(update));
    expect(read(blocked)).toEqual({ kind: "lock-timeout", isRetryable: false });

    const asked = reason(() => two.query("select sleep(20)"));
    await sleep(50);
    await one.query(`kill query ${two.threadId}`);
    expect(read(await asked)).toEqual({ kind: "cancelled", isRetryable: false });
    const ended = reason(() => two.query("select sleep(20)"));
    await sleep(50);
    await one.query(`kill ${two.threadId}`);
    expect(read(await ended)).toEqual({ kind: "connection-lost", isRetryable: false });
    await one.end();
    two.destroy();
  });

  test("says when there are too many", async () => {
    const user = `user_${suffix}`;
    await run(`create user ${user}@'127.0.0.1' with max_user_connections 1`);
    const settings = { host: "127.0.0.1", user };
    const one = await mysql.createConnection(settings);
    expect(await kind(() => mysql.createConnection(settings))).toBe("pool-exhausted");
    await one.end();
    await run(`drop user ${user}@'127.0.0.1'`);

    const pool = mysql.createPool({ uri, connectionLimit: 1, queueLimit: 1 });
    const first = await pool.getConnection();
    const second = pool.getConnection();
    expect(await kind(() => pool.getConnection())).toBe("pool-exhausted");
    first.release();
    (await second).release();
    await pool.end();
    expect(await kind(() => pool.getConnection())).toBe("connection-lost");
  });

  test("may come from nobody who listens, or who says nothing", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const settings = { host: "127.0.0.1", port, user: "x", connectTimeout: 50 };
    expect(await kind(() => mysql.createConnection(settings))).toBe("connection-lost");
    server.close();
    await once(server, "close");
    expect(await kind(() => mysql.createConnection(settings))).toBe("connection-lost");
  });
});

describe("an error of MySQL that MariaDB has not", () => {
  const server = (errno: number, message: string): Error =>
    errorOf(message, { errno, sqlState: "HY000", code: "ER_ANY" });

  test.each([
    [
      server(3819, "Check constraint 'good' is violated."),
      { kind: "check", constraint: "good", isRetryable: false },
    ],
    [
      server(1062, "Duplicate entry 'a' for key 'users.email'"),
      { kind: "unique", table: "users", constraint: "email", isRetryable: false },
    ],
    [server(3572, "Statement aborted, NOWAIT"), { kind: "lock-timeout", isRetryable: false }],
    [
      server(3024, "maximum statement execution time exceeded"),
      { kind: "statement-timeout", isRetryable: false },
    ],
    [
      server(1020, "Record has changed since last read"),
      { kind: "serialization", isRetryable: true },
    ],
    [server(1021, "Disk full"), { kind: "storage-full", isRetryable: false }],
    [server(4031, "The client was disconnected"), { kind: "connection-lost", isRetryable: false }],
    [
      server(1290, "running with the --read-only option"),
      { kind: "read-only", isRetryable: false },
    ],
    [server(1290, "running with the --secure-file-priv option"), undefined],
  ])("%s is told", (error, told) => {
    expect(read(error)).toEqual(told);
  });
});
