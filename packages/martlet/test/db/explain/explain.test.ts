import { randomBytes } from "node:crypto";
import { defineRelations, eq, gt, sql } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { type Database, type Engine, explain, kyselyOver } from "martlet/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mysqlEngine, sqliteEngine } from "../dialect-engines.ts";
import { type Engine as Place, mariadb, postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";

const suffix = randomBytes(5).toString("hex");
const items = pgTable(`explained_items_${suffix}`, {
  id: integer().primaryKey(),
  name: text(),
  kind: integer(),
});
const parts = pgTable(`explained_parts_${suffix}`, { id: integer().primaryKey(), item: integer() });
const relations = defineRelations({ items, parts }, (r) => ({
  items: { parts: r.many.parts({ from: r.items.id, to: r.parts.item }) },
}));
const itemsName = `explained_items_${suffix}`;
const partsName = `explained_parts_${suffix}`;
const indexName = `by_kind_${suffix}`;

const pglite: Place = { title: "PGlite", isSkipped: false, url: "pglite:" };

describe.each([postgres, pglite])("$title: a plan", ({ url, isSkipped }) => {
  describe.skipIf(isSkipped)("of PostgreSQL", () => {
    let db: Database<typeof relations>;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ db, close } = await openDatabase({ url, relations }));
      await db.execute(sql`create table ${items} (id int primary key, name text, kind int)`);
      await db.execute(sql`create table ${parts} (id int primary key, item int)`);
      await db.execute(
        sql`insert into ${items} select i, 'n' || i, i % 100 from generate_series(1, 3000) i`,
      );
      await db.execute(sql`insert into ${parts} select i, i from generate_series(1, 10) i`);
      await db.execute(sql`create index ${sql.identifier(indexName)} on ${items} (kind)`);
      await db.execute(sql`analyze ${items}, ${parts}`);
    }, 120_000);
    afterAll(async () => {
      await db.execute(sql`drop table ${items}, ${parts}`);
      await close();
    });
    const count = () => db.$count(items);

    test("tells the tables that are read whole, and how many rows that is", async () => {
      const plan = await explain(db, db.select().from(items).where(eq(items.name, "n5")));
      expect(plan).toMatchObject({
        dialect: "postgresql",
        sequentialScans: [itemsName],
        indexes: [],
        steps: [
          {
            depth: 0,
            operation: "Seq Scan",
            table: itemsName,
            index: undefined,
            condition: expect.stringContaining("n5") as unknown,
            expectedRows: 1,
            rows: 1,
            readRows: 3000,
            isSequential: true,
          },
        ],
      });
      expect(plan.duration).toBeGreaterThan(0);
      expect(plan.text).toMatch(
        new RegExp(`^Seq Scan on ${itemsName} \\(1 rows, 3000 read, 1 expected, .* ms\\): \\(name`),
      );
      expect(plan.json).toMatchObject([{ Plan: { "Node Type": "Seq Scan" } }]);
    });

    test("tells the indexes, of whatever writes the query", async () => {
      const kysely = await kyselyOver<Record<string, { id: number; kind: number }>>(db.$engine);
      const queries = [
        db.select().from(items).where(eq(items.kind, 7)),
        db.query.items.findMany({ where: { kind: 7 } }),
        db.execute(sql`select * from ${items} where kind = ${7}`),
        kysely.selectFrom(itemsName).select("id").where("kind", "=", 7),
        { text: `select * from ${itemsName} where kind = $1`, values: [7] },
        `select * from ${itemsName} where kind = 7`,
      ];
      for (const query of queries) {
        const plan = await explain(db.$engine, query);
        expect(plan).toMatchObject({ indexes: [indexName], sequentialScans: [] });
        expect(plan.steps[0]?.rows).toBe(30);
      }
    });

    test("has values in the place of placeholders", async () => {
      const prepared = db
        .select()
        .from(items)
        .where(eq(items.kind, sql.placeholder("kind")))
        .prepare(`explained_${suffix}`);
      const plan = await explain(db, prepared, { placeholders: { kind: 7 } });
      expect(plan.steps[0]?.rows).toBe(30);
      await expect(explain(db, prepared)).rejects.toThrow('No value for placeholder "kind"');
    });

    test("has the steps below each step, and leaves out small tables", async () => {
      const query = db
        .select()
        .from(parts)
        .innerJoin(items, eq(items.id, parts.item))
        .where(gt(parts.id, 0))
        .orderBy(items.name);
      const plan = await explain(db, query);
      expect(plan.steps[0]?.operation).toBe("Sort");
      expect(plan.steps.map(({ depth }) => depth).slice(0, 3)).toEqual([0, 1, 2]);
      expect(plan.sequentialScans).toContain(partsName);
      expect((await explain(db, query, { smallTable: 100 })).sequentialScans).not.toContain(
        partsName,
      );
    });

    test("can be made to use indexes of small tables", async () => {
      const query = db.select().from(parts).where(eq(parts.id, 3));
      expect((await explain(db, query)).sequentialScans).toEqual([partsName]);
      expect((await explain(db, query, { preferIndexes: true })).sequentialScans).toEqual([]);
      const without = db.select().from(parts).where(eq(parts.item, 3));
      const plan = await explain(db, without, { preferIndexes: true });
      expect(plan.sequentialScans).toEqual([partsName]);
      expect((await db.$engine.query("show enable_seqscan")).rows).toEqual([
        { enable_seqscan: "on" },
      ]);
    });

    test("of what writes leaves nothing behind, also inside of a transaction", async () => {
      const plan = await explain(db, db.delete(items).where(eq(items.kind, 7)));
      expect(plan.steps[0]).toMatchObject({ operation: "ModifyTable", table: itemsName });
      await db.transaction(async (tx) => {
        await explain(db, tx.delete(items));
        expect(await count()).toBe(3000);
      });
      expect(await count()).toBe(3000);
    });

    test("can do without running the query", async () => {
      const plan = await explain(db, "select pg_sleep(60)", { isRun: false });
      expect(plan).toMatchObject({ duration: undefined });
      expect(plan.steps[0]).toMatchObject({ rows: undefined, duration: undefined });
      expect(plan.text).toBe("Result (1 expected)");
    });

    test("is refused in production, unless it is forced", async () => {
      const production = { environment: "production" };
      await expect(explain(db, "select 1", production)).rejects.toMatchObject({ code: "M033" });
      const forced = await explain(db, "select 1", { ...production, isForced: true });
      expect(forced.steps).toHaveLength(1);
    });

    test("is of one statement, whatever its text looks like", async () => {
      for (const text of [
        `select 1; drop table ${itemsName}`,
        `select 1 /* ; */ ; commit; drop table ${itemsName}`,
        `select ';' ; select 2`,
      ]) {
        await expect(explain(db, text)).rejects.toMatchObject({ code: "M033" });
      }
      for (const text of ["select ';' as a;", "select 1 -- ; select 2", "select $$;x$$ ; "]) {
        expect((await explain(db, text)).steps).toHaveLength(1);
      }
      await expect(explain(db, "select nothing")).rejects.toThrow('column "nothing"');
      expect(await count()).toBe(3000);
    });
  });
});

/** What is alike in the other dialects. */
function smallTables(open: () => Promise<Engine>): () => Engine {
  let engine: Engine | undefined;
  const found = (): Engine => engine as Engine;
  beforeAll(async () => {
    engine = await open();
    await engine.query(
      `create table ${itemsName} (id integer primary key, name varchar(20), kind int)`,
    );
    await engine.query(`create table ${partsName} (id integer primary key, item int)`);
    await engine.query(`create index ${indexName} on ${itemsName} (kind)`);
    const rows = Array.from({ length: 200 }, (_, id) => `(${id}, 'n${id}', ${id % 50})`);
    await engine.query(`insert into ${itemsName} values ${rows.join(", ")}`);
    await engine.query(`insert into ${partsName} values (1, 1), (2, 2)`);
  });
  afterAll(async () => {
    await found().query(`drop table ${itemsName}`);
    await found().query(`drop table ${partsName}`);
    await found().close();
  });
  return found;
}

describe.skipIf(mariadb.isSkipped)(`${mariadb.title}: a plan`, () => {
  const engine = smallTables(() => mysqlEngine(mariadb.url));

  test("tells tables, indexes, rows and times", async () => {
    const text = `select * from ${itemsName} where name = ?`;
    const plan = await explain(engine(), { text, values: ["n5"] });
    expect(plan).toMatchObject({ dialect: "mysql", sequentialScans: [itemsName], indexes: [] });
    expect(plan.steps).toMatchObject([{ operation: "ALL", rows: 1, readRows: 200, depth: 0 }]);
    expect(plan.duration).toBeGreaterThan(0);
    expect(plan.text).toContain(`ALL on ${itemsName} (1 rows, 200 read, `);
    const indexed = await explain(engine(), `select * from ${itemsName} where kind = 7`);
    expect(indexed).toMatchObject({ sequentialScans: [], indexes: [indexName] });
    const primary = await explain(engine(), `select * from ${itemsName} where id = 7`);
    expect(primary).toMatchObject({ sequentialScans: [] });
  });

  test("tells what is below a sort, in subqueries and unions", async () => {
    const both = `${partsName} join ${itemsName} i on i.id = item`;
    const sorted = await explain(engine(), `select i.* from ${both} order by i.name limit 3`);
    expect(sorted.steps[0]).toMatchObject({ operation: "filesort", depth: 0 });
    expect(sorted.sequentialScans).toEqual([partsName]);
    const union = `select id from ${itemsName} where name in (select item from ${partsName})`;
    const plan = await explain(engine(), `${union} union select id from ${partsName}`);
    expect(new Set(plan.sequentialScans)).toEqual(new Set([itemsName, partsName]));
  });

  test("of what writes leaves nothing behind, and can do without running", async () => {
    const plan = await explain(engine(), `delete from ${itemsName} where kind = 7`);
    expect(plan.indexes).toEqual([indexName]);
    const { rows } = await engine().query(`select count(*) as n from ${itemsName}`);
    expect(Number(rows[0]?.["n"])).toBe(200);
    const quick = await explain(engine(), `select sleep(60), name from ${itemsName}`, {
      isRun: false,
    });
    expect(quick).toMatchObject({ sequentialScans: [itemsName], duration: undefined });
    expect(quick.steps[0]).toMatchObject({ rows: undefined });
  });
});

describe("SQLite: a plan", () => {
  const engine = smallTables(() => sqliteEngine());

  test("tells tables and indexes", async () => {
    const text = `select * from ${itemsName} where name = ?`;
    const plan = await explain(engine(), { text, values: ["n5"] });
    expect(plan).toMatchObject({ dialect: "sqlite", sequentialScans: [itemsName], indexes: [] });
    expect(plan.text).toBe(`SCAN on ${itemsName}`);
    const indexed = await explain(engine(), `select * from ${itemsName} where kind = 7`);
    expect(indexed).toMatchObject({ sequentialScans: [], indexes: [indexName] });
    expect(indexed.text).toBe(`SEARCH on ${itemsName} using ${indexName}: kind=?`);
    const primary = await explain(engine(), `select * from ${itemsName} where id = 7`);
    expect(primary).toMatchObject({ sequentialScans: [], indexes: [] });
    const covering = await explain(engine(), `select kind from ${itemsName} order by kind`);
    expect(covering).toMatchObject({ sequentialScans: [], indexes: [indexName] });
  });

  test("tells what is below a sort, in subqueries and unions", async () => {
    const union = `select id from ${itemsName} union select id from ${partsName} where item = 1`;
    const plan = await explain(engine(), union);
    expect(plan.steps[0]?.depth).toBe(0);
    expect(plan.sequentialScans).toContain(partsName);
    const sorted = await explain(engine(), `select * from ${partsName} order by item`);
    expect(sorted.text).toBe(`SCAN on ${partsName}\nUSE TEMP B-TREE FOR ORDER BY`);
  });

  test("runs nothing", async () => {
    await explain(engine(), `delete from ${itemsName}`);
    const { rows } = await engine().query(`select count(*) as n from ${itemsName}`);
    expect(Number(rows[0]?.["n"])).toBe(200);
  });
});
