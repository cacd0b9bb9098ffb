import { defineRelations, eq, sql } from "drizzle-orm";
import { Fault, get, martlet, websocket } from "martlet";
import { database, type RepeatedStatement, transaction, type WatchOptions } from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { postgres } from "../engines.ts";
import { openDatabase } from "../opened.ts";
import { markedLine, randomTable } from "./watched.ts";

const { url, isSkipped, title } = postgres;
const items = randomTable();
const relations = defineRelations({ items });

function times<T>(length: number, each: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => each(index));
}

describe.skipIf(isSkipped)(`${title}: a statement that is made again and again`, () => {
  const lines: string[] = [];
  let tables: Awaited<ReturnType<typeof openDatabase>>;
  beforeAll(async () => {
    tables = await openDatabase({ url });
    await tables.db.execute(sql`create table ${items} (id int primary key, name text)`);
  });
  afterAll(async () => {
    await tables.db.execute(sql`drop table ${items}`);
    await tables.close();
  });
  beforeEach(() => {
    lines.length = 0;
  });

  function application(options: WatchOptions & { readonly environment?: string } = {}) {
    const notice = (line: string): void => void lines.push(line);
    const db = database({ url, relations, notice, slow: 0, ...options });
    const signature = { query: { n: z.int() }, use: { db } };
    const byId = (id: number) => eq(items.id, id);
    const loop = get("/loop", signature, async ({ db, n }) => {
      for (const id of times(n, Number)) {
        await db.select().from(items).where(byId(id)); // loop
      }
    });
    const together = get("/together", signature, async ({ db, n }) => {
      await Promise.all(times(n, (id) => db.query.items.findFirst({ where: { id } }))); // together
    });
    const allowed = get("/allowed", signature, async ({ db, n }) => {
      await db.$engine.allowRepeats(() =>
        Promise.all(times(n, (id) => db.select().from(items).where(byId(id)))),
      );
      for (const _ of times(n, Number))
        await db.$engine.allowRepeats(() => db.select().from(items));
    });
    const inner = { ...signature, use: { db: transaction(db) } };
    const whole = get("/whole", inner, async ({ db, n }) => {
      for (const id of times(n, Number)) await db.$engine.query("select $1::int", [id]);
    });
    const write = get("/write", signature, async ({ db, n }) => {
      await db.transaction(async (tx) => {
        for (const id of times(n, Number)) await tx.insert(items).values({ id }); // write
        await tx.delete(items);
      });
    });
    const retried = get("/retried", signature, async ({ db, n }) => {
      let attempts = 0;
      await db.$engine.transaction(
        async () => {
          for (const _ of times(5, Number)) await db.$engine.query("select 'anew'");
          attempts += 1;
          if (attempts <= n) await db.$engine.query("do $$ begin raise sqlstate '40001'; end $$");
        },
        { retries: n },
      );
    });
    const socket = websocket(
      "/socket",
      { receives: z.int(), sends: z.int(), use: { db } },
      async (given) => {
        for await (const id of given.socket) {
          await given.db.select().from(items).where(byId(id));
          await given.socket.send(id);
        }
      },
    );
    const app = martlet(
      { loop, together, allowed, whole, write, retried, socket },
      { lifespan: db },
    );
    return testClient(app);
  }

  async function failure(work: Promise<unknown>): Promise<Fault> {
    const error = await work.then(
      () => undefined,
      (each: unknown) => each,
    );
    expect(error).toBeInstanceOf(Fault);
    return error as Fault;
  }

  test("fails in tests, and says what to do", async () => {
    await using client = application();
    expect((await client.get("/loop?n=5")).status).toBe(200);
    const fault = await failure(client.get("/loop?n=6"));
    expect(fault).toMatchObject({
      code: "M032",
      message: expect.stringContaining("the same statement more than 5 times: select ") as unknown,
      hint: expect.stringContaining("db.$engine.allowRepeats(") as unknown,
    });
    const place = expect.stringContaining(markedLine(import.meta.filename, "loop")) as unknown;
    expect(fault.trail).toEqual(["GET /loop", place]);
    expect(lines).toEqual([]);
  });

  test("fails when all are made at one time, and in a transaction, which goes on", async () => {
    await using client = application();
    const fault = await failure(client.get("/together?n=6"));
    expect(fault.trail[1]).toContain(markedLine(import.meta.filename, "together"));
    expect((await failure(client.get("/whole?n=6"))).trail[0]).toBe("GET /whole");
    expect((await client.get("/whole?n=5")).status).toBe(200);
  });

  test("is left alone where that is allowed, or nobody counts", async () => {
    await using client = application();
    expect((await client.get("/allowed?n=20")).status).toBe(200);
    const socket = await client.socket("/socket");
    for (const id of times(20, Number)) {
      socket.send(id);
      expect(await socket.receive()).toBe(id);
    }
    socket.close();
    for (const options of [{ repeats: 0 }, { repeats: 20 }, { onRepeats: false } as const]) {
      await using other = application(options);
      expect((await other.get("/loop?n=20")).status).toBe(200);
    }
    await using production = application({ environment: "production" });
    expect((await production.get("/loop?n=20")).status).toBe(200);
    for (const id of times(20, Number))
      await tables.db.select().from(items).where(eq(items.id, id));
    expect(lines).toEqual([]);
  });

  test("is not counted twice when a transaction is run anew", async () => {
    await using client = application();
    expect((await client.get("/retried?n=3")).status).toBe(200);
  });

  test("is only told when it writes", async () => {
    await using client = application();
    for (const _ of times(3, Number)) {
      expect((await client.get("/write?n=8")).status).toBe(200);
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("M032 A request makes the same statement more than 5 times: insert");
    expect(lines[0]).toContain(`GET /write > ${markedLine(import.meta.filename, "write")}`);
    expect(lines[0]).toContain("Write all rows with one statement");
  });

  test("is told once in development", async () => {
    for (const environment of ["development", "staging"]) {
      lines.length = 0;
      await using client = application({ environment });
      for (const _ of times(3, Number)) {
        expect((await client.get("/loop?n=20")).status).toBe(200);
      }
      expect((await client.get("/together?n=20")).status).toBe(200);
      expect(lines.map((line) => line.split("\n")[1]?.split(" > ")[0])).toEqual([
        "  at GET /loop",
        "  at GET /together",
      ]);
    }
  });

  test("goes to a function that wants it, once for each request", async () => {
    const found: RepeatedStatement[] = [];
    const onRepeats = (statement: RepeatedStatement): void => void found.push(statement);
    await using client = application({ onRepeats, repeats: 2 });
    for (const path of ["/loop?n=20", "/loop?n=2", "/loop?n=3", "/write?n=3"])
      await client.get(path);
    expect(found.map(({ route, count, isWrite }) => ({ route, count, isWrite }))).toEqual([
      { route: "GET /loop", count: 3, isWrite: false },
      { route: "GET /loop", count: 3, isWrite: false },
      { route: "GET /write", count: 3, isWrite: true },
    ]);
  });
});
