import { drizzle } from "drizzle-orm/node-postgres";
import { override } from "martlet/testing";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { app } from "../../src/app.ts";
import { type Database, db } from "../../src/database.ts";
import { config } from "../../src/settings.ts";
import { openPool, type RunningConduit, startConduit } from "../conduit.ts";
import { known } from "../people.ts";

let conduit: RunningConduit;
let pool: Pool;
let token = "";
const statements: string[] = [];
beforeAll(async () => {
  conduit = await startConduit();
  ({ token } = await known(conduit, "sam"));
  pool = openPool(conduit.databaseUrl);
});
afterAll(async () => {
  await pool.end();
  await conduit.stop();
});

/** The same application on the same database, which writes down what it asks. */
async function ask(path: string): Promise<unknown> {
  const logger = { logQuery: (sql: string) => void statements.push(sql) };
  const env = { NODE_ENV: "test", DATABASE_URL: conduit.databaseUrl, APP_KEY: conduit.appKey };
  const listening = app.with({
    overrides: [
      override(config, () => config.load({ env })),
      // It stands below no engine, which is not asked for here.
      override(db, () => drizzle({ client: pool, logger }) as unknown as Database),
    ],
  });
  statements.length = 0;
  const headers = { authorization: `Token ${token}` };
  const response = await listening.fetch(new Request(`http://localhost${path}`, { headers }));
  expect(response.status).toBe(200);
  return response.json();
}

test("a list with authors, tags and favourites takes two statements, however long it is", async () => {
  const body = await ask("/api/articles?limit=20");
  expect((body as { articles: unknown[] }).articles).toHaveLength(20);
  expect(statements).toHaveLength(2);
  await ask("/api/articles?tag=birds&author=mira&favorited=sam&limit=100");
  expect(statements).toHaveLength(2);
});

test.each(["/api/articles/the-bird-that-never-lands", "/api/profiles/mira", "/api/tags"])(
  "%s takes one",
  async (path) => {
    await ask(path);
    expect(statements).toHaveLength(1);
  },
);
