import type { SQL } from "drizzle-orm";
import { alias, integer, sqliteTable } from "drizzle-orm/sqlite-core";
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
import { get, martlet } from "martlet";
import {
  column,
  type CursorPage,
  cursorPage,
  descending,
  type PageOrder,
  type PlainCursorPage,
  type Engine,
  fragment,
  sqlOver,
} from "martlet/db";
import { testClient } from "martlet/testing";
import { describe, expect, it } from "vitest";
import { type Got, items, open } from "./items.ts";

/** Rows of `node:sqlite`, which have no prototype, as other objects. */
function plain(rows: unknown): unknown {
  return JSON.parse(JSON.stringify(rows));
}

describe("the SQL of a page by cursor", () => {
  /** Runs a query with a page that begins after the item with a rank of 0 and the id 2. */
  async function after(
    by: PageOrder,
    use: (page: CursorPage & PlainCursorPage) => unknown,
    dialect: "postgresql" | "mysql" | "sqlite" = "sqlite",
  ): Promise<unknown> {
    const isPlain = "order" in by ? false : by.some((each) => !("getSQL" in each));
    const page = cursorPage({ by, ...(isPlain && { dialect }) });
    let found: unknown;
    const list = get("/", { use: { page } }, async ({ page }) => {
      // The test says which of the two kinds of pages it is.
      const either = page as CursorPage & PlainCursorPage;
      found = await use(either);
      return either.of([
        { id: 2, name: "item 2", rank: 0, rank_of: 0 },
        { id: 9, name: "", rank: 0, rank_of: 0 },
      ]);
    });
    const test = testClient(martlet({ list }));
    const { next } = (await (await test.get("/?limit=1")).json()) as Got;
    await test.get(`/?limit=2&cursor=${next}`);
    return found;
  }

  const rank = column("rank_of", "integer");
  const id = column("items.id", "integer", { unique: true });

  it("is text with placeholders of the dialect, from a number on", async () => {
    const text = (page: PlainCursorPage) => page.text(3);
    expect(await after([rank, id], text, "postgresql")).toEqual({
      where: '("rank_of", "items"."id") > ($3, $4)',
      orderBy: '"rank_of" asc, "items"."id" asc',
      position: 'json_build_array("rank_of"::text, "items"."id"::text)::text as "$position"',
      values: ["0", "2"],
    });
    expect(await after([rank, descending(id)], text, "postgresql")).toMatchObject({
      where: '("rank_of" >= $3 and ("rank_of" > $4 or ("rank_of" = $5 and "items"."id" < $6)))',
    });
    expect(await after([rank, id], text, "mysql")).toMatchObject({
      where: "(`rank_of` > ? or (`rank_of` = ? and `items`.`id` > ?))",
      values: [0, 0, 2],
    });
  });

  it("is always fulfilled on the first page", async () => {
    const page = cursorPage({ by: [id], dialect: "sqlite" });
    const list = get("/", { use: { page } }, ({ page }) => page.text().where);
    expect(await (await testClient(martlet({ list })).get("/")).json()).toBe("1 = 1");
  });

  it("quotes what a name may hold", async () => {
    const odd = column('a"b`c', "integer", { unique: true, property: "id" });
    expect(await after([odd], (page) => page.text().orderBy)).toBe('"a""b`c" asc');
    expect(await after([odd], (page) => page.text().orderBy, "mysql")).toBe('`a"b``c` asc');
  });

  it("runs by hand", async () => {
    const { client } = open();
    const rows = await after([rank, descending(id)], (page) => {
      const { where, orderBy, position, values } = page.text();
      const query = `select id, ${position} from items where id < ? and ${where} order by ${orderBy} limit ${page.limit}`;
      return plain(client.prepare(query).all(5, ...(values as number[])));
    });
    expect(rows).toEqual([
      { id: 3, $position: '["1","3"]' },
      { id: 1, $position: '["1","1"]' },
    ]);
  });

  it("runs with Kysely", async () => {
    const { client } = open();
    const kysely = new Kysely<{ items: { id: number; name: string; rank_of: number } }>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
    const rows = await after([rank, descending(id)], (page) => {
      const { where, orderBy, position } = page.in(sql<boolean>);
      const { sql: text, parameters } = kysely
        .selectFrom("items")
        .select(["id", position.as("$position")])
        .where("id", "<", 5)
        .where(where)
        .orderBy(orderBy)
        .limit(page.limit)
        .compile();
      return plain(client.prepare(text).all(...(parameters as number[])));
    });
    expect(rows).toEqual([
      { id: 3, $position: '["1","3"]' },
      { id: 1, $position: '["1","1"]' },
    ]);
  });

  it("runs with the framework's own SQL", async () => {
    const { client } = open();
    const driver = {
      query: async (text: string, values: readonly unknown[] = []) => ({
        rows: plain(client.prepare(text).all(...(values as number[]))),
      }),
    };
    const rows = await after([rank, descending(id)], async (page) => {
      const { where, orderBy, position } = page.in(fragment);
      const query = sqlOver({ dialect: "sqlite", ...driver } as unknown as Engine);
      return query`select id, ${position} as "$position" from items where id < ${5} and ${where}
        order by ${orderBy} limit ${page.limit}`.all();
    });
    expect(rows).toEqual([
      { id: 3, $position: '["1","3"]' },
      { id: 1, $position: '["1","1"]' },
    ]);
  });

  it("runs on an alias and in a relational query", async () => {
    const { db } = open();
    const other = alias(items, "other");
    const rows = await after([items.rank, descending(items.id)], async (page) => {
      const { where, orderBy, position } = page.on(other);
      return db
        .select({ id: other.id, ...position })
        .from(other)
        .where(where)
        .orderBy(...orderBy)
        .limit(page.limit);
    });
    expect(rows).toEqual([
      { id: 5, $position: '["1","5"]' },
      { id: 3, $position: '["1","3"]' },
      { id: 1, $position: '["1","1"]' },
    ]);
    const related = await after([items.rank, descending(items.id)], async (page) =>
      db.query.items.findMany({
        columns: { id: true },
        where: { RAW: (table) => page.on(table).where as SQL },
        orderBy: (table) => page.on(table).orderBy,
        extras: { $position: (table) => page.on(table).position.$position },
        limit: page.limit,
      }),
    );
    expect(related).toEqual(rows);
  });

  it("cannot be put on a table that lacks the columns", async () => {
    const other = sqliteTable("other", { id: integer() });
    await expect(after([items.rank, items.id], (page) => page.on(other))).rejects.toThrow(
      'M031 The other table has no "rank"',
    );
  });
});
