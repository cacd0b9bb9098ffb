import {
  Answer,
  background,
  dependency,
  get,
  Forbidden,
  martlet,
  mount,
  post,
  request,
  router,
  urls,
} from "martlet";
import { listen } from "martlet/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const quiet = { report: () => {} };

describe("a mounted application", () => {
  const users = get("/users/{name}", { path: { name: z.string() } }, ({ name }) => name);
  const save = post("/users", { body: z.object({ name: z.string() }) }, ({ body }) => body.name);
  const link = get("/link", { use: { urls } }, ({ urls }) => urls.to(users, { name: "a b" }));
  const admin = martlet({ users, save, link }, { title: "Admin" });
  const app = martlet({
    admin: router("/internal", { admin: mount("/admin", admin) }),
    special: get("/internal/admin/special", {}, () => "outer"),
  });
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    app.fetch(new Request(`http://localhost${path}`, init));

  it("sees its own paths, encoded as they were sent", async () => {
    expect(await (await ask("/internal/admin/users/a%2Fb")).json()).toBe("a/b");
    const rest = get("/{path*}", { path: { path: z.string() } }, (args) => args.path);
    const all = martlet({ deep: mount("/a", martlet({ rest })) });
    for (const path of ["b/a/b", "a/a/", "", "é/%25/x%2Fy//z"]) {
      const response = await all.fetch(new Request(`http://localhost/a/${path}`));
      expect(await response.json()).toBe(decodeURIComponent(path));
    }
    expect(await (await ask("/internal/admin/link")).json()).toBe("/internal/admin/users/a%20b");
  });

  it("reads bodies, and answers its own problems", async () => {
    const headers = { "content-type": "application/json" };
    const good = await ask("/internal/admin/users", {
      method: "POST",
      headers,
      body: '{"name":"a"}',
    });
    expect(await good.json()).toBe("a");
    expect(
      (await ask("/internal/admin/users", { method: "POST", headers, body: "{}" })).status,
    ).toBe(422);
    expect((await ask("/internal/admin/nothing")).status).toBe(404);
    const wrong = await ask("/internal/admin/users", { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "OPTIONS, POST"]);
    expect((await ask("/internal/admin/users/a", { method: "HEAD" })).status).toBe(200);
  });

  it("gives way to a route of the outer application", async () => {
    expect(await (await ask("/internal/admin/special")).json()).toBe("outer");
  });

  it("has documents of its own, which know where it is", async () => {
    const document = (await (await ask("/internal/admin/openapi.json")).json()) as {
      servers: unknown;
      info: { title: string };
    };
    expect(document.servers).toEqual([{ url: "/internal/admin" }]);
    expect(document.info.title).toBe("Admin");
    expect((await ask("/internal/admin/docs")).status).toBe(200);
    expect(Object.keys(app.openapi().paths)).toEqual(["/internal/admin/special"]);
  });

  it("starts and stops with the outer one, and its work after answers is waited for", async () => {
    const log: string[] = [];
    const inner = martlet(
      {
        work: get("/work", { use: { background } }, ({ background }) => {
          background(() =>
            new Promise((resolve) => setTimeout(resolve, 20)).then(() => log.push("task")),
          );
          return "ok";
        }),
      },
      {
        lifespan: async function* () {
          log.push("start");
          yield undefined;
          log.push("stop");
        },
      },
    );
    const server = await listen(martlet({ inner: mount("/inner", inner) }), { port: 0 });
    expect(log).toEqual(["start"]);
    expect(await (await fetch(`${server.url}/inner/work`)).json()).toBe("ok");
    await server.stop();
    expect(log).toEqual(["start", "task", "stop"]);
  });

  it("is reached through the guards and middleware around it alone", async () => {
    const guard = dependency({ use: { request }, throws: [Forbidden] }, ({ request }) =>
      request.header("x-key") === "k" ? "ok" : new Forbidden(),
    );
    const outer = martlet({
      admin: router("", { admin: mount("/admin", admin) }, { use: { guard } }),
    });
    const send = (headers: Record<string, string>): Promise<Response> =>
      outer.fetch(new Request("http://localhost/admin/users/a", { headers }));
    expect((await send({})).status).toBe(403);
    expect((await send({ "x-key": "k" })).status).toBe(200);
  });

  it("hears that the client has gone", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const slow = martlet({
      slow: get("/slow", { use: { request } }, ({ request }) => {
        request.signal.addEventListener("abort", () => resolve("gone"));
        return promise;
      }),
    });
    const server = await listen(martlet({ slow: mount("/m", slow) }), { port: 0 });
    const client = new AbortController();
    const asked = fetch(`${server.url}/m/slow`, { signal: client.signal }).catch(() => "aborted");
    setTimeout(() => client.abort(), 50);
    expect(await asked).toBe("aborted");
    expect(await promise).toBe("gone");
    await server.stop();
  });
});

describe("a mounted fetch handler", () => {
  const echo = async (request: Request): Promise<Response> =>
    new Response(`${request.method} ${request.url} ${await request.text()}`, {
      status: 201,
      headers: [
        ["x-made-by", "echo"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
    });

  it("gets the request as it was sent, over a real server, and answers as it likes", async () => {
    const server = await listen(martlet({ echo: mount("/echo", { fetch: echo }) }), { port: 0 });
    const response = await fetch(`${server.url}/echo/a%20b?c=d`, { method: "PUT", body: "text" });
    expect(response.status).toBe(201);
    expect(await response.text()).toBe(`PUT ${server.url}/echo/a%20b?c=d text`);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    await server.stop();
  });

  it("may stand at the root, below all routes", async () => {
    const app = martlet({ ping: get("/ping", {}, () => "pong"), rest: mount("/", echo) });
    expect(await (await app.fetch(new Request("http://localhost/ping"))).json()).toBe("pong");
    const other = await app.fetch(new Request("http://localhost/other"));
    expect(await other.text()).toBe("GET http://localhost/other ");
  });

  it("fails as any handler does", async () => {
    const broken = mount("/broken", () => {
      throw new Error("secret");
    });
    const response = await martlet({ broken }, quiet).fetch(new Request("http://localhost/broken"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  });
});

describe("URLs of routes", () => {
  const read = get("/{id}", { path: { id: z.int() } }, ({ id }) => id);
  const file = get("/files/{path*}", { path: { path: z.string() } }, ({ path }) => path);
  const made = get("/made", { use: { urls } }, ({ urls }) => [
    urls.to(read, { id: 7 }),
    urls.to("items.read", { id: 8 }, { q: ["a", "b"], page: 1 }),
    urls.to(file, { path: "a b/c" }),
    urls.absolute(read, { id: 9 }),
  ]);
  const routes = { items: router("/items", { read, file }), made };
  const ask = async (app: ReturnType<typeof martlet>, headers = {}): Promise<unknown> =>
    (await app.fetch(new Request("http://localhost/made", { headers }))).json();

  it("are built from the route or its place, with what a proxy strips", async () => {
    const app = martlet(routes, { rootPath: "/api/v1" });
    expect(await ask(app)).toEqual([
      "/api/v1/items/7",
      "/api/v1/items/8?q=a&q=b&page=1",
      "/api/v1/items/files/a%20b/c",
      "http://localhost/api/v1/items/9",
    ]);
    expect(app.openapi().servers).toEqual([{ url: "/api/v1" }]);
  });

  it("have the host that the client asked for, unless the application knows better", async () => {
    const host = { host: "shop.example:8443" };
    expect(await ask(martlet(routes), host)).toContain("http://shop.example:8443/items/9");
    const known = martlet(routes, { origin: "https://api.example" });
    expect(await ask(known, host)).toContain("https://api.example/items/9");
  });

  it("include that of the request itself, with another query", async () => {
    const here = get("/{rest*}", { path: { rest: z.string() }, use: { urls } }, ({ urls }) => [
      urls.here(),
      urls.here({ page: 2 }),
    ]);
    const of = async (app: ReturnType<typeof martlet>, path: string): Promise<unknown> =>
      (await app.fetch(new Request(`http://localhost${path}`))).json();
    expect(await of(martlet({ here }), "/a%20b/c?page=1")).toEqual(["/a%20b/c", "/a%20b/c?page=2"]);
    expect(await of(martlet({ here }), "//evil.example/x")).toContain("/.//evil.example/x");
    const outer = martlet(
      { inner: mount("/in", martlet({ here })) },
      { origin: "https://a.example" },
    );
    expect(await of(outer, "/in/x")).toContain("/in/x");
    const known = martlet({ here }, { origin: "https://a.example", rootPath: "/api" });
    expect(await of(known, "/x")).toContain("https://a.example/api/x");
  });

  it("refuse to lead elsewhere", async () => {
    const errors: string[] = [];
    const wrong = get(
      "/wrong/{kind}",
      { path: { kind: z.string() }, use: { urls } },
      ({ kind, urls }) => {
        if (kind === "dots") return urls.to(file, { path: "../secret" });
        if (kind === "missing") return urls.to("items.read");
        return urls.to("nowhere");
      },
    );
    const app = martlet(
      { items: router("/items", { read, file }), wrong },
      { report: ({ error }) => void errors.push(String(error)) },
    );
    for (const kind of ["dots", "missing", "unknown"]) {
      expect((await app.fetch(new Request(`http://localhost/wrong/${kind}`))).status).toBe(500);
    }
    expect(errors).toEqual([
      expect.stringContaining('"path" cannot be a part of a path'),
      expect.stringContaining('"id" is missing'),
      expect.stringContaining("nowhere is no route here"),
    ]);
  });

  it("ask for every placeholder of the route", () => {
    const use = { urls };
    // @ts-expect-error -- `id` is missing
    const wrong = get("/x", { use }, (args) => new Answer(200, {}, args.urls.to(read)));
    expect(wrong.path).toBe("/x");
  });
});
