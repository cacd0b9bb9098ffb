import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/node-postgres";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { articles } from "../src/articles/table.ts";
import { comments } from "../src/comments/table.ts";
import { favorites } from "../src/favorites/table.ts";
import { migrate } from "../src/migrations.ts";
import { follows } from "../src/profiles/table.ts";
import type { Database } from "../src/database.ts";
import { seed } from "../src/seed/seed.ts";
import { articleTags, tags } from "../src/tags/table.ts";
import { users } from "../src/users/table.ts";
import { type DatabaseServer } from "./setup.ts";
import { makeDatabase, openPool, type OwnDatabase, servers } from "./conduit.ts";

const tables = { articles, articleTags, comments, favorites, follows, tags, users };
const passwords = { hash: async () => "no hash", verify: async () => false };

describe.each(servers)("on $name", (server: DatabaseServer) => {
  describe.skipIf(server.isSkipped)("a start", () => {
    let database: OwnDatabase;
    let pool: Pool;
    beforeAll(async () => {
      database = await makeDatabase(server);
      pool = openPool(database.url);
    });
    afterAll(async () => {
      await pool.end();
      await database.drop();
    });

    test("of several at once migrates once", async () => {
      const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(pool)));
      expect(applied.flat()).toEqual(["0001-tables.sql", "0002-comments.sql"]);
      expect(await migrate(pool)).toEqual([]);
    });

    test("makes the tables that the code has", async () => {
      for (const table of Object.values(tables)) {
        expect(is(table, PgTable)).toBe(true);
        const { name, columns, indexes, uniqueConstraints } = getTableConfig(table);
        const { rows } = await pool.query(
          `select column_name, is_nullable = 'NO' as required from information_schema.columns
           where table_schema = 'public' and table_name = $1`,
          [name],
        );
        expect(new Set(rows)).toEqual(
          new Set(columns.map((each) => ({ column_name: each.name, required: each.notNull }))),
        );
        const found = await pool.query<{ indexname: string }>(
          "select indexname from pg_indexes where tablename = $1",
          [name],
        );
        const wanted = [
          ...indexes.map((each) => each.config.name),
          ...uniqueConstraints.map((each) => each.name),
        ];
        expect(found.rows.map((each) => each.indexname)).toEqual(expect.arrayContaining(wanted));
      }
    });

    test("of several at once fills the database once, and leaves a full one alone", async () => {
      // What is filled is asked for nothing but statements.
      const db = drizzle({ client: pool }) as unknown as Database;
      await Promise.all(Array.from({ length: 3 }, () => seed(db, passwords)));
      expect(await db.$count(users)).toBe(8);
      expect(await db.$count(articles)).toBe(25);
      expect(await db.$count(comments)).toBe(26);
      await db.delete(articles);
      await seed(db, passwords);
      expect(await db.$count(articles)).toBe(0);
    });

    test("refuses a migration that was changed after it was applied", async () => {
      await pool.query("update applied_migrations set checksum = 'another'");
      await expect(migrate(pool)).rejects.toThrow(
        "0001-tables.sql was changed after it was applied: write a new migration",
      );
    });
  });
});
