import { expect, it } from "vitest";
import { testClient } from "martlet/testing";
import { app } from "../app.ts";

it.each([
  ["a stranger", {}, { text: "" }, 401],
  ["a wrong key", { "x-api-key": "nobody's" }, { text: "" }, 401],
  ["a reader", { "x-api-key": "key-of-bob" }, { text: "" }, 403],
  ["a writer, without a text", { "x-api-key": "key-of-ann" }, { text: "" }, 422],
  ["a writer", { "x-api-key": "key-of-ann" }, { text: "hello" }, 201],
] as const)("answers %s", async (_who, headers, json, status) => {
  expect((await testClient(app).post("/notes", { headers, json })).status).toBe(status);
});

it("shows a caller's name, and nothing else of it", async () => {
  const answer = await testClient(app).get("/me", { headers: { "x-api-key": "key-of-bob" } });
  expect(await answer.json()).toEqual({ name: "bob" });
});
