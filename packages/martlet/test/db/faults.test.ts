import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { get, martlet, post } from "martlet";
import { database, type Engine, transaction } from "martlet/db";
import { listen } from "martlet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { postgres } from "./engines.ts";
import { comesTrue } from "./process.ts";
import { type Wire, wireTo } from "./proxy.ts";

const table = `faults_${randomBytes(5).toString("hex")}`;

/** An application on the far side of a wire. */
async function start(wire: Wire) {
  const url = postgres.url.replace(":5432", `:${wire.port}`);
  const lines: string[] = [];
  const db = database({
    url,
    statementTimeout: 1000,
    pool: { max: 5, connectTimeout: 500 },
    notice: (line) => lines.push(line),
  });
  let engine: Engine | undefined;
  const read = get("/{id}", { path: { id: z.int() }, use: { db } }, async ({ id, db }) => {
    engine = db.$engine;
    return (await db.$engine.query(`select * from ${table} where id = $1`, [id])).rows;
  });
  const add = post("/", { body: z.int(), use: { db: transaction(db) } }, async ({ body, db }) => {
    await db.$engine.query(`insert into ${table} values ($1, 0)`, [body]);
    return (await db.$engine.query(`select count(*)::int as n from ${table}`)).rows;
  });
  const slow = post("/slow", { use: { db: transaction(db) } }, async ({ db }) => {
    await db.$engine.query(`update ${table} set value = value + 1 where id = 0`);
    await db.$engine.query("select pg_sleep(0.2)");
  });
  const reports: unknown[] = [];
  const app = martlet({ read, add, slow }, { report: ({ error }) => reports.push(error) });
  const server = await listen(app, { port: 0 });
  const ask = async (path: string, json?: unknown): Promise<number> => {
    const headers = { "content-type": "application/json" };
    const sent = json === undefined ? {} : { method: "POST", headers, body: JSON.stringify(json) };
    const response = await fetch(`${server.url}${path}`, sent);
    await response.arrayBuffer();
    return response.status;
  };
  return { server, ask, lines, reports, engine: () => engine as Engine };
}

describe.skipIf(postgres.isSkipped)(`an application on ${postgres.title}`, () => {
  let wire: Wire;
  let app: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    wire = await wireTo(5432);
    app = await start(wire);
    const direct = database({ url: postgres.url });
    const make = martlet({
      make: get("/", { use: { db: direct } }, async ({ db }) => {
        await db.execute(`create table ${table} (id int primary key, value int not null)`);
        await db.execute(`insert into ${table} values (0, 0)`);
      }),
    });
    await make.fetch(new Request("http://localhost/"));
    await make.stop();
    await app.ask("/0");
  }, 30_000);
  afterAll(async () => {
    await app.engine().query(`drop table ${table}`);
    await app.server.stop();
    await wire.close();
  });

  test("answers 503 while its server is away, and goes on when it is back", async () => {
    const statuses: number[] = [];
    let next = 1;
    const end = new AbortController();
    const written: number[] = [];
    const work = async (): Promise<void> => {
      while (!end.signal.aborted) {
        const id = next;
        next += 1;
        const status = await (id % 2 === 0 ? app.ask("/0") : app.ask("/", id));
        if (id % 2 === 1 && status === 200) written.push(id);
        statuses.push(status);
        await sleep(2);
      }
    };
    const workers = Array.from({ length: 8 }, work);
    await sleep(200);
    await wire.cut();
    await sleep(300);
    const during = statuses.length;
    await wire.mend();
    expect(
      await comesTrue(() => statuses.slice(during).filter((each) => each === 200).length > 50),
    ).toBe(true);
    end.abort();
    await Promise.all(workers);
    // None got anything but an answer or a 503, and what was answered as written is there.
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    const { rows } = await app.engine().query(`select id from ${table} where id > 0`);
    const there = new Set(rows.map((each) => each["id"]));
    expect(written.filter((id) => !there.has(id))).toEqual([]);
    expect(app.reports).toEqual([]);
    // A connection that works may be between two that are lost, and says no more than that.
    const told = app.lines.filter((line) => !line.startsWith("A database connection was lost"));
    expect(told[0]).toMatch(/^The database cannot be reached: /);
    expect(told.at(-1)).toBe("The database can be reached again");
    expect(told.length).toBeLessThan(10);
  }, 20_000);

  test("answers 503 within the limit when nothing is heard of its server", async () => {
    wire.hold(true);
    const from = performance.now();
    const statuses = await Promise.all(Array.from({ length: 12 }, () => app.ask("/0")));
    const took = performance.now() - from;
    expect(new Set(statuses)).toEqual(new Set([503]));
    // The server's second, the grace after it, and half a second for those that found no connection.
    expect(took).toBeLessThan(4500);
    expect(await app.engine().health({ timeout: 100 })).toMatchObject({ isUp: false });
    wire.hold(false);
    expect(await comesTrue(async () => (await app.ask("/0")) === 200)).toBe(true);
    expect(await app.engine().health()).toMatchObject({ isUp: true });
  }, 20_000);

  test("lets go of every connection when its clients go, whatever they ask for", async () => {
    const { port } = new URL(app.server.url);
    const before = (await app.engine().query(`select value from ${table} where id = 0`)).rows[0]?.[
      "value"
    ];
    const leave = async (): Promise<void> => {
      const socket = connect(Number(port), "127.0.0.1");
      await once(socket, "connect");
      socket.write("POST /slow HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n");
      await sleep(Math.random() * 30);
      socket.destroy();
    };
    const total = 2000;
    for (let done = 0; done < total; done += 100) {
      await Promise.all(Array.from({ length: 100 }, leave));
    }
    const pool = () => app.engine().pool();
    expect(await comesTrue(() => pool().waiting === 0 && pool().idle === pool().total)).toBe(true);
    const idle = await app
      .engine()
      .query(
        `select count(*)::int as n from pg_stat_activity where state like 'idle in transaction%' and query like '%${table}%'`,
      );
    expect(idle.rows).toEqual([{ n: 0 }]);
    // A slow change that nobody waited for did not take place.
    const after = (await app.engine().query(`select value from ${table} where id = 0`)).rows[0]?.[
      "value"
    ];
    expect(after).toBe(before);
    expect(await app.ask("/0")).toBe(200);
    expect(app.reports).toEqual([]);
  }, 60_000);
});
