import {
  type AnyRouter,
  type App,
  get,
  martlet,
  type Middleware,
  post,
  request,
  response,
  router,
  UnknownVersion,
  versionFrom,
  type VersionOptions,
  websocket,
} from "martlet";
import { cors } from "martlet/security";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "../weaknesses/served.ts";

const paths: string[] = [];
const watch: Middleware = (request, next) => {
  paths.push(`${request.exchange.target} as ${request.path}`);
  return next();
};
const shared = {
  item: get("/items/{id}", { path: { id: z.int() } }, ({ id }) => id),
  path: get("/path", { use: { request } }, ({ request }) => request.path),
  echo: post("/echo", { body: z.object({ a: z.int() }) }, ({ body }) => body),
  varies: get("/varies", { use: { response } }, ({ response }) => {
    response.header("vary", "Cookie");
    return null;
  }),
};
const one = (version: string): AnyRouter =>
  router(`/v${version}`, {
    ...shared,
    root: get("/", {}, () => `root ${version}`),
    which: get("/which", {}, () => version),
    live: websocket("/live", {}, async ({ socket }) => void (await socket.send(version))),
  });
const versions = { "1": "/v1", "2": "/v2" };
const make = (options: Partial<VersionOptions>, more: readonly Middleware[] = []): App<unknown> =>
  martlet(
    { v1: one("1"), v2: one("2"), health: get("/health", {}, () => "fine") },
    // The place is among the options of every test.
    {
      middleware: [...more, versionFrom({ versions, ...options } as VersionOptions), watch],
      report: () => {},
    },
  );
const ask = (app: App<unknown>, path: string, headers: Record<string, string> = {}) =>
  testClient(app).get(path, { headers });

describe("a version in a header", () => {
  const app = make({ header: "X-Api-Version", default: "2", unversioned: ["/health", "/docs"] });

  test.each([
    ["1", "1"],
    ["2", "2"],
    [undefined, "2"],
  ])("%s is served by the routes of version %s", async (asked, version) => {
    const answer = await ask(app, "/which", asked === undefined ? {} : { "x-api-version": asked });
    expect(await answer.json()).toBe(version);
    expect(answer.headers.get("vary")).toBe("x-api-version");
  });

  test.each(["3", "", "1, 2", "constructor", "__proto__", "v1", "1.0", "<script>"])(
    "%j is refused with the versions that there are",
    async (asked) => {
      const answer = await ask(app, "/which", { "x-api-version": asked });
      expect(answer.status).toBe(400);
      const told = await answer.json();
      expect(told).toMatchObject({ code: "unknown-version", versions: ["1", "2"] });
      expect(JSON.stringify(told)).not.toContain("script");
      expect(answer.headers.get("vary")).toBe("x-api-version");
    },
  );

  test("is not looked for where the path has one, or the path is of no version", async () => {
    const headers = { "x-api-version": "9" };
    expect(await (await ask(app, "/v1/which", headers)).json()).toBe("1");
    expect(await (await ask(app, "/v2", headers)).json()).toBe("root 2");
    expect(await (await ask(app, "/health", headers)).json()).toBe("fine");
    expect((await ask(app, "/docs", headers)).status).toBe(200);
    expect((await ask(app, "/v1x", headers)).status).toBe(400);
    expect((await ask(app, "/healthy", headers)).status).toBe(400);
  });

  test("leads to the root of that version, keeps the query, and 404 and 405 as they are", async () => {
    expect(await (await ask(app, "/")).json()).toBe("root 2");
    expect((await ask(app, "/items/7?x=1")).status).toBe(200);
    expect((await ask(app, "/nowhere")).status).toBe(404);
    const refused = await testClient(app).delete("/which");
    expect([refused.status, refused.headers.get("vary")]).toEqual([405, "x-api-version"]);
  });

  test("is in the path from there on, beside what was sent", async () => {
    paths.length = 0;
    expect(await (await ask(app, "/path?a=1", { "x-api-version": "1" })).json()).toBe("/v1/path");
    expect(paths).toEqual(["/path?a=1 as /v1/path"]);
  });

  test("is added to what an answer varies with already", async () => {
    expect((await ask(app, "/varies")).headers.get("vary")).toBe("Cookie, x-api-version");
  });

  test("holds for a path with a slash too many: the redirect stays outside of versions", async () => {
    await served(app, async (url) => {
      const answer = await fetch(`${url}/which/`, { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([307, "../which"]);
      expect(await (await fetch(`${url}/which/`)).json()).toBe("2");
      const twice = await fetch(`${url}/which`, {
        headers: [
          ["x-api-version", "1"],
          ["x-api-version", "2"],
        ],
      });
      expect(twice.status).toBe(400);
    });
  });

  test("holds for the handshake of a socket", async () => {
    await using client = testClient(app);
    const socket = await client.socket("/live", { headers: { "x-api-version": "1" } });
    expect(await socket.receive()).toBe("1");
  });

  test("is not asked of a browser's preflight request inside of cors", async () => {
    const open = make({ header: "x-api-version" }, [
      cors({ origins: ["https://a.example"], headers: ["x-api-version"] }),
    ]);
    const answer = await testClient(open).request("OPTIONS", "/which", {
      headers: {
        origin: "https://a.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "x-api-version",
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-headers")).toContain("x-api-version");
  });
});

test("without a default, a version must be named", async () => {
  const answer = await ask(make({ header: "x-api-version" }), "/which");
  expect([answer.status, answer.headers.get("vary")]).toEqual([400, "x-api-version"]);
  expect(await answer.json()).toMatchObject({ versions: ["1", "2"] });
});

test("a version in the query is one of the versions, once", async () => {
  const app = make({ query: "version" });
  const answer = await ask(app, "/which?version=1");
  expect([await answer.json(), answer.headers.get("vary")]).toEqual(["1", null]);
  for (const search of ["", "?version=3", "?version=1&version=2", "?version=%ff", "?version="]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is soon enough
    expect((await ask(app, `/which${search}`)).status).toBe(400);
  }
});

describe("a version in a media type", () => {
  const mediaType = "application/vnd.shop.v{version}+json";
  const app = make({ mediaType, default: "2" });
  const strict = make({ mediaType });
  const v1 = "application/vnd.shop.v1+json";
  const v2 = "application/vnd.shop.v2+json";
  const v9 = "application/vnd.shop.v9+json";

  test.each([
    [v1, "1", v1],
    ["Application/VND.shop.V1+JSON; charset=utf-8", "1", v1],
    [`${v1};q=0.5, ${v2};q=0.4`, "1", v1],
    [`${v9}, ${v1};q=0.5`, "1", v1],
    [`${v9}, */*;q=0.1`, "2", v2],
    ["*/*", "2", v2],
    ["application/*", "2", v2],
    ["application/json", "2", "application/json"],
    ["text/html, application/json;q=0.9", "2", "application/json"],
    [`${v1};q=0`, "2", "application/json"],
  ])("Accept: %s is served by version %s as %s", async (accept, version, type) => {
    const answer = await ask(app, "/which", { accept });
    expect([await answer.json(), answer.headers.get("content-type")]).toEqual([version, type]);
    expect(answer.headers.get("vary")).toBe("accept");
  });

  test.each([v9, "application/vnd.shop.vconstructor+json", `${v9}, text/html`])(
    "Accept: %s alone is not acceptable",
    async (accept) => {
      const answer = await ask(app, "/which", { accept });
      expect(answer.status).toBe(406);
      expect(answer.headers.get("vary")).toBe("accept");
      expect(await answer.json()).toMatchObject({ code: "unknown-version", versions: ["1", "2"] });
    },
  );

  test("must be named where there is no default", async () => {
    expect((await ask(strict, "/which", { accept: "*/*" })).status).toBe(406);
    expect((await ask(strict, "/which", { accept: v1 })).status).toBe(200);
  });

  test("stands in the type of a body too, which is read as JSON", async () => {
    const send = (type: string, accept: string) =>
      testClient(strict).post("/echo", {
        headers: { "content-type": type, accept },
        body: '{"a":1}',
      });
    const answer = await send(v1, "*/*");
    expect([await answer.json(), answer.headers.get("content-type")]).toEqual([{ a: 1 }, v1]);
    expect((await send(v1, v1)).status).toBe(200);
    expect((await send("application/json", v2)).status).toBe(200);
    expect((await send(v2, v1)).status).toBe(415);
    expect((await send(v9, v1)).status).toBe(415);
    expect((await send(v9, "*/*")).status).toBe(415);
  });

  test("leaves problems their own type", async () => {
    const answer = await ask(app, "/items/x", { accept: v1 });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      422,
      "application/problem+json",
    ]);
    expect(answer.headers.get("vary")).toBe("accept");
  });
});

test("one router stands under several prefixes, documented under each", async () => {
  const items = router("/items", shared);
  const app = martlet({ v1: router("/v1", { items }), latest: router("/latest", { items }) });
  for (const prefix of ["/v1", "/latest"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is soon enough
    expect(await (await ask(app, `${prefix}/items/items/7`)).json()).toBe(7);
  }
  const ids = app.routes().map(({ operationId }) => operationId);
  expect(ids).toContain("v1.items.item");
  expect(ids).toContain("latest.items.item");
  expect(Object.keys(app.openapi().paths)).toHaveLength(8);
});

test("the problem can be declared, and tells its versions in the document", () => {
  const read = get("/", { throws: [UnknownVersion] }, () => null);
  const document = JSON.stringify(martlet({ read }).openapi());
  expect(document).toContain('"versions":{"type":"array","items":{"type":"string"}}');
});

test.each([
  [{ header: "x", versions: { "1": "v1" } }, '"v1" is no prefix'],
  [{ header: "x", versions: { "1": "/v1/" } }, '"/v1/" is no prefix'],
  [{ header: "x", versions: { "1": "/" } }, '"/" is no prefix'],
  [{ header: "x", versions, default: "3" }, 'the default "3" is none of the versions'],
  [{ mediaType: "application/json", versions }, "is no media type of JSON with a version"],
])("options that make no sense are refused at once: %j", (options, message) => {
  expect(() => versionFrom(options as VersionOptions)).toThrow(message);
});
