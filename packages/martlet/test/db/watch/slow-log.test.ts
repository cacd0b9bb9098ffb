import { defineRelations, eq, getTableName, sql } from "drizzle-orm";
import { get, martlet } from "martlet";
import { database, kysely, type SlowStatement, transaction } from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { markedLine, randomTable } from "./watched.ts";

const { url, isSkipped, title } = postgres;
const items = randomTable();
const relations = defineRelations({ items });

describe.skipIf(isSkipped)(`${title}: the log of slow statements`, () => {
  const lines: string[] = [];
  const slow: SlowStatement[] = [];
  const options = {
    url,
    relations,
    notice: (line: string) => void lines.push(line),
    onSlow: (statement: SlowStatement) => void slow.push(statement),
  };
  // Whatever takes any time at all.
  const db = database({ ...options, slow: 1e-9 });
  const one = eq(items.id, 1);
  const inRepository = (given: { execute: (text: string) => PromiseLike<unknown> }) =>
    given.execute("select 'repository'"); // repository
  const kdb = kysely<Record<string, { id: number }>>(db);
  const routes = {
    kysely: get("/kysely", { use: { kdb } }, async ({ kdb }) => {
      await kdb.selectFrom(getTableName(items)).select("id").executeTakeFirst(); // kysely
    }),
    select: get("/select", { use: { db } }, async ({ db }) => {
      await db.select().from(items).where(one); // select
    }),
    relation: get("/relation", { use: { db } }, async ({ db }) => {
      await db.query.items.findFirst({ where: { id: 1 } }); // relation
    }),
    replica: get("/replica", { use: { db } }, async ({ db }) => {
      await db.$replica.select().from(items); // replica
    }),
    count: get("/count", { use: { db } }, async ({ db }) => {
      await Promise.all([1, 2].map(() => db.$count(items))); // count
    }),
    inner: get("/inner", { use: { db } }, async ({ db }) => {
      await db.transaction(async (tx) => {
        await tx.update(items).set({ name: "b" }).where(one); // inner
      });
    }),
    whole: get("/whole", { use: { db: transaction(db) } }, async ({ db }) => {
      await db.insert(items).values({ id: 5, name: "secret" }); // whole
      await db.delete(items).where(eq(items.id, 5));
    }),
    hand: get("/hand", { use: { db } }, async ({ db }) => {
      await db.$engine.query("select $1::text", ["secret"]); // hand
    }),
    client: get("/client", { use: { db } }, async ({ db }) => {
      await db.$client.query("select $1::text", ["secret"]); // client
    }),
    repository: get("/repository", { use: { db } }, async ({ db }) => {
      await inRepository(db);
    }),
    returned: get("/returned", { use: { db } }, ({ db }) => db.select().from(items)), // returned
    prepared: get("/prepared", { use: { db } }, async ({ db }) => {
      const prepared = db.select().from(items).where(one).prepare("watched");
      await prepared.execute(); // prepared
    }),
  };
  const client = testClient(martlet(routes));

  let tables: Awaited<ReturnType<typeof openDatabase>>;
  beforeAll(async () => {
    tables = await openDatabase({ url });
    await tables.db.execute(sql`create table ${items} (id int primary key, name text)`);
    await tables.db.insert(items).values({ id: 1, name: "a" });
  });
  afterAll(async () => {
    await client.close();
    await tables.db.execute(sql`drop table ${items}`);
    await tables.close();
  });
  beforeEach(() => {
    lines.length = 0;
    slow.length = 0;
  });

  test.each(Object.keys(routes))("knows the place in the code: %s", async (name) => {
    await client.get(`/${name}`);
    const found = slow.find(({ text }) => !/^(?:begin|commit)$/.test(text));
    expect(found?.place).toContain(markedLine(import.meta.filename, name));
    expect(slow[0]?.route).toBe(`GET /${name}`);
  });

  test("says so where no place is left in the stack", async () => {
    const empty = get("/empty", { use: { db: transaction(db) } }, async ({ db }) => {
      await db.$engine.query("select 1");
    });
    await using tested = testClient(martlet({ empty }));
    await tested.get("/empty");
    const [begin] = lines;
    expect(begin).toMatch(/^Slow statement: \d+ ms, 0 rows, GET \/empty, place not known: begin$/);
  });

  test("looks for places in production only on routes that were slow", async () => {
    const production = database({ ...options, slow: 40, environment: "production" });
    const path = { seconds: z.number() };
    const sleeping = get("/sleep/{seconds}", { path, use: { db: production } }, async (given) => {
      await given.db.execute(sql`select pg_sleep(${given.seconds})`); // sleeping
    });
    await using tested = testClient(martlet({ sleeping }));
    for (const seconds of [0.05, 0.05, 0.05]) await tested.get(`/sleep/${seconds}`);
    const place = expect.stringContaining(markedLine(import.meta.filename, "sleeping")) as unknown;
    expect(slow.map((each) => each.place)).toEqual([undefined, place, place]);
    const [first, second, ...rest] = lines;
    const line = "ms, 1 row, GET /sleep/{seconds},";
    expect(first).toContain(`${line} place not known: select pg_sleep($1)`);
    expect(second).toContain(`${line} ${markedLine(import.meta.filename, "sleeping")}`);
    expect(rest).toEqual([]);
  });

  test("is silent when it is turned off, and about what is fast", async () => {
    for (const limit of [0, 60_000]) {
      const { db: quiet, close } = await openDatabase({ ...options, slow: limit });
      await quiet.execute("select 1");
      await close();
    }
    expect([...lines, ...slow]).toEqual([]);
  });

  test("has one line a minute for what is alike, and tells of how many", async () => {
    const { db: open, close } = await openDatabase({ ...options, slow: 1e-9 });
    const ask = async (): Promise<void> => {
      for (let count = 0; count < 3; count += 1) await open.execute("select 'alike'");
    };
    let later = 0;
    const real = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now").mockImplementation(() => real() + later);
    try {
      await ask();
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(": select ?");
      later = 60_001;
      await ask();
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatch(/: select \? \(and 2 more like it since the last line\)$/);
      expect(slow).toHaveLength(6);
    } finally {
      clock.mockRestore();
      await close();
    }
  });

  test("does not flood whoever reads it", async () => {
    const { db: open, close } = await openDatabase({ ...options, slow: 1e-9 });
    for (let count = 0; count < 100; count += 1) await open.execute(`select 1 as "c${count}"`);
    await close();
    expect(lines).toHaveLength(30);
  });

  test("shortens what is long", async () => {
    const { db: open, close } = await openDatabase({ ...options, slow: 1e-9 });
    const names = Array.from({ length: 100 }, (_, index) => `null as column_${index}`);
    await open.execute(
      `select ${names.join(", ")} where 1 in (1, 2, 3, 4, 5) -- ${"x".repeat(1e6)}`,
    );
    const values = Array.from({ length: 50 }, (_, id) => ({ id: id + 100, name: "secret" }));
    await open.insert(items).values(values);
    await close();
    expect(lines[0]).toMatch(/: select null as column_0, .+ … .+column_99 where \? in \(\?, …\)$/);
    expect(lines[0]?.length).toBeLessThan(400);
    expect(lines[1]).toContain(`into "${getTableName(items)}" ("id", "name") values ($1, …)`);
  });

  test("tells no values, wherever they stand", async () => {
    const app = martlet({
      values: get("/values", { use: { db } }, async ({ db }) => {
        await db.execute(
          sql.raw(`/* 'secret' */ select 'it''s secret', E'\\'secret', $$secret$$, $a$ $$secret$$ $a$,
          4111111111111111, 1.5e3, "name", id from xy -- secret`),
        );
      }),
    });
    const tested = testClient(app, { raise: false });
    await tested.get("/values");
    await tested.close();
    expect(slow[0]).toMatchObject({
      text: 'select ?, ?, ?, ?, ?, ?, "name", id from xy',
      rowCount: undefined,
      error: { code: "42P01" },
      route: "GET /values",
      isInTransaction: false,
      isReplica: false,
    });
    expect(lines[0]).toMatch(/ ms, failed, GET \/values, /);
    expect(lines.join("")).not.toContain("secret");
  });
});
