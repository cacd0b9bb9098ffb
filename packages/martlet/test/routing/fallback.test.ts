import { get, martlet, post } from "martlet";
import { testClient } from "martlet/testing";
import { expect, test } from "vitest";
import { z } from "zod";

test("a fallback is a route like any other, but the last to be asked", async () => {
  const rest = { path: { rest: z.string() }, fallback: true } as const;
  const app = martlet({
    lost: get("/{rest*}", rest, ({ rest }) => `lost ${rest}`),
    items: get("/items/{id}", { path: { id: z.int() } }, ({ id }) => id),
    write: post("/items", {}, () => null),
  });
  await using client = testClient(app);
  expect(await (await client.get("/nowhere")).json()).toBe("lost nowhere");
  expect(await (await client.get("/items/7")).json()).toBe(7);
  expect((await client.get("/items/7/")).status).toBe(307);
  expect((await client.get("/items")).headers.get("allow")).toBe("OPTIONS, POST");
  expect((await client.head("/nowhere")).status).toBe(200);
  expect((await client.put("/nowhere")).headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  expect(Object.keys(app.openapi().paths)).toContain("/{rest}");
  const twice = martlet({
    a: get("/{a*}", rest as never, () => 1),
    b: get("/{b*}", rest as never, () => 2),
  });
  expect(() => twice.ready()).toThrow("M001");
});
