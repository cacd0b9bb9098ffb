import assert from "node:assert/strict";
import { test } from "node:test";
import { testClient } from "martlet/testing";
import { app } from "../src/app.ts";

test("a new bird is found", async () => {
  const { api } = testClient(app);
  const martin = { name: "martin", wingspan: 33 };
  const created = await api.create({ body: martin });
  assert.equal(created.status, 201);
  const found = await api.list({ q: "mart" });
  assert.deepEqual(found.ok && found.data, [martin]);
});

test("a name is taken only once", async () => {
  const { api } = testClient(app);
  const again = await api.create({ body: { name: "swift", wingspan: 40 } });
  assert.equal(!again.ok && again.error.code, "bird-exists");
});

test("everything that is wrong with a bird is told", async () => {
  const client = testClient(app);
  const answer = await client.post("/birds", { json: { name: "", wingspan: -1 } });
  assert.equal(answer.status, 422);
  const { errors } = (await answer.json()) as { errors: unknown[] };
  assert.equal(errors.length, 2);
});
