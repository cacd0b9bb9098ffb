import {
  Answer,
  del,
  get,
  type Deprecation,
  Forbidden,
  martlet,
  post,
  problem,
  response,
  router,
} from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const since = "2026-01-01T00:00:00Z";
const sunset = new Date("2026-12-31T23:59:59Z");
const link = "https://shop.test/migrate";
/** What every answer of a route with all three says. */
const all = {
  deprecation: "@1767225600",
  sunset: "Thu, 31 Dec 2026 23:59:59 GMT",
  link: `<${link}>; rel="deprecation", <${link}>; rel="sunset"`,
};
const Gone = problem(410, "gone");
const deprecated = { since, sunset, link };
const routes = {
  read: get("/{id}", { path: { id: z.int() }, throws: [Gone] }, ({ id }) =>
    id === 0 ? new Gone({}) : { id },
  ),
  broken: post("/broken", {}, () => {
    throw new Error("broken");
  }),
  stream: get("/stream", {}, () => new Answer(200, {}, new Blob(["a", "b"]).stream())),
  paged: get("/paged", { use: { response } }, ({ response }) => {
    response.header("link", '</paged?after=7>; rel="next"');
    response.header("sunset", "Fri, 01 Jan 2027 00:00:00 GMT");
    return [];
  }),
  guarded: get(
    "/guarded",
    {
      middleware: [
        () => {
          throw new Forbidden();
        },
      ],
    },
    () => null,
  ),
  gone: del("/{id}", { path: { id: z.int() }, status: 204 }, () => undefined),
};
const app = martlet(
  {
    old: router("/old", routes, { deprecated }),
    kept: router(
      "/kept",
      { ...routes, read: get("/{id}", { path: { id: z.int() }, deprecated: false }, () => null) },
      { deprecated },
    ),
    plain: get("/plain", { deprecated: true }, () => null),
    soon: get("/soon", { deprecated: { sunset } }, () => null),
  },
  { report: () => {} },
);

/** The headers of a deprecation in an answer. */
function toldBy({ headers }: Response): Record<string, string | null> {
  return Object.fromEntries(Object.keys(all).map((name) => [name, headers.get(name)]));
}

describe("a deprecated route", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  test.each([
    ["GET", "/old/7", 200],
    ["HEAD", "/old/7", 200],
    ["GET", "/old/0", 410],
    ["GET", "/old/x", 422],
    ["POST", "/old/broken", 500],
    ["GET", "/old/stream", 200],
    ["GET", "/old/guarded", 403],
    ["DELETE", "/old/7", 204],
    ["POST", "/kept/broken", 500],
  ])("says so with every answer: %s %s", async (method, path, status) => {
    const answer = await fetch(server.url + path, { method });
    await answer.arrayBuffer();
    expect(answer.status).toBe(status);
    expect(toldBy(answer)).toEqual(all);
  });

  test("keeps what its answer says itself, and adds its links", async () => {
    const answer = await fetch(`${server.url}/old/paged`);
    expect(toldBy(answer)).toEqual({
      deprecation: all.deprecation,
      sunset: "Fri, 01 Jan 2027 00:00:00 GMT",
      link: `</paged?after=7>; rel="next", ${all.link}`,
    });
  });

  test.each([
    ["/plain", {}],
    ["/kept/7", {}],
    ["/soon", { sunset: all.sunset }],
    ["/nowhere", {}],
  ])("says what it was told, and no more: %s", async (path, told) => {
    const none = { deprecation: null, sunset: null, link: null };
    expect(toldBy(await fetch(server.url + path))).toEqual({ ...none, ...told });
  });

  test("is told in the document, with its headers", () => {
    const operation = app.openapi().paths["/old/{id}"]?.["get"];
    expect(operation?.deprecated).toBe(true);
    for (const status of ["200", "410", "422"]) {
      expect(operation?.responses[status]?.headers).toMatchObject({
        Deprecation: { schema: { type: "string", examples: [all.deprecation] } },
        Sunset: { schema: { type: "string", examples: [all.sunset] } },
        Link: { schema: { type: "string", examples: [all.link] } },
      });
    }
    expect(app.openapi().paths["/plain"]?.["get"]?.responses["200"]).not.toHaveProperty("headers");
  });

  test("may be any of an application", async () => {
    const client = testClient(martlet({ plain: get("/", {}, () => null) }, { deprecated }));
    expect(toldBy(await client.get("/"))).toEqual(all);
  });
});

describe("the start finds a deprecation", () => {
  test.each<[Deprecation, RegExp]>([
    [{ since: "tomorrow" }, /M014 "tomorrow" is no time for `since`/],
    [{ since: "2026-02-30" }, /M014 "2026-02-30" is no time/],
    [{ since: "2026-01-01T12:00" }, /M014 "2026-01-01T12:00" is no time/],
    [{ sunset: new Date(Number.NaN) }, /M014 "Invalid Date" is no time for `sunset`/],
    [{ since: "2026-02-01", sunset: "2026-01-01" }, /M014 The sunset is before the deprecation/],
    [{ link: "https://shop.test/>; rel=x" }, /M014 .* is no URL for `link`/],
    [{ link: "" }, /M014 "" is no URL/],
  ])("that cannot be: %j", (deprecated, message) => {
    const old = get("/", { deprecated }, () => null);
    expect(() => martlet({ old }).ready()).toThrow(message);
  });

  test("and takes one that can be", () => {
    const deprecated = { since: "2026-01-01", sunset: "2026-01-01", link: "/migrate?to=2#how" };
    expect(() => martlet({ old: get("/", { deprecated }, () => null) }).ready()).not.toThrow();
  });
});
