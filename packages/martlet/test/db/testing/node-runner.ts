/**
 * Tests for Node's own runner, which `hooks.test.ts` runs: with a test database in its hooks.
 *
 * @module
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { database } from "martlet/db";
import { useTestDatabase } from "martlet/db/testing";

const db = database({ url: "sqlite:", dialect: "sqlite" });
const hooks = { beforeAll: before, beforeEach, afterEach, afterAll: after };
const tested = useTestDatabase(hooks, db, {
  prepare: ({ $engine }) => $engine.query("create table items (id integer primary key)"),
});

for (const number of [1, 2]) {
  void test(`number ${number} finds nothing`, async () => {
    await tested.engine.query("insert into items values (1)");
    assert.equal((await tested.engine.query("select * from items")).rowCount, 1);
  });
}
