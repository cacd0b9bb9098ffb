import { del, get, martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const words = ["pear", "fig", "apple", "quince", "plum", "cherry"];
const Basket = z.object({ fruit: z.set(z.string()) });
const routes = {
  save: post("/basket", { body: Basket, returns: Basket }, ({ body }) => body),
  read: get("/basket", { returns: Basket }, () => ({ fruit: new Set(words) })),
  drop: del("/basket", {}, () => null),
};

describe("FastAPI changes the order of a set and of Allow from run to run; Martlet keeps one", () => {
  test("which is that of what was sent, or put in", () =>
    served(martlet(routes), async (url) => {
      const body = JSON.stringify({ fruit: [...words, "pear"] });
      const headers = { "content-type": "application/json" };
      const sent = await fetch(`${url}/basket`, { method: "POST", headers, body });
      expect(await sent.json()).toEqual({ fruit: words });
      expect(await (await fetch(`${url}/basket`)).json()).toEqual({ fruit: words });
    }));

  test("of methods, whatever the order of the routes", async () => {
    const { save, read, drop } = routes;
    const allowed = [];
    for (const each of [routes, { drop, read, save }, { read, drop, save }]) {
      allowed.push(
        await served(martlet(each), async (url) =>
          (await fetch(`${url}/basket`, { method: "PUT" })).headers.get("allow"),
        ),
      );
    }
    expect(new Set(allowed).size).toBe(1);
    expect(allowed[0]).toContain("POST");
  });
});
