import { dependency, type Document, Faults, get, martlet, router } from "martlet";
import { all, any, apiKey, bearer, httpBasic, oauth2Password, optional } from "martlet/auth";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { objections } from "../openapi/validity.ts";
import { served } from "../weaknesses/served.ts";
import { talk } from "../wire.ts";

const key = apiKey({ header: "x-key" });
const token = bearer();
const basic = httpBasic();
const info = { servers: [{ url: "/" }], license: { name: "MIT", identifier: "MIT" } };
const nothing = () => undefined as never;

function security(document: Document, path = "/"): unknown {
  return document.paths[path]?.["get"]?.security;
}

/** Every `www-authenticate` header by itself, as it is sent. */
function challenges(response: Response): string | null {
  return response.headers.get("www-authenticate");
}

describe("one of several", () => {
  const caller = any({ token, key, basic });
  const home = get("/", { security: { caller } }, ({ caller: sent }) => {
    expectTypeOf(sent.token).toEqualTypeOf<string | undefined>();
    if (sent.token === undefined && sent.key === undefined) {
      expectTypeOf(sent.basic.username).toEqualTypeOf<string>();
    }
    return sent;
  });
  const app = martlet({ home });
  const client = testClient(app);
  const ask = async (headers: Record<string, string>) =>
    (await client.get("/", { headers })).json();

  test("is the first that is there, by its name", async () => {
    expect(await ask({ authorization: "Bearer t" })).toEqual({ token: "t" });
    expect(await ask({ "x-key": "k" })).toEqual({ key: "k" });
    expect(await ask({ authorization: "Bearer t", "x-key": "k" })).toEqual({ token: "t" });
    expect(await ask({ authorization: "Basic YTpi" })).toEqual({
      basic: { username: "a", password: "b" },
    });
    expect(await ask({ authorization: "Bearer ", "x-key": "k" })).toEqual({ key: "k" });
  });

  test("must be there, and every one of them is asked for", async () => {
    const response = await client.get("/");
    expect(response.status).toBe(401);
    expect(challenges(response)).toBe('Bearer, ApiKey, Basic realm="api", charset="UTF-8"');
    const answer = caller.refuse().headers["www-authenticate"];
    expect(answer).toEqual(["Bearer", "ApiKey", 'Basic realm="api", charset="UTF-8"']);
  });

  test("is asked for in a header of its own each, on the wire", () =>
    served(app, async (_url, port) => {
      const { bytes } = await talk(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const lines = bytes.toString().split("\r\n");
      expect(lines.filter((each) => /^www-authenticate:/i.test(each))).toHaveLength(3);
    }));

  test("is each an alternative of the document", async () => {
    expect(security(app.openapi())).toEqual([{ bearer: [] }, { apiKey: [] }, { basic: [] }]);
    expect(await objections(app.with(info).openapi())).toEqual([]);
  });

  test("needs no names", async () => {
    const text = any(token, key);
    const read = get("/", { security: { text } }, ({ text: sent }) => {
      expectTypeOf(sent).toEqualTypeOf<string>();
      return sent;
    });
    const headers = { "x-key": "k" };
    expect(await (await testClient(martlet({ read })).get("/", { headers })).json()).toBe("k");
  });

  test("may be missing altogether", async () => {
    const visitor = optional(any({ token, key }));
    const read = get("/", { security: { visitor } }, ({ visitor: sent }) => sent ?? {});
    const open = martlet({ read });
    expect(await (await testClient(open).get("/")).json()).toEqual({});
    expect(security(open.openapi())).toEqual([{ bearer: [] }, { apiKey: [] }, {}]);
    expect(Object.keys(open.openapi().paths["/"]?.["get"]?.responses ?? {})).toEqual(["200"]);
  });
});

describe("several together", () => {
  const pair = all({ token, key });
  const home = get("/", { security: { pair } }, ({ pair: sent }) => {
    expectTypeOf(sent).toEqualTypeOf<{ readonly token: string; readonly key: string }>();
    return sent;
  });
  const app = martlet({ home });

  test("must all be there", async () => {
    const client = testClient(app);
    const both = { authorization: "Bearer t", "x-key": "k" };
    expect(await (await client.get("/", { headers: both })).json()).toEqual({
      token: "t",
      key: "k",
    });
    for (const headers of [{}, { authorization: "Bearer t" }, { "x-key": "k" }]) {
      const response = await client.get("/", { headers });
      expect([response.status, challenges(response)]).toEqual([401, "Bearer, ApiKey"]);
    }
  });

  test("are one alternative of the document", () => {
    expect(security(app.openapi())).toEqual([{ bearer: [], apiKey: [] }]);
  });

  test("are a list without names", () => {
    const read = get("/", { security: { pair: all(token, basic) } }, ({ pair: [text, user] }) => {
      expectTypeOf(text).toEqualTypeOf<string>();
      expectTypeOf(user.username).toEqualTypeOf<string>();
      return null;
    });
    // No request can have both, and the document does not pretend to know better.
    expect(security(martlet({ read }).openapi())).toEqual([{ bearer: [], basic: [] }]);
  });
});

describe("combinations of combinations", () => {
  const other = apiKey({ header: "x-other", name: "other" });
  const cookie = apiKey({ cookie: "c", name: "cookie" });

  test("are told as alternatives of what goes together", async () => {
    const caller = any({ pair: all({ key, either: any({ token, other }) }), basic });
    const home = get("/", { security: { caller } }, ({ caller: sent }) => sent);
    const app = martlet({ home });
    expect(security(app.openapi())).toEqual([
      { apiKey: [], bearer: [] },
      { apiKey: [], other: [] },
      { basic: [] },
    ]);
    const headers = { "x-key": "k", "x-other": "o" };
    expect(await (await testClient(app).get("/", { headers })).json()).toEqual({
      pair: { key: "k", either: { other: "o" } },
    });
    expect(await objections(app.with(info).openapi())).toEqual([]);
  });

  test("multiply with those of the routers and of the application", () => {
    const home = get("/", { security: { caller: any({ token, other }) } }, nothing);
    const shop = router("/shop", { home }, { security: { a: any(key, cookie) } });
    const app = martlet({ shop }, { security: { b: optional(apiKey({ query: "q", name: "q" })) } });
    expect(security(app.openapi(), "/shop")).toEqual([
      { q: [], apiKey: [], bearer: [] },
      { q: [], apiKey: [], other: [] },
      { q: [], cookie: [], bearer: [] },
      { q: [], cookie: [], other: [] },
      { apiKey: [], bearer: [] },
      { apiKey: [], other: [] },
      { cookie: [], bearer: [] },
      { cookie: [], other: [] },
    ]);
  });

  test("that come to the same are told once", () => {
    const home = get("/", { security: { a: any(token, key), b: any(key, token) } }, nothing);
    expect(security(martlet({ home }).openapi())).toEqual([
      { bearer: [], apiKey: [] },
      { bearer: [] },
      { apiKey: [] },
    ]);
  });

  test("that no request can have are left out where others can be had", () => {
    const home = get("/", { security: { a: any(token, key), b: any(basic, key) } }, nothing);
    expect(security(martlet({ home }).openapi())).toEqual([
      { bearer: [], apiKey: [] },
      { apiKey: [], basic: [] },
      { apiKey: [] },
    ]);
  });

  test("ask scopes of every alternative: roles, where a scheme has none", async () => {
    const oauth = oauth2Password({ tokenUrl: "/token", scopes: { "items:read": "Read items" } });
    const caller = dependency({ security: { sent: any({ oauth, key }) } }, nothing);
    const home = get("/", { use: { caller: caller.scopes("items:read") } }, nothing);
    const document = martlet({ home }, info).openapi();
    expect(security(document)).toEqual([{ oauth2: ["items:read"] }, { apiKey: ["items:read"] }]);
    expect(await objections(document)).toEqual([]);
  });

  test("that nobody would read are a fault", () => {
    const keys = Array.from({ length: 5 }, (_each, index) =>
      apiKey({ header: `x-${index}`, name: `key${index}` }),
    );
    const choice = any(...(keys as [typeof key, ...(typeof key)[]]));
    const home = get("/", { security: { a: choice, b: choice, c: choice } }, nothing);
    expect(() => martlet({ home }).ready()).toThrow(Faults);
    expect(() => martlet({ home }).ready()).toThrow(/M019 .*more than 64 ways/);
    expect(() => all({ a: choice, b: choice, c: choice })).toThrow(/more than 64 ways/);
  });

  test("are made of credentials", () => {
    const loose = optional(token) as unknown as typeof token;
    expect(() => any({ loose })).toThrow(
      '"loose" is no credential; an optional one is optional(any({ … }))',
    );
    expect(() => any({})).toThrow("There is no credential among these");
    // @ts-expect-error -- an optional credential inside would make the whole optional
    expect(() => all(token, optional(key))).toThrow('"1" is no credential');
  });
});
