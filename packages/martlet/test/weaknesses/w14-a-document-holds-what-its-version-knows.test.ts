/**
 * W14: FastAPI writes `itemSchema`, which only OpenAPI 3.2 has, into documents of 3.1.
 */
import { get, martlet, type Representation, route } from "martlet";
import { expect, test } from "vitest";
import { z } from "zod";
import { objections } from "../openapi/validity.ts";

const Item = z.object({ name: z.string() });
const lines: Representation<AsyncIterable<unknown>, unknown> = {
  describe: ({ schema }) => ({
    "application/jsonl": { schema: schema(Item), itemSchema: schema(Item) },
  }),
  compile: () => () => {
    throw new Error("nobody asks");
  },
};
const app = martlet(
  {
    Item,
    stream: get(
      "/stream",
      { query: { q: z.string() }, returns: lines, tags: ["all"] },
      async function* () {},
    ),
    search: route("QUERY")("/search", { body: Item, tags: ["all"] }, () => []),
  },
  {
    servers: [{ url: "https://shop.test", name: "only 3.2 has this" }],
    license: { name: "MIT", identifier: "MIT" },
    tags: [{ name: "all", description: "All of it.", summary: "All", kind: "nav" }],
  },
);

test("W14: a document of OpenAPI 3.1 holds nothing that only 3.2 knows", async () => {
  const document = app.openapi();
  expect(document.openapi).toBe("3.1.1");
  expect(JSON.stringify(document)).not.toMatch(/itemSchema|additionalOperations|"query":\{|"kind"/);
  expect(document.paths["/stream"]?.["get"]?.responses["200"]?.content).toEqual({
    "application/jsonl": { schema: { $ref: "#/components/schemas/Item" } },
  });
  expect(await objections(document)).toEqual([]);
});

test("W14: OpenAPI 3.2 is there for those who want it", async () => {
  const document = app.with({ openapi: { version: "3.2.0" } }).openapi();
  expect(document.openapi).toBe("3.2.0");
  expect(document.paths["/stream"]?.["get"]?.responses["200"]?.content).toEqual({
    "application/jsonl": { itemSchema: { $ref: "#/components/schemas/Item" } },
  });
  expect(document.paths["/search"]).toHaveProperty("query");
  expect(await objections(document)).toEqual([]);
});

test("W14: the validators would find it", async () => {
  const mixed = { ...app.with({ openapi: { version: "3.2.0" } }).openapi(), openapi: "3.1.1" };
  const found = await objections(mixed);
  expect(found.map((each) => each.split(":")[0])).toContain("specification");
});
