import { Answer, get, martlet, type Middleware, post, router, Unauthorized } from "martlet";
import { bearer } from "martlet/auth";
import { cors, securityHeaders, trustedHosts } from "martlet/security";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const origin = "https://app.example";
const seen: number[] = [];
const watch: Middleware = async (_request, next) => {
  const answer = await next();
  seen.push(answer.status);
  return answer;
};
const breaks: Middleware = (request, next) => {
  const what = request.header("x-break");
  if (what === "now") throw new Error("a middleware broke");
  if (what === "refuse") throw new Unauthorized();
  if (what === "later") return Promise.reject(new Error("a middleware broke later"));
  return next();
};
const token = bearer();
const fails = (): never => {
  throw new Error("a handler broke");
};
const routes = {
  fails: get("/fails", {}, fails),
  failsLater: get("/fails-later", {}, async () => {
    await Promise.resolve();
    return fails();
  }),
  me: get("/me", { security: { token } }, () => "me"),
  read: get("/items/{id}", { path: { id: z.int() } }, ({ id }) => id),
  create: post("/items", { body: z.object({}), limits: { body: "10B" } }, () => null),
  mismatched: get("/mismatched", { returns: z.int() }, () => "text" as never),
  slow: get("/slow", {}, () => new Promise<never>(() => {})),
  inner: router("/inner", { ok: get("/ok", {}, () => "ok") }, { middleware: [breaks] }),
  broken: get("/broken", { middleware: [() => new Answer(999)] }, () => "never"),
};
const app = martlet(routes, {
  middleware: [
    cors({ origins: [origin], credentials: true }),
    securityHeaders(),
    watch,
    trustedHosts(["127.0.0.1"]),
    breaks,
  ],
  deadline: 300,
  report: () => {},
});

const json = { "content-type": "application/json" };
const cases: [status: number, path: string, init?: RequestInit][] = [
  [500, "/fails"],
  [500, "/fails-later"],
  [500, "/mismatched"],
  [500, "/broken"],
  [503, "/slow"],
  [401, "/me"],
  [404, "/nowhere"],
  [405, "/fails", { method: "DELETE" }],
  [422, "/items/x"],
  [400, "/items", { method: "POST", headers: json, body: "{" }],
  [413, "/items", { method: "POST", headers: json, body: '{"a":"0123456789"}' }],
  [415, "/items", { method: "POST", headers: { "content-type": "text/csv" }, body: "a" }],
  [414, `/${"x".repeat(9000)}`],
  [500, "/items/1", { headers: { "x-break": "now" } }],
  [500, "/items/1", { headers: { "x-break": "later" } }],
  [401, "/items/1", { headers: { "x-break": "refuse" } }],
  [500, "/inner/ok", { headers: { "x-break": "later" } }],
];

describe("FastAPI tells a failure in plain text, behind the back of its middleware; Martlet's", () => {
  test.each(cases)("answer %i to %s has one format and every header", (status, path, init = {}) =>
    served(app, async (url) => {
      seen.length = 0;
      const headers = new Headers(init.headers);
      headers.set("origin", origin);
      const response = await fetch(url + path, { ...init, headers });
      expect(response.status).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-type": "application/problem+json",
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        vary: "origin",
        "x-content-type-options": "nosniff",
      });
      expect(await response.json()).toMatchObject({ status });
      expect(seen).toEqual([status]);
    }),
  );
});
