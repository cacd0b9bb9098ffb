import { expect, it } from "vitest";
import { override, testClient } from "martlet/testing";
import { app, ledger } from "../app.ts";

it("keeps both halves of a transfer, or none", async () => {
  const balances = new Map([["ann", 10]]);
  const client = testClient(app, { overrides: [override(ledger, () => balances)] });
  const good = await client.post("/transfers", { json: { from: "ann", to: "bob", amount: 4 } });
  expect(good.status).toBe(204);
  expect(Object.fromEntries(balances)).toEqual({ ann: 6, bob: 4 });

  const bad = await client.post("/transfers", { json: { from: "ann", to: "bob", amount: 7 } });
  expect(await bad.json()).toMatchObject({ code: "overdrawn", left: 6 });
  expect(Object.fromEntries(balances)).toEqual({ ann: 6, bob: 4 });
});
