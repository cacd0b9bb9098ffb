import { dependency, type Document, Forbidden, get, martlet, router, scopes } from "martlet";
import { apiKey, bearer, httpBasic, oauth2Password, optional } from "martlet/auth";
import { describe, expect, test } from "vitest";

const nothing = () => undefined as never;

function security(document: Document, path = "/"): unknown {
  return document.paths[path]?.["get"]?.security;
}

function statuses(document: Document, path = "/"): string[] {
  return Object.keys(document.paths[path]?.["get"]?.responses ?? {});
}

describe("credentials", () => {
  test("are security schemes of the document", () => {
    const document = martlet({
      home: get(
        "/",
        {
          security: {
            a: bearer({ format: "JWT", description: "From /token." }),
            b: httpBasic(),
            c: apiKey({ header: "X-Key", name: "headerKey" }),
            d: apiKey({ query: "key", name: "queryKey" }),
            e: apiKey({ cookie: "key", name: "cookieKey" }),
            f: oauth2Password({ tokenUrl: "/token", scopes: { read: "Read all" } }),
          },
        },
        nothing,
      ),
    }).openapi();
    expect(document.components?.securitySchemes).toEqual({
      bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "From /token." },
      basic: { type: "http", scheme: "basic" },
      headerKey: { type: "apiKey", in: "header", name: "X-Key" },
      queryKey: { type: "apiKey", in: "query", name: "key" },
      cookieKey: { type: "apiKey", in: "cookie", name: "key" },
      oauth2: {
        type: "oauth2",
        flows: { password: { tokenUrl: "/token", scopes: { read: "Read all" } } },
      },
    });
  });

  test("that are all needed go together, and their lack is 401", () => {
    const home = get("/", { security: { a: bearer(), b: apiKey({ header: "x-key" }) } }, nothing);
    const document = martlet({ home }).openapi();
    expect(security(document)).toEqual([{ bearer: [], apiKey: [] }]);
    expect(document.paths["/"]?.["get"]?.responses["401"]?.headers).toHaveProperty([
      "WWW-Authenticate",
    ]);
  });

  test("that are optional may be left out, and their lack is no 401", () => {
    const home = get("/", { security: { a: optional(bearer()) } }, nothing);
    const document = martlet({ home }).openapi();
    expect(security(document)).toEqual([{ bearer: [] }, {}]);
    expect(statuses(document)).not.toContain("401");
  });

  test("that are optional are each another way", () => {
    const either = { a: optional(bearer()), b: optional(httpBasic()) };
    const home = get("/", { security: { ...either, c: apiKey({ header: "x-key" }) } }, nothing);
    expect(security(martlet({ home }).openapi())).toEqual([
      { apiKey: [], bearer: [] },
      { apiKey: [], basic: [] },
      { apiKey: [] },
    ]);
  });

  test("that are optional here and needed there are needed", () => {
    const visitor = dependency({ security: { a: optional(bearer()) } }, nothing);
    const caller = dependency({ security: { a: bearer() } }, nothing);
    const home = get("/", { use: { visitor, caller } }, nothing);
    expect(security(martlet({ home }).openapi())).toEqual([{ bearer: [] }]);
  });

  test("of dependencies, routers and the application are those of the route", () => {
    const key = dependency({ security: { key: apiKey({ header: "x-key" }) } }, nothing);
    const home = get("/", { use: { key } }, nothing);
    const shop = router("/shop", { home }, { security: { user: httpBasic() } });
    const app = martlet({ shop, open: get("/open", {}, nothing) }, { security: { a: bearer() } });
    expect(security(app.openapi(), "/shop")).toEqual([{ bearer: [], basic: [], apiKey: [] }]);
    expect(security(app.openapi(), "/open")).toEqual([{ bearer: [] }]);
  });

  test("are asked of nobody else", () => {
    const document = martlet({ open: get("/", {}, nothing) }).openapi();
    expect([document.security, security(document)]).toEqual([[], undefined]);
  });

  test("of one name but another kind are another scheme", () => {
    const document = martlet({
      a: get("/a", { security: { key: apiKey({ header: "x-a" }) } }, nothing),
      b: get("/b", { security: { key: apiKey({ header: "x-b" }) } }, nothing),
      c: get("/c", { security: { key: apiKey({ header: "x-a" }) } }, nothing),
    }).openapi();
    expect(Object.keys(document.components?.securitySchemes ?? {})).toEqual(["apiKey", "apiKey2"]);
    expect(security(document, "/b")).toEqual([{ apiKey2: [] }]);
    expect(security(document, "/c")).toEqual([{ apiKey: [] }]);
  });
});

describe("scopes", () => {
  const token = oauth2Password({ tokenUrl: "/token", scopes: { "items:read": "Read items" } });
  const user = dependency({ security: { token }, use: { scopes }, throws: [Forbidden] }, nothing);
  const document = martlet({
    read: get("/read", { use: { user: user.scopes("items:read") } }, nothing),
    write: get(
      "/write",
      { use: { user: user.scopes("items:read", "items:write"), again: user.scopes("admin") } },
      nothing,
    ),
  }).openapi();

  test("are those that a dependency is asked for", () => {
    expect(security(document, "/read")).toEqual([{ oauth2: ["items:read"] }]);
    expect(security(document, "/write")).toEqual([
      { oauth2: ["items:read", "items:write", "admin"] },
    ]);
    expect(statuses(document, "/read")).toEqual(["200", "401", "403"]);
  });

  test("are offered by the flow, also those that only a route names", () => {
    expect(document.components?.securitySchemes?.["oauth2"]).toMatchObject({
      flows: {
        password: { scopes: { "items:read": "Read items", "items:write": "", admin: "" } },
      },
    });
  });
});
