import { join } from "node:path";
import { dependency, get, martlet, post, redirect, router, Unauthorized } from "martlet";
import { listen } from "martlet/server";
import { frontend, type FrontendOptions } from "martlet/static";
import { testClient } from "martlet/testing";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { folder } from "./folder.ts";

const spa = folder({
  "index.html": "<h1>app</h1>",
  "assets/app-BkX3a_Yz.js": "app()",
  "about/index.html": "<h1>about</h1>",
  "api/users": "a file in the way",
});
const pages = folder({ "index.html": "<h1>home</h1>", "404.html": "<h1>lost</h1>" });
const empty = folder();
afterAll(() => [spa, pages, empty].forEach((each) => each[Symbol.dispose]()));

const html = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
const api = {
  users: get("/api/users", {}, () => ["ann"]),
  user: get("/api/users/{id}", { path: { id: z.int() } }, ({ id }) => ({ id })),
  login: post("/login", {}, () => "in"),
};

async function answered(
  options: FrontendOptions,
  path: string,
  headers: Record<string, string> = html,
): Promise<[status: number, text: string]> {
  await using client = testClient(martlet({ web: frontend("/", options), ...api }));
  const answer = await client.get(path, { headers });
  return [answer.status, await answer.text()];
}

describe("a frontend at the root", () => {
  const options = { directory: spa.path };
  const lost = [404, expect.stringContaining('"not-found"')];

  test.each([
    ["/", html, [200, "<h1>app</h1>"]],
    ["/", { accept: "application/json" }, [200, "<h1>app</h1>"]],
    ["/assets/app-BkX3a_Yz.js", { accept: "*/*" }, [200, "app()"]],
    ["/about/", html, [200, "<h1>about</h1>"]],
    ["/dashboard/settings", html, [200, "<h1>app</h1>"]],
    ["/dashboard/settings", { accept: "text/html;q=0.5" }, [200, "<h1>app</h1>"]],
    ["/dashboard/", { accept: "*/*" }, [200, "<h1>app</h1>"]],
    ["/login", html, [405, expect.stringContaining('"method-not-allowed"')]],
    ["/dashboard", { accept: "*/*", "sec-fetch-mode": "cors" }, lost],
    ["/dashboard", { accept: "application/json" }, lost],
    ["/dashboard", { accept: "text/html;q=0, */*" }, lost],
    ["/assets/missing.js", html, lost],
    ["/assets/missing.css", { accept: "text/css" }, lost],
    ["/users/jane.doe", html, lost],
    ["/.git/config", html, lost],
    ["/..%2fsecret", html, lost],
    ["/a//b", html, lost],
    ["/api/users", html, [200, '["ann"]']],
    ["/api/users/7", html, [200, '{"id":7}']],
    ["/api/users/x", html, [422, expect.stringContaining("int_parsing")]],
  ])("%s with %j", async (path, headers, expected) => {
    expect(await answered(options, path, headers as Record<string, string>)).toEqual(expected);
  });

  test("answers HEAD as GET, and no other method", async () => {
    await using client = testClient(martlet({ web: frontend("/", options), ...api }));
    const head = await client.head("/deep/link", { headers: html });
    expect(head.status).toBe(200);
    expect(head.headers.get("content-length")).toBe("12");
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      expect((await client.request(method, "/deep/link", { headers: html })).status).toBe(404);
    }
    const onFile = await client.post("/assets/app-BkX3a_Yz.js");
    expect([onFile.status, onFile.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    const asked = await client.options("/assets/app-BkX3a_Yz.js");
    expect([asked.status, asked.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
    expect((await client.post("/login")).status).toBe(200);
  });

  test("comes after every route, with a slash at the end or without", async () => {
    const home = get("/", {}, () => "home");
    const slashed = get("/slashed/", {}, () => "slashed");
    const any = get("/any/{rest*}", { path: { rest: z.string() } }, ({ rest }) => rest);
    const routes = { web: frontend("/", options), home, slashed, any, ...api };
    await using client = testClient(martlet(routes));
    expect(await (await client.get("/", { headers: html })).json()).toBe("home");
    expect(await (await client.get("/any/x", { headers: html })).json()).toBe("x");
    for (const [path, location] of [
      ["/slashed", "./slashed/"],
      ["/api/users/", "../users"],
    ] as const) {
      const answer = await client.get(path, { headers: html });
      expect([answer.status, answer.headers.get("location")]).toEqual([307, location]);
    }
  });

  test("says on what the page depends, and that it may change", async () => {
    await using client = testClient(martlet({ web: frontend("/", options) }));
    const { headers } = await client.get("/deep/link", { headers: html });
    expect(headers.get("vary")).toBe("accept, sec-fetch-mode, accept-encoding");
    expect(headers.get("cache-control")).toBe("no-cache");
    const etag = String(headers.get("etag"));
    const again = await client.get("/deep/link", { headers: { ...html, "if-none-match": etag } });
    expect(again.status).toBe(304);
  });
});

describe("the fallback", () => {
  const lost = [404, expect.stringContaining('"not-found"')];
  const json = { accept: "application/json" };
  test.each([
    [{ fallback: "auto", directory: pages.path }, "/x", html, [404, "<h1>lost</h1>"]],
    [{ fallback: "auto", directory: pages.path }, "/missing.js", json, [404, "<h1>lost</h1>"]],
    [{ fallback: "auto", directory: empty.path }, "/x", html, lost],
    [{ fallback: "404.html", directory: pages.path }, "/x", json, [404, "<h1>lost</h1>"]],
    [{ fallback: "index.html", directory: pages.path }, "/x", html, [200, "<h1>home</h1>"]],
    [{ fallback: false, directory: pages.path }, "/x", html, lost],
    [{ fallback: false, directory: pages.path }, "/", html, [200, "<h1>home</h1>"]],
  ] as const)("%j for %s", async (options, path, headers, expected) => {
    expect(await answered(options, path, headers)).toEqual(expected);
  });
});

describe("several frontends", () => {
  test("each have the paths below their prefix", async () => {
    const admin = folder({ "index.html": "<h1>admin</h1>" });
    await using client = testClient(
      martlet({
        site: frontend("/", { directory: spa.path }),
        admin: frontend("/admin/", { directory: admin.path }),
        nested: router("/a", {
          b: router("/b", { web: frontend("/", { directory: admin.path }) }),
        }),
      }),
    );
    const text = async (path: string): Promise<string> =>
      (await client.get(path, { headers: html })).text();
    expect(await text("/admin/users/7")).toBe("<h1>admin</h1>");
    expect(await text("/administration")).toBe("<h1>app</h1>");
    expect(await text("/a/b/deep/link")).toBe("<h1>admin</h1>");
    for (const [path, location] of [
      ["/admin", "./admin/"],
      ["/a/b?c=d", "./b/?c=d"],
    ] as const) {
      const bare = await client.get(path, { headers: html });
      expect([bare.status, bare.headers.get("location")]).toEqual([307, location]);
    }
    admin[Symbol.dispose]();
  });
});

describe("a guard around a frontend", () => {
  const session = dependency(
    { cookie: { session: z.string().optional() }, throws: [Unauthorized] },
    ({ session }) => (session === "ann" ? session : new Unauthorized()),
  );
  const guarded = router(
    "/app",
    {
      web: frontend("/", { directory: spa.path }),
      gone: frontend("/gone", { directory: "/none", check: false }),
    },
    { use: { session } },
  );
  const toLogin = router(
    "/pages",
    { web: frontend("/", { directory: spa.path }) },
    {
      middleware: [
        (request, next) => (request.cookies.has("session") ? next() : redirect("/login", 303)),
      ],
    },
  );

  test("is asked before any file is looked at", async () => {
    await using client = testClient(martlet({ guarded }));
    const paths = ["/", "/assets/app-BkX3a_Yz.js", "/deep", "/none.js", "/gone/x"];
    const answers = await Promise.all(
      paths.map((path) => client.get(`/app${path}`, { headers: html })),
    );
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 401));
    const headers = { ...html, cookie: "session=ann" };
    expect((await client.get("/app/deep", { headers })).status).toBe(200);
    const asset = await client.get("/app/assets/app-BkX3a_Yz.js", { headers });
    expect(asset.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    expect((await client.get("/app/gone/x", { headers })).status).toBe(404);
  });

  test("may send a browser elsewhere", async () => {
    await using client = testClient(martlet({ toLogin }));
    const answer = await client.get("/pages/deep", { headers: html });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/login"]);
  });
});

describe("a frontend that is not built", () => {
  const directory = join(empty.path, "dist");
  const start = async (options: Partial<FrontendOptions>): Promise<readonly string[]> => {
    const lines: string[] = [];
    const notice = (line: string): void => void lines.push(line);
    const app = martlet({ web: frontend("/", { directory, notice, ...options }) });
    await app.start();
    await app.stop();
    return lines;
  };

  test("is a fault in production, and told elsewhere", async () => {
    await expect(start({ environment: "production" })).rejects.toThrow(
      `M018 There is no directory ${directory}`,
    );
    expect(await start({ environment: "development" })).toEqual([
      `M018 There is no directory ${directory}\n  fix: Build it first, or correct the path; check: false leaves it for later.`,
    ]);
  });

  test("is a fault or none by the word of the application", async () => {
    await expect(start({ check: true, environment: "development" })).rejects.toThrow("M018");
    expect(await start({ check: false, environment: "production" })).toEqual([]);
  });

  test("lacks the page that it falls back on", async () => {
    const without = { directory: empty.path, environment: "production" };
    await expect(start({ ...without, fallback: "index.html" })).rejects.toThrow(
      `M018 The directory ${empty.path} has no index.html`,
    );
    await expect(start({ ...without, fallback: "404.html" })).rejects.toThrow("has no 404.html");
    expect(await start({ ...without, fallback: "auto" })).toEqual([]);
  });

  test("keeps a server from listening", async () => {
    const app = martlet({ web: frontend("/", { directory, environment: "production" }) });
    await expect(listen(app, { port: 0 })).rejects.toThrow("M018");
  });
});
