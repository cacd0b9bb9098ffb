import { describe, expect, it } from "vitest";
import {
  Answer,
  del,
  get,
  head,
  martlet,
  options,
  patch,
  post,
  put,
  route,
  router,
  trace,
} from "martlet";
import { listen } from "martlet/server";
import { testClient } from "martlet/testing";
import { z } from "zod";
import { talk } from "../wire.ts";

const text = z.string();

describe("a route is found", () => {
  const app = martlet({
    me: get("/users/me", {}, () => "me"),
    user: get("/users/{id}", { path: { id: text } }, ({ id }) => `user ${id}`),
    remove: del("/users/{id}", { path: { id: text } }, ({ id }) => `removed ${id}`),
    json: get("/files/{name}.json", { path: { name: text } }, ({ name }) => `json ${name}`),
    range: get("/files/{from}-{to}", { path: { from: text, to: text } }, (all) => all),
    plain: get("/files/{name}", { path: { name: text } }, ({ name }) => `plain ${name}`),
    rest: get("/files/{rest*}", { path: { rest: text } }, ({ rest }) => `rest ${rest}`),
    deep: get("/a/{x}/c", { path: { x: text } }, ({ x }) => `deep ${x}`),
    fixed: get("/a/b/d", {}, () => "fixed"),
    archive: post("/users/{id}:archive", { path: { id: text } }, ({ id }) => `archived ${id}`),
    root: get("/", {}, () => "root"),
    slashed: get("/with/slash/", {}, () => "slashed"),
  });
  const client = testClient(app);
  const read = async (path: string): Promise<unknown> => (await client.get(path)).json();

  it.each([
    ["/", "root"],
    ["/users/me", "me"],
    ["/users/7", "user 7"],
    ["/files/a.json", "json a"],
    ["/files/a.txt", "plain a.txt"],
    ["/files/a/b/c", "rest a/b/c"],
    ["/files/a//b", "rest a//b"],
    ["/a/b/c", "deep b"],
    ["/a/b/d", "fixed"],
    ["/users/a%20b", "user a b"],
    ["/users/a%2Fb", "user a/b"],
    ["/users/caf%C3%A9", "user café"],
    ["/users/m%65", "me"],
    ["/users/a;b=1", "user a;b=1"],
  ])("at %s: %s", async (path, expected) => {
    expect(await read(path)).toBe(expected);
  });

  it("by several placeholders in one segment", async () => {
    expect(await read("/files/1-9")).toEqual({ from: "1", to: "9" });
    expect(await (await client.post("/users/7:archive")).json()).toBe("archived 7");
  });

  it("by its method too: a static path without it gives way", async () => {
    expect(await (await client.delete("/users/me")).json()).toBe("removed me");
  });

  it("or not: 404, and 405 with all the methods that the path takes", async () => {
    expect((await client.get("/users")).status).toBe(404);
    expect((await client.get("/users/a/b")).status).toBe(404);
    const wrong = await client.put("/users/me");
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("DELETE, GET, HEAD, OPTIONS");
    expect(wrong.headers.get("content-type")).toBe("application/problem+json");
  });

  it("never by a path that is not percent-encoded UTF-8", async () => {
    expect((await client.get("/users/%ff")).status).toBe(400);
    expect((await client.get("/users/%E0%A4%A")).status).toBe(400);
  });

  it("with or without the slash at the end, by a redirect that stays here", async () => {
    const elsewhere = await client.get("/users/me/?a=1");
    expect(elsewhere.status).toBe(307);
    const location = elsewhere.headers.get("location") ?? "";
    expect(location).toBe("../me?a=1");
    expect(new URL(location, "http://a.example/prefix/users/me/").pathname).toBe(
      "/prefix/users/me",
    );
    expect((await client.get("/with/slash")).headers.get("location")).toBe("./slash/");
    expect((await client.fetch(new Request("http://testserver//users/me/"))).status).toBe(404);
  });
});

describe("HEAD and OPTIONS", () => {
  const app = martlet({
    read: get("/items", {}, () => ["é"]),
    create: post("/items", {}, () => null),
    page: get("/page", {}, () => new Answer(200, { "content-type": "text/html" }, "<p>long</p>")),
    cheap: head("/page", {}, () => new Answer(200, { "x-cheap": "1" })),
    cors: options("/cors", {}, () => new Answer(204, { "x-cors": "1" })),
  });
  const client = testClient(app);

  it("HEAD answers as GET does, without the body and with its length", async () => {
    const answer = await client.head("/items");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("");
    expect(answer.headers.get("content-length")).toBe("6");
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect((await client.head("/nothing")).status).toBe(404);
  });

  it("HEAD may have a route of its own", async () => {
    expect((await client.head("/page")).headers.get("x-cheap")).toBe("1");
  });

  it("OPTIONS tells the methods, unless a route answers it", async () => {
    const answer = await client.options("/items");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    expect((await client.options("/cors")).headers.get("x-cors")).toBe("1");
  });
});

describe("a method", () => {
  const handler = (): null => null;
  const verbs = { get, post, put, patch, del, head, options, trace };
  const app = martlet(
    Object.fromEntries(
      Object.entries(verbs).map(([name, verb]) => [
        name,
        verb(`/${name}`, { status: 202 }, handler),
      ]),
    ),
  );

  it.each([
    ["GET", "/get"],
    ["POST", "/post"],
    ["PUT", "/put"],
    ["PATCH", "/patch"],
    ["DELETE", "/del"],
    ["HEAD", "/head"],
    ["OPTIONS", "/options"],
    ["TRACE", "/trace"],
  ])("%s has a function of its own, and several may have one handler", async (method, path) => {
    const server = await listen(app, { port: 0 });
    try {
      const head = `${method} ${path} HTTP/1.1\r\nhost: a.example\r\n\r\n`;
      const { answers } = await talk(server.port, head, { methods: [method] });
      expect(answers.map((each) => each.status)).toEqual([202]);
    } finally {
      await server.stop();
    }
  });
});

describe("routers", () => {
  it("nest, add up their prefixes, and may stand at several places", async () => {
    const read = get("/{id}", { path: { id: z.int() } }, ({ id }) => id);
    const list = get("/", {}, () => "list");
    const items = router("/items", { read, list });
    const app = martlet({
      v1: router("/v1", { items }),
      latest: router("/latest", { items }),
      bare: items,
    });
    const client = testClient(app);
    for (const path of ["/v1/items/7", "/latest/items/7", "/items/7"]) {
      expect(await (await client.get(path)).json()).toBe(7);
    }
    expect(await (await client.get("/v1/items")).json()).toBe("list");
    expect(app.routes().map((each) => each.operationId)).toContain("v1.items.read");
  });

  it("give placeholders of their prefix to whoever reads them", async () => {
    const list = get("/", {}, () => "list");
    const orgs = router("/orgs/{orgId}", { list }, { path: { orgId: z.int() } });
    const client = testClient(martlet({ orgs }));
    expect(await (await client.get("/orgs/7")).json()).toBe("list");
    expect((await client.get("/orgs/x")).status).toBe(422);
  });

  it("take a whole module, and leave alone what is no route", async () => {
    const exported = {
      Item: z.object({ id: z.int() }),
      limit: 3,
      ping: get("/ping", {}, () => "pong"),
      make: () => 1,
    };
    const app = martlet({ health: router("", exported) });
    expect(app.routes().map(({ path, names }) => ({ path, names }))).toEqual([
      { path: "/ping", names: ["health", "ping"] },
    ]);
  });

  it("take any method", async () => {
    const purge = route("PURGE")("/cache", { status: 204 }, () => undefined);
    const change = patch("/cache", {}, () => null);
    const client = testClient(martlet({ purge, change }));
    expect((await client.request("PURGE", "/cache")).status).toBe(204);
    expect((await client.get("/cache")).headers.get("allow")).toBe("OPTIONS, PATCH, PURGE");
  });
});
