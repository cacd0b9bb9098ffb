import { get, martlet } from "martlet";
import { ascending, column, cursorPage, descending, type Dialect, type Ordering } from "martlet/db";
import { testClient } from "martlet/testing";
import { createConnection } from "mysql2/promise";
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgres } from "../engines.ts";
import { mariaTitle, mariaUrl } from "./stores.ts";

const a = column("a", "integer");
const b = column("b", "integer", { unique: true });

/** The query of a page after the row with `a` 500 and `b` 5003, its values written into it. */
async function queryOf(
  table: string,
  dialect: Dialect,
  by: readonly Ordering<typeof a>[],
): Promise<string> {
  let query = "";
  const page = cursorPage({ by, dialect });
  const list = get("/", { use: { page } }, ({ page }) => {
    const { where, orderBy, values } = page.text();
    const left = [...values];
    const condition = where.replaceAll(/\$\d+|\?/g, () => String(left.shift()));
    query = `select * from ${table} where ${condition} order by ${orderBy} limit ${page.limit}`;
    return page.of([
      { a: 500, b: 5003 },
      { a: 500, b: 5004 },
    ]);
  });
  const client = testClient(martlet({ list }));
  const { next } = (await (await client.get("/?limit=1")).json()) as { next: string };
  await client.get(`/?limit=20&cursor=${next}`);
  return query;
}

const orders: readonly [string, readonly Ordering<typeof a>[]][] = [
  ["in one direction", [ascending(a), ascending(b)]],
  ["in one direction, downwards", [descending(a), descending(b)]],
  ["in both directions", [ascending(a), descending(b)]],
];

describe("a page in the middle of a long list", () => {
  const table = `keyset_${randomUUID().slice(0, 8)}`;

  describe(`on ${postgres.title}`, () => {
    const client = new Client({ connectionString: postgres.url });
    beforeAll(async () => {
      if (postgres.isSkipped) return;
      await client.connect();
      await client.query(`create temporary table "${table}" as
        select i / 10 as a, i as b from generate_series(1, 10000) i`);
      await client.query(`create index on "${table}" (a, b)`);
      await client.query(`create index on "${table}" (a, b desc)`);
      await client.query(`analyze "${table}"`);
    });
    afterAll(() => (postgres.isSkipped ? undefined : client.end()));

    it.skipIf(postgres.isSkipped).each(orders)("is found in an index, %s", async (_title, by) => {
      const query = await queryOf(`"${table}"`, "postgresql", by);
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        `explain (analyze, costs off, timing off, summary off) ${query}`,
      );
      const plan = rows.map((each) => each["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/Index (?:Only )?Scan/);
      expect(plan).toContain("Index Cond");
      expect(plan).not.toContain("Sort");
      const removed = /Rows Removed by Filter: (\d+)/.exec(plan)?.[1] ?? "0";
      expect(Number(removed)).toBeLessThan(20);
    });
  });

  describe(`on ${mariaTitle.title}`, () => {
    let client: Awaited<ReturnType<typeof createConnection>>;
    beforeAll(async () => {
      if (mariaTitle.isSkipped) return;
      client = await createConnection({ uri: mariaUrl });
      await client.query(
        `create temporary table \`${table}\` (a int not null, b int not null, key (a, b))`,
      );
      await client.query(`insert into \`${table}\` select seq div 10, seq from seq_1_to_10000`);
    });
    afterAll(() => client?.end());

    it.skipIf(mariaTitle.isSkipped).each(orders.slice(0, 2))(
      "is found in an index, %s",
      async (_title, by) => {
        const query = await queryOf(`\`${table}\``, "mysql", by);
        await client.query("flush status");
        await client.query(query);
        const [rows] = await client.query("show session status like 'Handler_read%'");
        const read = (rows as { Value: string }[]).map(({ Value }) => Number(Value));
        expect(read.reduce((sum, each) => sum + each, 0)).toBeLessThan(50);
      },
    );
  });
});
