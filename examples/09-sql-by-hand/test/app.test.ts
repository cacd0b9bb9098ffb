import { useTestDatabase } from "martlet/db/testing";
import { testClient } from "martlet/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { app, db } from "../app.ts";

const tested = useTestDatabase({ beforeAll, beforeEach, afterEach, afterAll }, db, {
  prepare: (db) =>
    db.execute(`
      create table accounts (owner text primary key, balance int not null);
      create table transfers (id int primary key generated always as identity,
        "from" text not null, "to" text not null, amount int not null);
    `),
  seed: (db) => db.execute("insert into accounts values ('ann', 10), ('bob', 0)"),
});

const transfers = async (): Promise<number> =>
  (await tested.engine.query("select 1 from transfers")).rowCount;

test("a transfer is one transaction of Drizzle, Kysely and SQL by hand", async () => {
  await using client = testClient(app, { overrides: [tested.override] });
  const made = await client.api.transfer({ body: { from: "ann", to: "bob", amount: 4 } });
  expect(made.ok).toBe(true);
  const data = [
    { owner: "ann", balance: 6 },
    { owner: "bob", balance: 4 },
  ];
  expect(await client.api.richest({ atLeast: 1 })).toMatchObject({ data });
  expect(await transfers()).toBe(1);
});

test.each([
  [{ from: "ann", to: "bob", amount: 11 }, "overdrawn"],
  [{ from: "nobody", to: "bob", amount: 1 }, "account-not-found"],
  [{ from: "ann", to: "nobody", amount: 1 }, "account-not-found"],
])("what ends in a problem leaves nothing: %j", async (body, code) => {
  await using client = testClient(app, { overrides: [tested.override] });
  expect(await client.api.transfer({ body })).toMatchObject({ error: { code } });
  expect(await client.api.read({ owner: "ann" })).toMatchObject({ data: { balance: 10 } });
  expect(await client.api.read({ owner: "bob" })).toMatchObject({ data: { balance: 0 } });
  expect(await transfers()).toBe(0);
});

test("a value never becomes part of the statement", async () => {
  await using client = testClient(app, { overrides: [tested.override] });
  const owner = "' or true --";
  expect(await client.api.read({ owner })).toMatchObject({ error: { owner } });
});
