import { sql } from "drizzle-orm";
import * as my from "drizzle-orm/mysql-core";
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  sqliteView,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { ascending, column, descending, type PageOrder, sorting } from "martlet/db";
import { describe, expect, it } from "vitest";
import { start } from "./items.ts";

describe("the order of pages by cursor", () => {
  const table = sqliteTable(
    "orders",
    {
      shop: integer().notNull(),
      number: integer().notNull(),
      code: text().notNull().unique(),
      token: text().unique(),
      slug: text().notNull(),
      part: text().notNull(),
      created: integer().notNull(),
      data: blob({ mode: "json" }),
    },
    (t) => [
      primaryKey({ columns: [t.shop, t.number] }),
      uniqueIndex("by_slug").on(t.slug),
      uniqueIndex("by_part")
        .on(t.part)
        .where(sql`created > 0`),
      unique().on(t.token, t.created),
      index("by_created").on(t.created),
    ],
  );

  it.each<[string, PageOrder]>([
    ["a unique column", [table.created, table.code]],
    ["the columns of a primary key", [table.created, descending(table.shop), table.number]],
    ["the column of a unique index", [table.slug]],
    ["what is said to be unique", [ascending(table.created, { unique: true })]],
    ["a unique column that is said not to be null", [ascending(table.token, { nullable: false })]],
    ["a column by hand", [column("id", "integer", { unique: true })]],
  ])("ends with %s", async (_title, by) => {
    await expect(start({ by })).resolves.toBeUndefined();
  });

  const view = sqliteView("shops").as((query) => query.select({ shop: table.shop }).from(table));
  it.each<[string, PageOrder]>([
    ["no column", []],
    ["a column with duplicates", [table.created]],
    ["a part of a primary key", [table.created, table.shop]],
    ["a unique column that may be null", [table.token]],
    ["a constraint of which a column may be null", [table.token, table.created]],
    ["an index that has not all rows", [table.part]],
    ["a unique column of an outer join", [ascending(table.code, { nullable: true })]],
    ["a column of a view, which tells nothing", [view.shop]],
    ["a column by hand", [column("id", "integer")]],
    [
      "a sorting without a last column",
      sorting({ created: table.created }, { default: "created" }),
    ],
    [
      "a sorting whose last column is not unique",
      sorting(
        { code: table.code, created: table.created },
        { default: "created", last: table.shop },
      ),
    ],
  ])("is refused with %s", async (_title, by) => {
    await expect(start({ by })).rejects.toThrow(/M031 Several rows may have one place/);
  });

  it("is refused with what cannot be compared", async () => {
    await expect(start({ by: [table.data, table.code] })).rejects.toThrow(
      'M031 The values of "data" cannot be compared',
    );
    const kinds = my.mysqlTable("kinds", {
      id: my.int().primaryKey(),
      kind: my.mysqlEnum(["z", "a"]).notNull(),
    });
    await expect(start({ by: [kinds.kind, kinds.id] })).rejects.toThrow('sorts "kind" by number');
    await expect(start({ by: [kinds.id, table.code] })).rejects.toThrow("several databases");
    await expect(start({ by: [kinds.id, column("x", "text")], dialect: "sqlite" })).rejects.toThrow(
      "several databases",
    );
  });
});
