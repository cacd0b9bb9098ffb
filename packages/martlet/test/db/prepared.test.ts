import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { Faults, get, martlet, post } from "martlet";
import { database, Duplicate, prepared, recordStatements, transaction } from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { postgres } from "./engines.ts";
import { openDatabase } from "./opened.ts";
import { markedLine } from "./watch/watched.ts";

const { url, isSkipped, title } = postgres;
const suffix = randomBytes(5).toString("hex");
const items = pgTable(`prepared_${suffix}`, { id: integer().primaryKey(), name: text() });

describe.skipIf(isSkipped)(`${title}: prepared queries`, () => {
  let tables: Awaited<ReturnType<typeof openDatabase>>;
  beforeAll(async () => {
    tables = await openDatabase({ url });
    await tables.db.execute(sql`create table ${items} (id int primary key, name text)`);
    await tables.db.insert(items).values({ id: 1, name: "one" });
  });
  afterAll(async () => {
    await tables.db.execute(sql`drop table ${items}`);
    await tables.close();
  });

  let written = 0;
  // One connection, so that what it has prepared can be looked at.
  const db = database({ url, pool: { max: 1 } });
  const queries = prepared(db, (db) => {
    written += 1;
    const id = sql.placeholder("id");
    return {
      byId: db.select().from(items).where(eq(items.id, id)).prepare(`by_id_${suffix}`),
      add: db
        .insert(items)
        .values({ id, name: sql.placeholder("name") })
        .prepare(`add_${suffix}`),
    };
  });
  const path = { id: z.int() };
  const read = get("/{id}", { path, use: { queries } }, async ({ id, queries }) => {
    const found = await queries.byId.execute({ id }); // read
    expectTypeOf(found).toEqualTypeOf<{ id: number; name: string | null }[]>();
    return found[0] ?? null;
  });
  const add = post(
    "/{id}",
    { path, use: { queries }, throws: [Duplicate] },
    async ({ id, queries }) => void (await queries.add.execute({ id, name: "new" })),
  );
  const undo = post(
    "/{id}/undo",
    { path, use: { db: transaction(db), queries } },
    async (given) => {
      await given.queries.add.execute({ id: given.id, name: "undone" });
      const [seen] = await given.queries.byId.execute({ id: given.id });
      throw new Error(`${seen?.name} is not kept`);
    },
  );
  const named = get("/", { use: { db } }, async ({ db }) => {
    const text = "select name from pg_prepared_statements where name like $1 order by name";
    return (await db.$engine.query(text, [`%${suffix}`])).rows;
  });

  test("are written once, and known to the database by their names", async () => {
    await using client = testClient(martlet({ read, named }));
    written = 0;
    for (let count = 0; count < 3; count += 1) {
      expect(await (await client.get("/1")).json()).toEqual({ id: 1, name: "one" });
    }
    expect(await (await client.get("/2")).json()).toBeNull();
    expect(written).toBe(1);
    expect(await (await client.get("/")).json()).toEqual([{ name: `by_id_${suffix}` }]);
  });

  test("are those of the call that runs them: counted, with its place and problems", async () => {
    await using client = testClient(martlet({ read, add }));
    const { statements } = await recordStatements(() => client.get("/1"));
    expect(statements).toMatchObject([
      {
        route: "GET /{id}",
        place: expect.stringContaining(markedLine(import.meta.filename, "read")) as string,
      },
    ]);
    const refused = await client.post("/1");
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "duplicate" });
  });

  test("are part of the transaction that runs", async () => {
    await using client = testClient(martlet({ undo, read }), { raise: false });
    expect((await client.post("/7/undo")).status).toBe(500);
    expect(client.reports[0]?.error).toMatchObject({ message: "undone is not kept" });
    expect(await (await client.get("/7")).json()).toBeNull();
  });

  test("cannot be written in a transaction that ends before the application does", () => {
    const inside = prepared(transaction(db), (tx) => ({ all: tx.select().from(items) }));
    const app = martlet({ wrong: get("/", { use: { inside } }, () => null) });
    expect(() => app.ready()).toThrow(Faults);
    expect(() => app.ready()).toThrow("M007");
  });
});
