import { get, martlet, type Representation, route } from "martlet";
import { client, contractOf } from "martlet/client";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { gallery, gallery32, told } from "./gallery.ts";
import { shop } from "./shop.ts";
import { objections } from "./validity.ts";

describe("a document of OpenAPI 3.2", () => {
  test("says so, and is valid by two opinions", async () => {
    expect(gallery32.openapi().openapi).toBe("3.2.0");
    expect(await objections(gallery32.openapi())).toEqual([]);
    expect(await objections(shop.with({ openapi: { version: "3.2.0" } }).openapi())).toEqual([]);
  });

  test("is asked for, and moved, by the same option", async () => {
    const app = gallery.with({ openapi: { version: "3.2.0", path: "/v3/openapi.json" } });
    const served = await testClient(app).get("/v3/openapi.json");
    expect(await served.json()).toMatchObject({ openapi: "3.2.0" });
    const moved = gallery.with({ openapi: { path: "/moved.json" } });
    expect(await (await testClient(moved).get("/moved.json")).json()).toMatchObject({
      openapi: "3.1.1",
    });
  });

  test("tells methods that 3.1 has no place for", () => {
    const of = (app: typeof gallery) => app.openapi().paths;
    expect(told("", "query", gallery32).operationId).toBe("paintings.search");
    expect(of(gallery32)["/paintings"]?.additionalOperations).toMatchObject({
      PURGE: { operationId: "paintings.purgeAll" },
    });
    expect(of(gallery32)["/paintings/{id}"]?.additionalOperations).toMatchObject({
      PURGE: { operationId: "paintings.purge" },
    });
    expect(of(gallery32)["/paintings/{id}"]?.["get"]).toBeDefined();
    expect(JSON.stringify(of(gallery))).not.toMatch(/purge|search|additionalOperations/i);
  });

  test("tells two paths of one shape and method apart", () => {
    const purge = route("PURGE");
    const app = martlet(
      {
        one: purge("/{name}", { path: { name: z.string() } }, () => null),
        rest: purge("/{path*}", { path: { path: z.string() } }, () => null),
      },
      { openapi: { version: "3.2.0" } },
    );
    expect(Object.keys(app.openapi().paths)).toEqual(["/{name}", "/{path}"]);
  });

  test("tells all there is of tags and servers; 3.1 only what it has words for", () => {
    const { tags, servers } = gallery32.openapi();
    expect(tags?.[0]).toMatchObject({ summary: "Paintings", parent: "art", kind: "nav" });
    expect(servers?.[0]).toHaveProperty("name", "production");
    const older = gallery.openapi();
    expect(older.tags?.[0]).toEqual({
      name: "paintings",
      description: "Oil.",
      externalDocs: { url: "https://gallery.test/oil" },
      "x-displayName": "Paintings",
    });
    expect(older.servers?.[0]).not.toHaveProperty("name");
    expect(told("", "post").servers?.[0]).not.toHaveProperty("name");
    expect(told("", "post", gallery32).servers?.[0]).toHaveProperty("name", "desk");
  });

  test("tells the items of what comes item by item", async () => {
    const { app } = itemised;
    const { content } = app.openapi().paths["/"]?.["get"]?.responses["200"] ?? {};
    expect(content).toEqual({
      "application/jsonl": { itemSchema: { $ref: "#/components/schemas/Item" } },
    });
    const found = await objections(app.openapi());
    expect(found.filter((each) => each.startsWith("specification"))).toEqual([]);
  });

  test("lets clients of Martlet call any method", async () => {
    expect(contractOf(gallery32.openapi())["paintings.purgeAll"]).toEqual({
      method: "PURGE",
      path: "/paintings",
    });
    const api = client<typeof gallery>("http://gallery.test", {
      openapi: gallery32.openapi(),
      fetch: (request) => gallery32.fetch(new Request(request)),
    });
    const answer = await api.paintings.search({ body: { words: "sea" } });
    expect(answer).toMatchObject({ ok: true, data: [] });
  });
});

const Item = z.object({ name: z.string() });
/** What a stream says of itself: the whole for 3.1, its items for 3.2. */
const lines: Representation<readonly unknown[], unknown> = {
  describe: ({ schema }) => ({
    "application/jsonl": { schema: schema(Item), itemSchema: schema(Item) },
  }),
  compile: () => () => {
    throw new Error("nobody asks");
  },
};
const itemised = {
  app: martlet(
    { Item, list: get("/", { returns: lines }, () => []) },
    { openapi: { version: "3.2.0" } },
  ),
};
