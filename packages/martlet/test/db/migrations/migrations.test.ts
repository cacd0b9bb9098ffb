import { Fault } from "martlet";
import { migrations, type Migrations, type MigrationStatus } from "martlet/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder, two } from "./folders.ts";
import { type Emptied, kinds } from "./targets.ts";

/** A folder that is migrated on a database of its own. */
interface Fixture extends Emptied, AsyncDisposable {
  readonly folder: Folder;
  readonly ours: Migrations;
}

async function failure(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => new Error("It went well"),
    (error: unknown) => error,
  );
  if (error instanceof Fault) return error;
  throw error;
}

/** What a database says of a table that is not there. */
const noTable = /does not exist|doesn't exist|no such table/;

function states(statuses: readonly MigrationStatus[]): Record<string, string> {
  return Object.fromEntries(statuses.map(({ name, state }) => [name.slice(15), state]));
}

describe.each(kinds.filter((each) => !each.isSkipped))("migrations on $title", (kind) => {
  let database: Emptied;
  beforeAll(async () => {
    database = await kind.make();
  });
  afterAll(() => database.drop());

  /** Whether what a definition did stays when the next statement fails. */
  const isKept = kind.dialect === "mysql";

  /** An empty database again: what a test made is dropped with it. */
  function fixture(texts = two): Fixture {
    const folder = new Folder().write(texts);
    const ours = migrations({ directory: folder.directory, dialect: kind.dialect });
    const dispose = async (): Promise<void> => {
      for (const table of ["birds", "nests", "eggs", "martlet_migrations"]) {
        await database.query(`drop table if exists ${table}`);
      }
      folder[Symbol.dispose]();
    };
    return { ...database, folder, ours, [Symbol.asyncDispose]: dispose };
  }

  test("are applied, undone and applied again", async () => {
    await using it = fixture();
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "pending", nests: "pending" });
    const done = await it.ours.upgrade(it.target, { now: () => new Date("2026-05-01") });
    expect(done.map(({ name, direction, statements }) => [name, direction, statements])).toEqual([
      ["20260101000000_birds", "up", 2],
      ["20260102000000_nests", "up", 1],
    ]);
    expect(await it.ours.upgrade(it.target)).toEqual([]);
    expect(await it.ours.status(it.target)).toMatchObject([
      { state: "applied", appliedAt: "2026-05-01T00:00:00.000Z", progress: undefined },
      { state: "applied" },
    ]);

    expect(await it.ours.downgrade(it.target)).toMatchObject([
      { name: "20260102000000_nests", direction: "down", statements: 1 },
    ]);
    await expect(it.query("select * from nests")).rejects.toThrow(noTable);
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "applied", nests: "pending" });

    await it.ours.upgrade(it.target);
    expect(await it.query("select * from nests")).toEqual([]);
    expect(await it.ours.check(it.target)).toEqual([]);
  });

  test("go up and down to a name", async () => {
    await using it = fixture();
    const names = async (work: Promise<readonly { readonly name: string }[]>): Promise<string[]> =>
      (await work).map(({ name }) => name.slice(15));
    expect(await names(it.ours.upgrade(it.target, { to: "birds" }))).toEqual(["birds"]);
    expect(await names(it.ours.upgrade(it.target, { to: "20260102000000" }))).toEqual(["nests"]);
    expect(await names(it.ours.downgrade(it.target, { to: "20260102000000_nests" }))).toEqual([]);
    expect(await names(it.ours.downgrade(it.target, { to: "birds" }))).toEqual(["nests"]);
    expect(await names(it.ours.downgrade(it.target, { steps: Infinity }))).toEqual(["birds"]);
    const fault = await failure(it.ours.upgrade(it.target, { to: "bird" }));
    expect(fault.message).toBe(
      'M018 No migration is called "bird"\n  fix: Name one of 20260101000000_birds, 20260102000000_nests.',
    );
  });

  test("are reset, but in production only when it is asked for", async () => {
    await using it = fixture();
    await it.ours.upgrade(it.target);
    await it.query("insert into birds values (2)");
    const refused = await failure(it.ours.reset(it.target, { environment: "production" }));
    expect(refused.code).toBe("M029");
    expect(await it.query("select * from birds")).toHaveLength(2);

    const done = await it.ours.reset(it.target, { environment: "production", isForced: true });
    expect(done.map(({ direction }) => direction)).toEqual(["down", "down", "up", "up"]);
    expect(await it.query("select * from birds")).toHaveLength(1);
  });

  test("that were edited are not run over", async () => {
    await using it = fixture();
    await it.ours.upgrade(it.target, { to: "birds" });
    it.folder.write({ "20260101000000_birds": { up: "create table birds (id int)\n" } });
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "edited", nests: "pending" });
    const fault = await failure(it.ours.upgrade(it.target));
    expect(fault.code).toBe("M023");
    expect(fault.message).toContain("20260101000000_birds was edited after it was applied");
    await expect(it.query("select * from nests")).rejects.toThrow(noTable);
    expect((await it.ours.check(it.target)).map(({ rule }) => rule)).toEqual(["edited"]);

    await it.ours.stamp(it.target, "birds");
    expect(await it.ours.upgrade(it.target)).toHaveLength(1);
  });

  test("are the same with the line ends of Windows, and with a byte order mark", async () => {
    await using it = fixture();
    await it.ours.upgrade(it.target);
    const up = `\uFEFF${it.folder.read("20260101000000_birds", "up.sql").replaceAll("\n", "\r\n")}`;
    it.folder.write({ "20260101000000_birds": { up } });
    expect(await it.ours.upgrade(it.target)).toEqual([]);
  });

  test("whose folder has gone are told, and cannot be undone", async () => {
    await using it = fixture();
    await it.ours.upgrade(it.target);
    it.folder.remove("20260102000000_nests");
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "applied", nests: "missing" });
    expect(await it.ours.check(it.target)).toEqual([
      {
        rule: "missing",
        message: "20260102000000_nests was applied, and is not in the folder",
        hint: "Restore the folder.",
      },
    ]);
    // What is older than the database must start all the same.
    expect(await it.ours.upgrade(it.target)).toEqual([]);
    expect((await failure(it.ours.downgrade(it.target))).message).toMatch(
      /^M024 20260102000000_nests cannot be undone: its folder is not there/,
    );
  });

  test("that come too late are refused, unless it is allowed", async () => {
    await using it = fixture();
    await it.ours.upgrade(it.target);
    const up = "create table eggs (id int)\n";
    it.folder.write({ "20260101120000_eggs": { up, down: "drop table eggs" } });
    expect(states(await it.ours.status(it.target))).toMatchObject({ eggs: "out of order" });
    expect((await it.ours.check(it.target)).map(({ rule }) => rule)).toEqual(["out of order"]);
    const fault = await failure(it.ours.upgrade(it.target));
    expect(fault.message).toMatch(/^M023 20260101120000_eggs comes before one that is applied/);
    await it.ours.upgrade(it.target, { isOutOfOrderAllowed: true });
    expect(states(await it.ours.status(it.target))).toMatchObject({ eggs: "applied" });
  });

  test("without down.sql cannot be undone, and nothing before them is", async () => {
    await using it = fixture({
      ...two,
      "20260101000000_birds": { up: "create table birds (id int)" },
    });
    await it.ours.upgrade(it.target);
    const fault = await failure(it.ours.downgrade(it.target, { steps: 2 }));
    expect(fault.code).toBe("M024");
    expect(fault.hint).toContain("down.sql");
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "applied", nests: "applied" });
  });

  test("tell their SQL without running it", async () => {
    await using it = fixture();
    const sql = await it.ours.sql(it.target, { now: () => new Date("2026-05-01") });
    expect(sql).toMatchSnapshot();
    await expect(it.query("select * from martlet_migrations")).rejects.toThrow(noTable);
    await it.ours.upgrade(it.target);
    expect(await it.ours.sql(it.target)).toBe("");
    const down = await it.ours.sql(it.target, { direction: "down", steps: 2 });
    expect(down).toMatch(/drop table nests[^]*drop table birds/);
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "applied", nests: "applied" });
  });

  test("tell SQL that does the same when it is run by hand", async () => {
    await using it = fixture();
    const sql = await it.ours.sql(it.target);
    const statements = sql
      .split(/;\n/)
      .map((each) => each.replaceAll(/^--.*\n/gm, "").trim())
      .filter((each) => each !== "" && !/^(begin|commit)$/.test(each));
    for (const each of statements) await it.query(each);
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "applied", nests: "applied" });
    expect(await it.ours.upgrade(it.target)).toEqual([]);
  });

  test("that fail name the file and the statement", async () => {
    await using it = fixture({
      ...two,
      "20260102000000_nests": {
        up: "create table nests (id int)\n--> next\n-- the mistake\ninsert into nothing_there\nvalues (1)\n",
        down: "drop table nests",
      },
    });
    const fault = await failure(it.ours.upgrade(it.target));
    expect(fault.code).toBe("M026");
    expect(fault.message).toMatch(/^M026 The migration 20260102000000_nests did not go through: /);
    expect(fault.trail[0]).toMatch(/20260102000000_nests[/\\]up\.sql$/);
    expect(fault.trail[1]).toBe("statement 2 of 2: insert into nothing_there values (1)");
    expect(fault.cause).toBeInstanceOf(Error);
    // What came before it stays.
    expect(await it.query("select * from birds")).toHaveLength(1);

    expect(fault.hint).toContain(isKept ? "Statement 1 is done" : "Nothing of the file was kept");
    const progress = { direction: "up", isFailed: true, done: 1, of: 2 };
    expect((await it.ours.status(it.target))[1]).toMatchObject(
      isKept ? { state: "interrupted", progress } : { state: "pending" },
    );
    const left = it.query("select * from nests").catch(() => undefined);
    expect(await left).toEqual(isKept ? [] : undefined);

    it.folder.write({
      "20260102000000_nests": {
        up: "create table nests (id int)\n--> next\ninsert into nests values (7)\n",
        down: "drop table nests",
      },
    });
    await it.ours.upgrade(it.target);
    expect(await it.query("select * from nests")).toEqual([{ id: 7 }]);
    expect(await it.ours.check(it.target)).toEqual([]);
  });

  test("outside of a transaction go on where they failed, and refuse edits of what is done", async () => {
    const directive = "-- martlet:no-transaction\n";
    const first = "create table birds (id int)\n--> next\ninsert into birds values (1)\n--> next\n";
    const name = "20260101000000_birds";
    await using it = fixture({
      [name]: {
        up: `${directive}${first}insert into nests values (1)\n`,
        down: "drop table birds",
      },
    });
    const fault = await failure(it.ours.upgrade(it.target));
    expect(fault.hint).toMatch(/^Statements 1 to 2 are done and will not be run again/);
    expect(await it.query("select * from birds")).toHaveLength(1);
    expect(await it.ours.sql(it.target)).not.toContain("create table birds");

    const down = await failure(it.ours.downgrade(it.target));
    expect(down.message).toMatch(/^M023 20260101000000_birds is applied in part/);

    it.folder.write({ [name]: { up: `${directive}${first.replace("(1)", "(9)")}select 1\n` } });
    const edited = await failure(it.ours.upgrade(it.target));
    expect(edited.message).toContain("The first 2 statements of a migration were edited");

    it.folder.write({ [name]: { up: `${directive}${first}insert into birds values (2)\n` } });
    expect(await it.ours.upgrade(it.target)).toMatchObject([{ statements: 1 }]);
    expect(await it.query("select id from birds order by id")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await it.ours.check(it.target)).toEqual([]);
  });

  test("know a definition that took effect before the process could say so", async () => {
    const concurrently = kind.dialect === "postgresql" ? "concurrently" : "";
    const up = `-- martlet:no-transaction\ncreate index ${concurrently} by_id on birds (id)\n`;
    await using it = fixture({ ...two, "20260102000000_nests": { up } });
    await it.ours.upgrade(it.target);
    const entry = "update martlet_migrations set statements = 0, state =";
    await it.query(`${entry} 'upgrading' where name = '20260102000000_nests'`);
    expect(await it.ours.upgrade(it.target)).toMatchObject([
      { notes: ["statement 1 had taken effect before it was interrupted"] },
    ]);
    // One that failed has not taken effect: whoever made the index did not make it here.
    await it.query(`${entry} 'upgrade failed' where name = '20260102000000_nests'`);
    const fault = await failure(it.ours.upgrade(it.target));
    expect(fault.message).toMatch(/already exists|Duplicate key/);
  });

  test("go on with an undoing that failed", async () => {
    const down = "-- martlet:no-transaction\ndrop table birds\n--> next\ndrop table nests\n";
    const texts = (down: string) => ({
      "20260101000000_birds": { up: "create table birds (id int)", down },
    });
    await using it = fixture(texts(down));
    await it.ours.upgrade(it.target);
    const fault = await failure(it.ours.downgrade(it.target));
    expect(fault.message).toContain("could not be undone");
    expect(await it.ours.status(it.target)).toMatchObject([
      { state: "interrupted", progress: { direction: "down", done: 1, of: 2 } },
    ]);
    const up = await failure(it.ours.upgrade(it.target));
    expect(up.message).toMatch(/^M023 20260101000000_birds was undone in part/);
    it.folder.write(texts(down.replace("drop table nests", "select 1")));
    await it.ours.downgrade(it.target);
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "pending" });
  });

  test("are entered as applied in a database that has everything already", async () => {
    await using it = fixture();
    for (const each of ["birds", "nests"]) await it.query(`create table ${each} (id int)`);
    expect(states(await it.ours.stamp(it.target, "birds"))).toEqual({
      birds: "applied",
      nests: "pending",
    });
    expect(await it.query("select * from birds")).toEqual([]);
    expect(states(await it.ours.stamp(it.target, "nests"))).toEqual({
      birds: "applied",
      nests: "applied",
    });
    expect(await it.ours.upgrade(it.target)).toEqual([]);
    expect(states(await it.ours.stamp(it.target, undefined))).toEqual({
      birds: "pending",
      nests: "pending",
    });
  });

  test.each([
    ["several statements in one", "create table birds (id int); insert into birds values (1)"],
    ["transactions of their own", "begin\n--> next\ncreate table birds (id int)\n--> next\ncommit"],
    ["no statements", "-- still to be written\n"],
  ])("are refused with %s", async (_what, up) => {
    await using it = fixture({ "20260101000000_birds": { up } });
    expect((await failure(it.ours.upgrade(it.target))).code).toBe("M025");
    await expect(it.query("select * from birds")).rejects.toThrow(noTable);
  });

  test("may have semicolons and separators in texts, names and comments", async () => {
    const quote = kind.dialect === "mysql" ? "`" : '"';
    const up = [
      `create table birds (${quote}a;b${quote} varchar(100)); -- one; two; three`,
      `insert into birds values ('x; y; it''s /* -- */ ''--> next''; z') /* ; ; */;`,
    ].join("\n--> next\n");
    await using it = fixture({ "20260101000000_birds": { up } });
    await it.ours.upgrade(it.target);
    expect(await it.query("select * from birds")).toEqual([
      { "a;b": "x; y; it's /* -- */ '--> next'; z" },
    ]);
  });

  test("leave no settings behind for who uses the connection next", async () => {
    const settings: Record<string, readonly [set: string, ask: string]> = {
      postgresql: ["set search_path = ''", "select current_setting('search_path') as is"],
      mysql: ["set session foreign_key_checks = 0", "select @@foreign_key_checks as `is`"],
      sqlite: ["pragma foreign_keys = off", "select foreign_keys as 'is' from pragma_foreign_keys"],
    };
    const [set, ask] = settings[kind.dialect] ?? ["", ""];
    await using it = fixture({
      "20260101000000_birds": { up: `${set}\n--> next\nselect 1` },
      "20260102000000_nests": { up: `-- martlet:no-transaction\nselect 1\n--> next\nselect 2` },
    });
    const before = await it.query(ask);
    await it.ours.upgrade(it.target);
    expect(states(await it.ours.status(it.target))).toEqual({ birds: "applied", nests: "applied" });
    for (let time = 0; time < 3; time += 1) expect(await it.query(ask)).toEqual(before);
  });

  test("need a folder, and each its up.sql", async () => {
    await using it = fixture({ "20260101000000_birds": { up: "select 1" } });
    const none = migrations({ directory: `${it.folder.directory}/none`, dialect: kind.dialect });
    expect(await none.status(it.target)).toEqual([]);
    expect((await failure(none.upgrade(it.target))).code).toBe("M018");
    it.folder.write({ "not a migration": { up: "nonsense" } });
    expect(await it.ours.upgrade(it.target)).toHaveLength(1);
  });

  test("stop when they are given up", async () => {
    await using it = fixture();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(it.ours.upgrade(it.target, { signal })).rejects.toThrow("enough");
    const stop = new AbortController();
    const report = (): void => stop.abort(new Error("enough"));
    await expect(it.ours.upgrade(it.target, { signal: stop.signal, report })).rejects.toThrow(
      "enough",
    );
    expect(states(await it.ours.status(it.target))).toMatchObject({ birds: "applied" });
  });
});
