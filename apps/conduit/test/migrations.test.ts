import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, migrations } from "martlet/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { articles } from "../src/articles/table.ts";
import { comments } from "../src/comments/table.ts";
import { db as ours } from "../src/database.ts";
import * as schema from "../src/schema.ts";
import { seed } from "../src/seed/seed.ts";
import { users } from "../src/users/table.ts";
import type { DatabaseServer } from "./setup.ts";
import { makeDatabase, openDatabase, servers } from "./conduit.ts";

const names = ["20261120090000_tables", "20261124090000_comments"];

/** A database that is connected. */
interface Connected {
  readonly db: Database;
  readonly drop: () => Promise<void>;
}

/** Makes an empty database and connects to it. */
async function connected(server: DatabaseServer): Promise<Connected> {
  const { url, drop } = await makeDatabase(server);
  const { db, close } = await openDatabase(url);
  return { db, drop: () => close().then(drop) };
}

test("the migrations and the tables of the code say the same", async () => {
  expect(await ours.migrations.check()).toEqual([]);
});

describe.each(servers)("on $name", (server: DatabaseServer) => {
  describe.skipIf(server.isSkipped)("a start", () => {
    let one: Connected;
    beforeAll(async () => {
      one = await connected(server);
    });
    afterAll(() => one.drop());

    test("of several at once migrates once", async () => {
      const steps = await Promise.all(
        Array.from({ length: 4 }, () => ours.migrations.upgrade(one.db.$engine)),
      );
      expect(steps.flat().map((each) => each.name)).toEqual(names);
      expect(await ours.migrations.upgrade(one.db.$engine)).toEqual([]);
    });

    test("makes by hand-written SQL what the code would have made of itself", async () => {
      const directory = mkdtempSync(join(tmpdir(), "conduit-migrations-"));
      const other = await connected(server);
      try {
        const generated = migrations({ directory, schema });
        await generated.revision("all");
        await generated.upgrade(other.db.$engine);
        expect(await catalogOf(one.db)).toEqual(await catalogOf(other.db));
      } finally {
        await other.drop();
        rmSync(directory, { recursive: true });
      }
    });

    test("of several at once fills the database once, and leaves a full one alone", async () => {
      const { db } = one;
      await Promise.all(Array.from({ length: 3 }, () => seed(db)));
      expect(await db.$count(users)).toBe(8);
      expect(await db.$count(articles)).toBe(25);
      expect(await db.$count(comments)).toBe(26);
      await db.delete(articles);
      await seed(db);
      expect(await db.$count(articles)).toBe(0);
      expect(await db.$count(comments)).toBe(0);
    });

    test("can be undone to nothing, and done again", async () => {
      const { $engine } = one.db;
      const before = await catalogOf(one.db);
      await ours.migrations.downgrade($engine, { steps: 2 });
      expect(await catalogOf(one.db)).toEqual({ columns: [], constraints: [], indexes: [] });
      await ours.migrations.upgrade($engine);
      expect(await catalogOf(one.db)).toEqual(before);
    });
  });
});

/** What PostgreSQL knows of the tables of this application. */
async function catalogOf({ $engine }: Database): Promise<object> {
  const ours = "table_schema = 'public' and table_name <> 'martlet_migrations'";
  const columns = await $engine.query(
    `select table_name, column_name, data_type, datetime_precision, is_nullable, column_default, is_identity
     from information_schema.columns where ${ours} order by 1, 2`,
  );
  const constraints = await $engine.query(
    `select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as definition
     from pg_constraint
     where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'
       and conrelid::regclass::text <> 'martlet_migrations'
     order by 1, 2`,
  );
  const indexes = await $engine.query(
    `select indexdef from pg_indexes
     where schemaname = 'public' and tablename <> 'martlet_migrations' order by 1`,
  );
  return { columns: columns.rows, constraints: constraints.rows, indexes: indexes.rows };
}
