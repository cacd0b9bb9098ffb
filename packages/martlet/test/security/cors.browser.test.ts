import { existsSync } from "node:fs";
import { get, html, martlet, put } from "martlet";
import { bearer } from "martlet/auth";
import { cors, type CorsOptions } from "martlet/security";
import { listen, type RunningServer } from "martlet/server";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";

const executablePath = "/usr/bin/chromium";
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isLeftOut = !existsSync(executablePath) && !isRequired;

const routes = {
  page: get("/page", { hidden: true }, () => html("<title>Origin</title>")),
  ping: get("/ping", {}, () => "pong"),
  update: put("/items/{id}", { path: { id: z.int() }, body: z.object({}) }, ({ id }) => id),
  me: get("/me", { security: { token: bearer() } }, ({ token }) => token),
  fails: get("/fails", {}, () => {
    throw new Error("broken");
  }),
};

/** The requests that a page makes, each by what it gives to `fetch`. */
const requests = {
  simple: ["/ping", {}],
  preflight: [
    "/items/7",
    { method: "PUT", headers: { "content-type": "application/json" }, body: "{}" },
  ],
  token: ["/me", { headers: { authorization: "Bearer t0ken" } }],
  unauthorized: ["/me", {}],
  invalid: [
    "/items/x",
    { method: "PUT", headers: { "content-type": "application/json" }, body: "{}" },
  ],
  failure: ["/fails", {}],
  nowhere: ["/nowhere", {}],
  unlisted: ["/ping", { headers: { "x-unlisted": "1" } }],
  cookies: ["/ping", { credentials: "include" }],
} as const;

type Outcomes = Record<keyof typeof requests, number | "kept away">;

const everything: Outcomes = {
  simple: 200,
  preflight: 200,
  token: 200,
  unauthorized: 401,
  invalid: 422,
  failure: 500,
  nowhere: 404,
  unlisted: "kept away",
  cookies: "kept away",
};
const nothing = Object.fromEntries(
  Object.keys(requests).map((name) => [name, "kept away"]),
) as Outcomes;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(isLeftOut)(
  `a browser on a page of another origin${isLeftOut ? ` (there is no ${executablePath})` : ""}`,
  () => {
    let browser: Browser;
    let pages: RunningServer;

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox"] });
      pages = await listen(martlet(routes), { port: 0 });
    });
    afterAll(async () => {
      await browser?.close();
      await pages?.stop();
    });

    /** What the page can read of an API with this policy. */
    async function read(policy: CorsOptions | undefined): Promise<Outcomes> {
      const middleware = policy === undefined ? [] : [cors(policy)];
      const api = await listen(martlet(routes, { middleware, report: () => {} }), { port: 0 });
      const page = await browser.newPage();
      try {
        await page.goto(`${pages.url}/page`);
        const asked = Object.entries(requests).map(async ([name, [path, init]]) => {
          const call = `fetch(${JSON.stringify(api.url + path)}, ${JSON.stringify(init)})`;
          return [
            name,
            await page.evaluate(`${call}.then(({ status }) => status, () => "kept away")`),
          ];
        });
        return Object.fromEntries(await Promise.all(asked)) as Outcomes;
      } finally {
        await page.close();
        await api.stop();
      }
    }

    test("reads nothing without CORS", async () => {
      expect(await read(undefined)).toEqual(nothing);
    });

    test("reads everything where its origin is listed, errors too", async () => {
      expect(await read({ origins: [pages.url] })).toEqual(everything);
    });

    test("reads nothing where another origin is listed", async () => {
      const origins = ["https://app.example", pages.url.replace("127.0.0.1", "localhost")];
      expect(await read({ origins, credentials: true })).toEqual(nothing);
    });

    test("sends cookies along where it may", async () => {
      const outcomes = await read({ origins: [pages.url], credentials: true });
      expect(outcomes).toEqual({ ...everything, cookies: 200 });
    });

    test("reads everything where everybody may, but with cookies", async () => {
      expect(await read({ origins: "*" })).toEqual(everything);
      expect(await read({ origins: "*", headers: "*" })).toEqual({ ...everything, unlisted: 200 });
    });

    test("is held to the methods that are listed", async () => {
      const outcomes = await read({ origins: [pages.url], methods: ["GET"] });
      const refused = { preflight: "kept away", invalid: "kept away" } as const;
      expect(outcomes).toEqual({ ...everything, ...refused });
    });
  },
);
