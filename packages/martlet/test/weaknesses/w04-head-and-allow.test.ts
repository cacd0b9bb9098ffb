import { del, get, head, martlet, post } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const calls: string[] = [];
const app = martlet({
  list: get("/items", {}, () => [1, 2, 3]),
  create: post("/items", {}, () => "created"),
  remove: del("/items", {}, () => "removed"),
  known: get("/reports", {}, () => calls.push("GET /reports")),
  size: head("/reports", {}, () => void calls.push("HEAD /reports")),
  read: get("/items/{id}", { path: { id: z.int() } }, ({ id }) => ({ id })),
});

describe("FastAPI answers HEAD on a GET route with 405; Martlet answers it", () => {
  test("with the headers of GET, the length among them, and no body", () =>
    served(app, async (url) => {
      const got = await fetch(`${url}/items`);
      const headed = await fetch(`${url}/items`, { method: "HEAD" });
      expect(headed.status).toBe(200);
      expect(headed.headers.get("content-type")).toBe("application/json");
      expect(headed.headers.get("content-length")).toBe("7");
      expect(got.headers.get("content-length")).toBe("7");
      expect(await headed.text()).toBe("");
    }));

  test("with what is wrong with the request, as GET would", () =>
    served(app, async (url) => {
      expect((await fetch(`${url}/items/x`, { method: "HEAD" })).status).toBe(422);
      expect((await fetch(`${url}/nowhere`, { method: "HEAD" })).status).toBe(404);
    }));

  test("by a HEAD route where there is one, without running GET's", () =>
    served(app, async (url) => {
      calls.length = 0;
      expect((await fetch(`${url}/reports`, { method: "HEAD" })).status).toBe(200);
      expect(calls).toEqual(["HEAD /reports"]);
    }));
});

describe("FastAPI's Allow names the methods of one function; Martlet's names all of the path", () => {
  test("on 405", () =>
    served(app, async (url) => {
      const refused = await fetch(`${url}/items`, { method: "PUT" });
      expect(refused.status).toBe(405);
      expect(refused.headers.get("allow")).toBe("DELETE, GET, HEAD, OPTIONS, POST");
    }));

  test("on OPTIONS, which FastAPI answers with 405", () =>
    served(app, async (url) => {
      const asked = await fetch(`${url}/items/7`, { method: "OPTIONS" });
      expect(asked.status).toBe(204);
      expect(asked.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    }));
});
