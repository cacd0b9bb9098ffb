import * as mysql from "drizzle-orm/mysql-core";
import * as pg from "drizzle-orm/pg-core";
import * as sqlite from "drizzle-orm/sqlite-core";
import { Fault } from "martlet";
import { type Dialect, migrations, type Migrations } from "martlet/db";
import { describe, expect, test } from "vitest";
import { Folder } from "./folders.ts";
import { onMysql, onPostgres, onSqlite, type Kind } from "./targets.ts";

async function failure(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => new Error("It went well"),
    (error: unknown) => error,
  );
  if (error instanceof Fault) return error;
  throw error;
}

const now = (): Date => new Date("2026-03-04T05:06:07Z");

/** Migrations of one folder, for one schema after the other. */
function over(folder: Folder, dialect: Dialect = "postgresql") {
  return (schema?: Readonly<Record<string, unknown>>): Migrations =>
    migrations({ directory: folder.directory, schema, dialect });
}

const users = pg.pgTable("users", { id: pg.integer().primaryKey(), name: pg.text().notNull() });
const renamed = pg.pgTable("users", {
  id: pg.integer().primaryKey(),
  fullName: pg.text("full_name").notNull(),
});

describe("a revision", () => {
  test("is a folder with SQL up and down and a snapshot", async () => {
    using folder = new Folder();
    const [first, ...others] = await over(folder)({ users }).revision("Add users!", { now });
    expect(others).toEqual([]);
    expect(first).toMatchObject({ name: "20260304050607_add_users", notes: [] });
    expect(folder.read("20260304050607_add_users", "up.sql")).toBe(
      'CREATE TABLE "users" (\n\t"id" integer PRIMARY KEY,\n\t"name" text NOT NULL\n);\n',
    );
    expect(folder.read("20260304050607_add_users", "down.sql")).toBe('DROP TABLE "users";\n');
    expect(JSON.parse(folder.read("20260304050607_add_users", "snapshot.json"))).toMatchObject({
      dialect: "postgres",
    });
  });

  test("is not written when nothing has changed", async () => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    expect(await over(folder)({ users }).revision("second", { now })).toEqual([]);
    expect(folder.names()).toHaveLength(1);
    expect(await over(folder)({ users }).check()).toEqual([]);
  });

  test("comes after all others, whatever the clock says", async () => {
    using folder = new Folder();
    folder.write({ "20260304050659_ahead": { up: "select 1" } });
    const names = async (name: string): Promise<string[]> =>
      (await over(folder)().revision(name, { now, isEmpty: true })).map((each) => each.name);
    expect(await names("a")).toEqual(["20260304050700_a"]);
    expect(await names("b")).toEqual(["20260304050701_b"]);
    expect(folder.read("20260304050700_a", "up.sql")).toBe(
      "-- Write the statements here, separated by lines of `--> next`.\n",
    );
  });

  test.each(["", "!!", "-", "a".repeat(101)])("cannot be called %j", async (name) => {
    using folder = new Folder();
    expect((await failure(over(folder)({ users }).revision(name))).code).toBe("M025");
  });

  test("needs a schema, or is written by hand", async () => {
    using folder = new Folder();
    const fault = await failure(over(folder)().revision("first"));
    expect(fault.code).toBe("M018");
    expect(fault.hint).toContain("--empty");
  });

  test("does not take a rename for something new without being told", async () => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    const ours = over(folder)({ users: renamed });
    const fault = await failure(ours.revision("second", { now }));
    expect(fault.message).toMatchInlineSnapshot(`
      "M027 A name is new, or something was renamed
        the column users.full_name: --rename users.name:users.full_name, or --new users.full_name
        fix: Add one of the options for each."
    `);
    expect(folder.names()).toHaveLength(1);

    const renames = [{ from: "users.name", to: "users.full_name" }];
    const [second] = await ours.revision("second", { now, renames });
    expect(second?.up).toEqual(['ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";']);
    expect(second?.down).toEqual(['ALTER TABLE "users" RENAME COLUMN "full_name" TO "name";']);
    expect(second?.notes.map(({ kind }) => kind)).toEqual(["breaking"]);
  });

  test("takes what is said to be new for that, and flags what is lost", async () => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    const additions = [{ name: "users.full_name" }];
    const ours = over(folder)({ users: renamed });
    const [second] = await ours.revision("second", { now, additions });
    expect(second?.up).toEqual([
      'ALTER TABLE "users" ADD COLUMN "full_name" text NOT NULL;',
      'ALTER TABLE "users" DROP COLUMN "name";',
    ]);
    expect(second?.notes).toEqual([
      { kind: "destructive", message: "drops the column users.name with its values" },
      { kind: "failing", message: "it fails if users has rows: give the new column a default" },
    ]);
    expect(folder.read("20260304050608_second", "up.sql")).toMatch(
      /^-- review, destructive: drops the column users\.name with its values\n-- review, failing: /,
    );
    // The file still runs as two statements.
    expect((await ours.check()).map(({ rule }) => rule)).toEqual([]);
  });

  test("renames tables and their columns, and what stands beside them, both ways", async () => {
    using folder = new Folder();
    const mood = pg.pgEnum("mood", ["good", "bad"]);
    const feeling = pg.pgEnum("feeling", ["good", "bad"]);
    const shop = pg.pgSchema("shop");
    const before = {
      mood,
      shop,
      people: pg.pgTable("people", { id: pg.integer(), name: pg.text(), mood: mood() }, (t) => [
        pg.index("people_name").on(t.name),
      ]),
      items: shop.table("items", { id: pg.integer(), label: pg.text() }),
    };
    const after = {
      feeling,
      shop,
      people: pg.pgTable("users", { id: pg.integer(), title: pg.text(), mood: feeling() }, (t) => [
        pg.index("users_title").on(t.title),
      ]),
      items: shop.table("items", { id: pg.integer(), name: pg.text() }),
    };
    await over(folder)(before).revision("first", { now });
    const ours = over(folder)(after);
    const asked = await failure(ours.revision("second", { now }));
    expect(asked.message).toMatchInlineSnapshot(`
      "M027 3 names are new, or something was renamed
        the enum feeling: --rename-enum mood:feeling, or --new-enum feeling
        the table users: --rename-table people:users, or --new-table users
        the column shop.items.name: --rename shop.items.label:shop.items.name, or --new shop.items.name
        fix: Add one of the options for each."
    `);
    const [second] = await ours.revision("second", {
      now,
      renames: [
        { kind: "enum", from: "mood", to: "feeling" },
        { kind: "table", from: "people", to: "users" },
        { from: "people.name", to: "users.title" },
        { from: "shop.items.label", to: "shop.items.name" },
      ],
    });
    expect(second?.up).toEqual([
      'ALTER TYPE "mood" RENAME TO "feeling";',
      'ALTER TABLE "people" RENAME TO "users";',
      'ALTER TABLE "users" RENAME COLUMN "name" TO "title";',
      'ALTER TABLE "shop"."items" RENAME COLUMN "label" TO "name";',
      'DROP INDEX "people_name";',
      'CREATE INDEX "users_title" ON "users" ("title");',
    ]);
    expect(second?.down).toEqual([
      'ALTER TYPE "feeling" RENAME TO "mood";',
      'ALTER TABLE "users" RENAME TO "people";',
      'ALTER TABLE "people" RENAME COLUMN "title" TO "name";',
      'ALTER TABLE "shop"."items" RENAME COLUMN "name" TO "label";',
      'DROP INDEX "users_title";',
      'CREATE INDEX "people_name" ON "people" ("name");',
    ]);
    expect(second?.notes.some(({ kind }) => kind === "destructive")).toBe(false);
    expect(await ours.check()).toEqual([]);
  });

  test.each([
    [{ from: "users.nme", to: "users.full_name" }, 'There was no column "users.nme"'],
    [{ from: "users.name", to: "users.fullname" }, 'There is no column "users.fullname"'],
    [{ kind: "table" as const, from: "user", to: "users" }, 'There was no table "user"'],
  ])("refuses the rename %j", async (rename, message) => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    const work = over(folder)({ users: renamed }).revision("second", { now, renames: [rename] });
    expect((await failure(work)).message).toContain(`M027 ${message}`);
  });

  test("puts indexes that are built concurrently into a file without a transaction", async () => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    const next = pg.pgTable(
      "users",
      { id: pg.integer().primaryKey(), name: pg.text().notNull(), age: pg.integer() },
      (t) => [pg.index("by_age").on(t.age).concurrently(), pg.index("by_name").on(t.name)],
    );
    const ours = over(folder)({ users: next });
    const written = await ours.revision("Search", { now });
    expect(written.map(({ name }) => name)).toEqual([
      "20260304050608_search",
      "20260304050609_search_indexes",
    ]);
    expect(written[0]?.notes).toMatchObject([{ kind: "blocking" }]);
    expect(written[0]?.down).toContain('DROP INDEX "by_name";');
    expect(folder.read("20260304050609_search_indexes", "up.sql")).toBe(
      '-- martlet:no-transaction\nCREATE INDEX CONCURRENTLY "by_age" ON "users" ("age");\n',
    );
    expect(folder.read("20260304050609_search_indexes", "down.sql")).toBe('DROP INDEX "by_age";\n');
    expect(await ours.check()).toEqual([]);
    expect(await ours.revision("again", { now })).toEqual([]);
  });

  test("tells when two branches have met, and joins them", async () => {
    using folder = new Folder();
    const [a, b] = ["a", "b"].map((name) => pg.pgTable(name, { id: pg.integer() }));
    await over(folder)({ users }).revision("first", { now });
    await over(folder)({ users, a }).revision("ours", { now });
    // As if it had been written without knowing of the other.
    using other = new Folder();
    const first = "20260304050607_first";
    other.write({ [first]: { up: "select 1" } });
    const snapshot = folder.read(first, "snapshot.json");
    other.writeFile(first, "snapshot.json", snapshot);
    await over(other)({ users, b }).revision("theirs", {
      now: () => new Date("2026-03-05T00:00:00Z"),
    });
    const theirs = "20260305000000_theirs";
    folder.write({ [theirs]: { up: other.read(theirs, "up.sql"), down: "drop table b" } });
    folder.writeFile(theirs, "snapshot.json", other.read(theirs, "snapshot.json"));

    const ours = over(folder)({ users, a, b });
    expect((await ours.check()).map(({ rule }) => rule)).toEqual(["branched"]);
    const fault = await failure(ours.revision("more"));
    expect(fault.message).toContain(
      `M023 The migrations branch: nothing follows 20260304050608_ours and ${theirs}`,
    );
    await ours.revision("join", { now, isMerge: true });
    expect(await ours.check()).toEqual([]);
    expect((await failure(ours.revision("join", { isMerge: true }))).code).toBe("M023");
  });

  test("tells of a snapshot that cannot be read", async () => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    folder.writeFile("20260304050607_first", "snapshot.json", "<<<<<<< ours\n{}");
    const fault = await failure(over(folder)({ users }).revision("second"));
    expect(fault.message).toContain("M025 The snapshot of 20260304050607_first cannot be read");
    expect((await over(folder)({ users }).check()).map(({ rule }) => rule)).toEqual(["malformed"]);
  });

  test("is missed by the check", async () => {
    using folder = new Folder();
    await over(folder)({ users }).revision("first", { now });
    expect(await over(folder)({ users: renamed }).check()).toMatchObject([
      { rule: "drift", hint: "Write them with `martlet db revision <name>`." },
    ]);
    folder.write({ "20260304050608_by_hand": { up: "select 1; select 2" } });
    const rules = (await over(folder)({ users: renamed }).check()).map(({ rule }) => rule);
    expect(rules).toEqual(["malformed", "drift"]);
  });
});

/** Two schemas, of which the second has a column renamed, one changed and one more. */
const schemas: { readonly [D in Dialect]: readonly Readonly<Record<string, unknown>>[] } = {
  postgresql: [
    { t: pg.pgTable("t", { id: pg.integer().primaryKey(), a: pg.text(), n: pg.integer() }) },
    {
      t: pg.pgTable("t", {
        id: pg.integer().primaryKey(),
        b: pg.text(),
        n: pg.bigint({ mode: "number" }),
        c: pg.text(),
      }),
    },
  ],
  mysql: [
    { t: mysql.mysqlTable("t", { id: mysql.int().primaryKey(), a: mysql.text(), n: mysql.int() }) },
    {
      t: mysql.mysqlTable("t", {
        id: mysql.int().primaryKey(),
        b: mysql.text(),
        n: mysql.bigint({ mode: "number" }),
        c: mysql.text(),
      }),
    },
  ],
  sqlite: [
    {
      t: sqlite.sqliteTable("t", {
        id: sqlite.integer().primaryKey(),
        a: sqlite.text(),
        n: sqlite.integer(),
      }),
    },
    {
      t: sqlite.sqliteTable("t", {
        id: sqlite.integer().primaryKey(),
        b: sqlite.text(),
        n: sqlite.text(),
        c: sqlite.text(),
      }),
    },
  ],
};

describe.each([onPostgres, onMysql, onSqlite].filter((each) => !each.isSkipped))(
  "revisions on $title",
  (kind: Kind) => {
    test("run up, down and up again with what is in the tables", async () => {
      const database = await kind.make();
      try {
        using folder = new Folder();
        const [first = {}, second = {}] = schemas[kind.dialect];
        await over(folder, kind.dialect)(first).revision("first", { now });
        const ours = over(folder, kind.dialect)(second);
        await ours.upgrade(database.target);
        await database.query("insert into t (id, a, n) values (1, 'x', 7)");
        await ours.revision("second", { now, renames: [{ from: "t.a", to: "t.b" }] });
        await ours.upgrade(database.target);
        const [row] = await database.query("select b, n, c from t");
        expect([row?.["b"], Number(row?.["n"]), row?.["c"]]).toEqual(["x", 7, null]);
        await ours.downgrade(database.target);
        expect(await database.query("select a from t")).toEqual([{ a: "x" }]);
        await ours.upgrade(database.target);
        expect(await ours.check(database.target)).toEqual([]);
      } finally {
        await database.drop();
      }
    });
  },
);

test("SQLite drops tables that refer to each other in any order", async () => {
  const database = await onSqlite.make();
  try {
    using folder = new Folder();
    const owners = sqlite.sqliteTable("owners", { id: sqlite.integer().primaryKey() });
    const birds = sqlite.sqliteTable("birds", {
      owner: sqlite.integer().references(() => owners.id),
    });
    const ours = over(folder, "sqlite")({ owners, birds });
    await ours.revision("first", { now });
    await ours.upgrade(database.target);
    await database.query("insert into owners values (1)");
    await database.query("insert into birds values (1)");
    expect(await ours.downgrade(database.target)).toHaveLength(1);
    // References are looked after again.
    await ours.upgrade(database.target);
    await expect(database.query("insert into birds values (1)")).rejects.toThrow(/FOREIGN KEY/);
  } finally {
    await database.drop();
  }
});

test("SQLite makes a table anew without losing the rows that refer to it", async () => {
  const database = await onSqlite.make();
  try {
    using folder = new Folder();
    const make = (kind: "integer" | "text"): Readonly<Record<string, unknown>> => {
      const age = kind === "text" ? sqlite.text() : sqlite.integer();
      const owners = sqlite.sqliteTable("owners", { id: sqlite.integer().primaryKey(), age });
      const birds = sqlite.sqliteTable("birds", {
        owner: sqlite.integer().references(() => owners.id, { onDelete: "cascade" }),
      });
      return { owners, birds };
    };
    await over(folder, "sqlite")(make("integer")).revision("first", { now });
    const ours = over(folder, "sqlite")(make("text"));
    await ours.upgrade(database.target);
    await database.query("insert into owners values (1, 30)");
    await database.query("insert into birds values (1)");
    await ours.revision("second", { now });
    await ours.upgrade(database.target);
    expect(await database.query("select * from owners")).toEqual([{ id: 1, age: "30" }]);
    expect(await database.query("select * from birds")).toEqual([{ owner: 1 }]);

    folder.write({
      "20270101000000_dangling": {
        up: "pragma foreign_keys = off\n--> next\ndelete from owners\n",
      },
    });
    const fault = await failure(ours.upgrade(database.target));
    expect(fault.message).toContain("1 rows refer to nothing, in birds");
    expect(await database.query("select id from owners")).toEqual([{ id: 1 }]);
  } finally {
    await database.drop();
  }
});
