import { dependency, get, martlet, post, router } from "martlet";
import { any, apiKey, bearer, InvalidToken } from "martlet/auth";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { talk } from "../wire.ts";
import { served } from "./served.ts";

const called: string[] = [];
const token = bearer();
const caller = dependency({ security: { token }, throws: [InvalidToken] }, ({ token: sent }) =>
  sent === "good" ? sent : token.refuse(),
);
const Item = z.object({ name: z.string() });
const db = dependency({}, () => called.push("db"));
const routes = {
  create: post(
    "/items",
    { query: { limit: z.int() }, body: Item, use: { db, caller } },
    ({ body }) => body,
  ),
  guarded: router(
    "/guarded",
    { create: post("/", { body: Item, returns: Item }, ({ body }) => body) },
    { security: { either: any(token, apiKey({ header: "x-key" })) } },
  ),
  open: get("/open", {}, () => "open"),
};
const app = martlet(routes);

const json = { "content-type": "application/json" };
const bad: readonly (readonly [what: string, headers: Record<string, string>, body: string])[] = [
  ["malformed JSON", json, "{"],
  ["JSON of another shape", json, "[]"],
  ["another media type", { "content-type": "text/csv" }, "a,b"],
  ["too much", json, JSON.stringify({ name: "x".repeat(2_000_000) })],
];

describe("FastAPI reads the body of a stranger first, and answers 422; Martlet answers 401", () => {
  test.each(bad)("to %s", (_what, headers, body) =>
    served(app, async (url) => {
      called.length = 0;
      for (const path of ["/items?limit=x", "/guarded"]) {
        const stranger = await fetch(url + path, { method: "POST", headers, body });
        expect([path, stranger.status]).toEqual([path, 401]);
      }
      const authorization = "Bearer forged";
      const forged = await fetch(`${url}/items?limit=x`, {
        method: "POST",
        headers: { ...headers, authorization },
        body,
      });
      expect(forged.status).toBe(401);
      expect(forged.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
      expect(called).toEqual([]);
    }),
  );

  test("before the body has been sent at all", () =>
    served(app, async (_url, port) => {
      const head = [
        "POST /items HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        "Content-Length: 1000000",
        "",
        "",
      ].join("\r\n");
      const { answers } = await talk(port, head, { patience: 2000 });
      expect(answers.map(({ status }) => status)).toEqual([401]);
    }));

  test("and tells a caller that it knows what is wrong with the body", () =>
    served(app, async (url) => {
      const statuses = await Promise.all(
        bad.map(async ([, headers, body]) => {
          const init = {
            method: "POST",
            headers: { ...headers, authorization: "Bearer good" },
            body,
          };
          return (await fetch(`${url}/items?limit=1`, init)).status;
        }),
      );
      expect(statuses).toEqual([400, 422, 415, 413]);
    }));
});
