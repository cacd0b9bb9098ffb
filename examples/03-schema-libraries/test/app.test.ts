import { expect, it } from "vitest";
import { testClient } from "martlet/testing";
import { app } from "../app.ts";

it("reads and checks what each library declares", async () => {
  const client = testClient(app);
  const good = await client.post("/shops/north/orders?express=yes", {
    json: { item: "tea", count: 2 },
  });
  expect(await good.json()).toEqual({ shop: "north", count: 2, express: true });

  const bad = await client.post("/shops/n/orders?express=perhaps", {
    json: { item: "", count: 11 },
  });
  const { errors } = (await bad.json()) as { errors: { loc: unknown[] }[] };
  expect(errors.map((each) => each.loc.join("."))).toEqual([
    "body.count",
    "body.item",
    "path.shop",
    "query.express",
  ]);
});
