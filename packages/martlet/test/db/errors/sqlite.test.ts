import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseError } from "martlet/db";
import { afterAll, describe, expect, test } from "vitest";
import { sqliteEngine } from "../dialect-engines.ts";
import { read, reason } from "./reason.ts";

const directory = mkdtempSync(join(tmpdir(), "martlet-test-"));
const file = join(directory, "some.db");
afterAll(() => rmSync(directory, { recursive: true }));

describe("an error of node:sqlite", () => {
  const db = new DatabaseSync(":memory:");
  db.exec(`
    pragma foreign_keys = on;
    create table parents (id integer primary key, org int, email text, price real check (price > 0.5),
      unique (org, email));
    create table children (parent int references parents (id) on delete restrict);
    create table others (parent int references parents (id));
    create table "odd.name" ("a.b" int unique);
    insert into parents values (1, 7, 'a', 1), (2, 7, 'b', 1);
    insert into children values (1);
    insert into others values (2);
    insert into "odd.name" values (1);
    create trigger refuses before insert on children when new.parent = 2
      begin select raise(abort, 'UNIQUE constraint failed: parents.email'); end;
  `);
  afterAll(() => db.close());

  test.each([
    [
      "insert into parents values (3, 7, 'a', 1)",
      { kind: "unique", table: "parents", columns: ["org", "email"] },
    ],
    ['insert into "odd.name" values (1)', { kind: "unique" }],
    ["insert into parents values (4, 7, 'c', 0)", { kind: "check", constraint: "price > 0.5" }],
    ["delete from parents where id = 1", { kind: "still-referenced" }],
    ["insert into parents (id) values ('x')", { kind: "invalid-text" }],
    ["select zeroblob(3000000000)", { kind: "too-long" }],
    [
      "pragma max_page_count = 1; create table filled as select zeroblob(100000)",
      { kind: "storage-full" },
    ],
    ["pragma query_only = on; delete from others; pragma query_only = off", { kind: "read-only" }],
  ])("of %s is told", async (text, told) => {
    const error = await reason(() => db.exec(text));
    expect(read(error)).toEqual({ ...told, isRetryable: false });
    db.exec("pragma query_only = off");
  });

  test.each(["insert into children values (2)", "select nothing", "selec"])(
    "of %s is the application's own",
    async (text) => {
      expect(read(await reason(() => db.exec(text)))).toBeUndefined();
    },
  );

  test("of a missing row and of one that others need are one to SQLite", async () => {
    for (const text of ["insert into others values (9)", "delete from parents where id = 2"]) {
      expect(databaseError(await reason(() => db.exec(text)))?.kind).toBe("reference-missing");
    }
  });

  test("of an engine tells the two apart by what was run", async () => {
    const engine = await sqliteEngine();
    await engine.query("create table parents (id integer primary key)");
    await engine.query("create table others (parent int references parents)");
    await engine.query("insert into parents values (1)");
    await engine.query("insert into others values (1)");
    const missing = await reason(() => engine.query("insert into others values (?)", [9]));
    expect(databaseError(missing)?.kind).toBe("reference-missing");
    const needed = await reason(() =>
      engine.transaction(() => engine.query("\n DELETE FROM parents")),
    );
    expect(databaseError(needed)?.kind).toBe("still-referenced");
    await engine.close();
  });

  test("says whether others write, or have written since", async () => {
    const [one, two] = [new DatabaseSync(file), new DatabaseSync(file)];
    one.exec("pragma journal_mode = wal; create table numbers (n int); begin immediate");
    const busy = await reason(() => two.exec("begin immediate"));
    expect(read(busy)).toEqual({ kind: "lock-timeout", isRetryable: false });
    one.exec("commit");
    two.exec("begin");
    two.prepare("select * from numbers").all();
    one.exec("insert into numbers values (1)");
    const late = await reason(() => two.exec("insert into numbers values (2)"));
    expect(read(late)).toEqual({ kind: "serialization", isRetryable: true });
    one.close();
    two.close();
    const reader = new DatabaseSync(file, { readOnly: true });
    expect(read(await reason(() => reader.exec("delete from numbers")))?.kind).toBe("read-only");
    reader.close();
  });
});
