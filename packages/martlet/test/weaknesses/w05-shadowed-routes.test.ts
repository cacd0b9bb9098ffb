import { Faults, get, martlet, router } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const id = { path: { id: z.int() } };

describe("FastAPI lets an earlier placeholder shadow a fixed path; Martlet", () => {
  test("finds the fixed path, whichever of the two was declared first", async () => {
    const read = get("/users/{id}", id, ({ id }) => ({ id }));
    const me = get("/users/me", {}, () => "me");
    for (const app of [martlet({ read, me }), martlet({ me, read })]) {
      await served(app, async (url) => {
        expect(await (await fetch(`${url}/users/me`)).json()).toBe("me");
        expect(await (await fetch(`${url}/users/7`)).json()).toEqual({ id: 7 });
      });
    }
  });

  test("finds the longer fixed part also behind a placeholder and before the rest of a path", () =>
    served(
      martlet({
        rest: get("/files/{path*}", { path: { path: z.string() } }, ({ path }) => path),
        meta: get("/files/{id}/meta", id, ({ id }) => ({ id })),
      }),
      async (url) => {
        expect(await (await fetch(`${url}/files/7/meta`)).json()).toEqual({ id: 7 });
        expect(await (await fetch(`${url}/files/7/data`)).json()).toBe("7/data");
      },
    ));
});

describe("FastAPI takes two routes for one path and never runs the second; Martlet", () => {
  test("refuses to start, and names both", () => {
    const items = router("/items", { list: get("/", {}, () => []) });
    const all = get("/items", {}, () => []);
    expect(() => martlet({ items, all }).ready()).toThrow(Faults);
    expect(() => martlet({ items, all }).ready()).toThrow(
      /M001 GET \/items is answered by "items.list" and by "all"/,
    );
  });

  test("refuses two that differ in the name of a placeholder alone", () => {
    const byId = get("/users/{id}", id, ({ id }) => id);
    const byName = get("/users/{name}", { path: { name: z.string() } }, ({ name }) => name);
    expect(() => martlet({ byId, byName }).ready()).toThrow(/M001/);
  });
});
