import { expect, it } from "vitest";
import { testClient } from "martlet/testing";
import { app } from "../app.ts";

it("keeps birds", async () => {
  const { api } = testClient(app);
  const created = await api.birds.create({ body: { name: "martin", wingspan: 33 } });
  expect(created).toMatchObject({ ok: true, status: 201, data: { id: 2, name: "martin" } });
  await api.birds.rename({ id: 2, body: { name: "house martin" } });
  expect(await api.birds.list({ q: "house" })).toMatchObject({ data: [{ name: "house martin" }] });
  expect(await api.birds.release({ id: 2 })).toMatchObject({ ok: true, status: 204 });
  expect(await api.birds.read({ id: 2 })).toMatchObject({
    error: { code: "bird-not-found", id: 2 },
  });
});

it("names everything that is wrong with a bird", async () => {
  const answer = await testClient(app).post("/birds", { json: { name: "", wingspan: -1 } });
  expect(answer.status).toBe(422);
  const { errors } = (await answer.json()) as { errors: { loc: unknown }[] };
  expect(errors.map((each) => each.loc)).toEqual([
    ["body", "name"],
    ["body", "wingspan"],
  ]);
});
