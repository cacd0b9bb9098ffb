import { expect, it } from "vitest";
import { testClient } from "martlet/testing";
import { app } from "../app.ts";

it("tells everybody in a room what anybody says", async () => {
  await using client = testClient(app);
  const ann = await client.api.rooms.talk({ id: "tea", name: "ann" });
  expect(await ann.receive()).toEqual({ kind: "came", by: "ann" });
  ann.send({ text: " hello " });
  expect(await ann.receive()).toEqual({ kind: "said", by: "ann", text: "hello" });

  const bob = await client.api.rooms.talk({ id: "tea", name: "bob" });
  expect(await bob.receive()).toEqual({ kind: "said", by: "ann", text: "hello" });
  expect(await bob.receive()).toEqual({ kind: "came", by: "bob" });
  expect(await ann.receive()).toEqual({ kind: "came", by: "bob" });

  const elsewhere = await client.api.rooms.talk({ id: "coffee", name: "eve" });
  expect(await elsewhere.receive()).toEqual({ kind: "came", by: "eve" });
  bob.close();
  expect(await ann.receive()).toEqual({ kind: "left", by: "bob" });
});

it("has one of each name, and says why it closes", async () => {
  await using client = testClient(app);
  await client.api.rooms.talk({ id: "tea", name: "ann" });
  const other = await client.api.rooms.talk({ id: "tea", name: "ann" });
  expect(await other.closed).toEqual({ code: 1008, reason: "name-taken" });
  const silent = await client.api.rooms.talk({ id: "tea", name: "bob" });
  silent.send({ text: "" });
  expect(await silent.closed).toMatchObject({ code: 1008 });
});
