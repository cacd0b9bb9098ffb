import { dependency, get, martlet, problem, Unauthorized } from "martlet";
import {
  apiKey,
  bearer,
  type Credential,
  httpBasic,
  httpDigest,
  InsufficientScope,
  InvalidToken,
  mutualTls,
  oauth2,
  oauth2Code,
  oauth2Password,
  openIdConnect,
  optional,
} from "martlet/auth";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";

/** What a route answers that gives back the credential it was sent. */
async function sent(
  credential: Credential<unknown>,
  headers: Readonly<Record<string, string>> = {},
  path = "/",
): Promise<{ status: number; challenge: string | null; body: unknown }> {
  const home = get("/", { security: { credential } }, ({ credential: value }) => ({ value }));
  const response = await testClient(martlet({ home })).get(path, { headers });
  const body = (await response.json()) as { value?: unknown; code?: string };
  const challenge = response.headers.get("www-authenticate");
  return { status: response.status, challenge, body: body.value ?? body.code };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a token", () => {
  const kinds = {
    bearer: bearer(),
    oauth2Password: oauth2Password({ tokenUrl: "/token" }),
    oauth2Code: oauth2Code({ authorizationUrl: "/authorize", tokenUrl: "/token" }),
    oauth2: oauth2({ flows: { clientCredentials: { tokenUrl: "/token" } } }),
    openIdConnect: openIdConnect({ url: "https://id.test/.well-known/openid-configuration" }),
  };

  test.each(Object.entries(kinds))("is what stands behind Bearer: %s", async (_name, kind) => {
    for (const authorization of ["Bearer t0ken", "bearer t0ken", "BEARER  t0ken "]) {
      expect(await sent(kind, { authorization })).toMatchObject({ status: 200, body: "t0ken" });
    }
    for (const authorization of ["", "Bearer", "Bearer ", "Bearer\tt0ken", "Basic dTpw", "t0ken"]) {
      expect(await sent(kind, { authorization })).toEqual({
        status: 401,
        challenge: "Bearer",
        body: "unauthorized",
      });
    }
    expect(await sent(kind, {}, "/?access_token=t0ken")).toMatchObject({ status: 401 });
  });

  test("may stand behind another word", async () => {
    const kind = bearer({ prefixes: ["Token", "Bearer"] });
    expect(await sent(kind, { authorization: "Token abc" })).toMatchObject({ body: "abc" });
    expect(await sent(kind)).toMatchObject({ challenge: "Token" });
  });
});

describe("a user name with a password", () => {
  test.each([
    ["plain", "john:secret", { username: "john", password: "secret" }],
    ["beyond ASCII", "jürgen:paßwörd€", { username: "jürgen", password: "paßwörd€" }],
    ["with colons in the password", "a:b:c", { username: "a", password: "b:c" }],
    ["that are empty", ":", { username: "", password: "" }],
  ])("may be %s", async (_what, text, body) => {
    const authorization = `Basic ${base64(text)}`;
    expect(await sent(httpBasic(), { authorization })).toMatchObject({ status: 200, body });
  });

  test.each([
    ["not Base64", "Basic notabase64token!"],
    ["without a colon", `Basic ${base64("john")}`],
    ["not UTF-8", `Basic ${Buffer.from([0x6a, 0xff, 0x3a, 0x70]).toString("base64")}`],
    ["empty", "Basic "],
  ])("is none when %s", async (_what, authorization) => {
    expect(await sent(httpBasic({ realm: "shop" }), { authorization })).toEqual({
      status: 401,
      challenge: 'Basic realm="shop", charset="UTF-8"',
      body: "unauthorized",
    });
  });
});

describe("a digest", () => {
  test("is left to a dependency", async () => {
    const parameters = { nonce: "abc", qop: "auth" };
    expect(await sent(httpDigest({ parameters }))).toMatchObject({
      challenge: 'Digest realm="api", nonce="abc", qop="auth"',
    });
    const authorization = 'Digest username="ann", response="1"';
    expect(await sent(httpDigest(), { authorization })).toMatchObject({
      body: 'username="ann", response="1"',
    });
  });
});

describe("a key", () => {
  test("stands in a header, the query or a cookie", async () => {
    expect(await sent(apiKey({ header: "X-Key" }), { "x-key": "k" })).toMatchObject({ body: "k" });
    expect(await sent(apiKey({ query: "key" }), {}, "/?key=k")).toMatchObject({ body: "k" });
    expect(await sent(apiKey({ cookie: "key" }), { cookie: "key=k" })).toMatchObject({ body: "k" });
  });

  test("that is empty is none", async () => {
    expect(await sent(apiKey({ header: "x-key" }), { "x-key": "" })).toEqual({
      status: 401,
      challenge: "ApiKey",
      body: "unauthorized",
    });
    expect(await sent(apiKey({ query: "key" }), {}, "/?key=")).toMatchObject({ status: 401 });
  });

  test("that is there twice is a bad request, and in cookies none", async () => {
    expect(await sent(apiKey({ query: "key" }), {}, "/?key=a&key=b")).toMatchObject({
      status: 400,
      body: "bad-request",
    });
    expect(await sent(apiKey({ cookie: "key" }), { cookie: "key=a; key=b" })).toEqual({
      status: 401,
      challenge: "Cookie",
      body: "unauthorized",
    });
  });

  test("must stand somewhere", () => {
    expect(() => apiKey({})).toThrow("apiKey() needs a header, a query or a cookie name");
  });
});

describe("a certificate", () => {
  test("is what the proxy in front says", async () => {
    const certificate = mutualTls({ header: "Client-Cert" });
    expect(await sent(certificate, { "client-cert": ":MIIB:" })).toMatchObject({ body: ":MIIB:" });
    expect(await sent(certificate)).toMatchObject({ status: 401, challenge: "MutualTLS" });
  });
});

describe("a credential that is refused", () => {
  const told = async (credential: Credential<string>, detail?: string) => {
    const caller = dependency(
      { security: { sent: credential }, throws: [InvalidToken, Unauthorized] },
      () => credential.refuse(detail === undefined ? {} : { detail }),
    );
    const home = get("/", { use: { caller } }, () => "never");
    const headers = { authorization: "Bearer t0ken", "x-key": "k" };
    const response = await testClient(martlet({ home })).get("/", { headers });
    const { code, detail: why } = (await response.json()) as { code: string; detail: string };
    return [response.status, response.headers.get("www-authenticate"), code, why];
  };

  test("is told so by its own challenge", async () => {
    expect(await told(bearer())).toEqual([
      401,
      'Bearer error="invalid_token"',
      "invalid-token",
      "The credentials are not valid.",
    ]);
    expect(await told(bearer(), "The token has expired.")).toEqual([
      401,
      'Bearer error="invalid_token", error_description="The token has expired."',
      "invalid-token",
      "The token has expired.",
    ]);
    expect(await told(apiKey({ header: "x-key" }))).toEqual([
      401,
      "ApiKey",
      "unauthorized",
      "The credentials are not valid.",
    ]);
  });

  test("breaks out of no quotes", async () => {
    const [, challenge] = await told(bearer(), 'a"b\\c\r\nd\u20ac');
    expect(challenge).toBe('Bearer error="invalid_token", error_description="a?b?c??d?"');
  });

  test("for lack of scopes is 403, and is told which", async () => {
    const token = oauth2Password({ tokenUrl: "/token" });
    const caller = dependency({ security: { token }, throws: [InsufficientScope] }, () =>
      token.forbid(["items", "items:write"]),
    );
    const home = get("/", { use: { caller } }, () => "never");
    const headers = { authorization: "Bearer t0ken" };
    const response = await testClient(martlet({ home })).get("/", { headers });
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer error="insufficient_scope", scope="items items:write"',
    );
    expect(await response.json()).toMatchObject({ code: "insufficient-scope" });
  });
});

describe("problems of one's own", () => {
  const NotSignedIn = problem(403, "not-signed-in");
  const TokenTired = problem(401, "token-tired");
  const token = bearer({ missing: NotSignedIn, invalid: TokenTired });
  const caller = dependency({ security: { token }, throws: [TokenTired] }, ({ token: text }) =>
    text === "good" ? text : token.refuse(),
  );
  const home = get("/", { use: { caller } }, ({ caller: text }) => text);
  const app = martlet({ home }, { report: (report) => expect.unreachable(report.kind) });

  test("stand for a credential that is missing, and for one that is not valid", async () => {
    const client = testClient(app);
    const missing = await client.get("/");
    expect([missing.status, missing.headers.get("www-authenticate")]).toEqual([403, "Bearer"]);
    expect(await missing.json()).toMatchObject({ code: "not-signed-in" });
    const invalid = await client.get("/", { headers: { authorization: "Bearer bad" } });
    expect([invalid.status, invalid.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
    expect(await invalid.json()).toMatchObject({ code: "token-tired" });
  });

  test("are told in the document, and the usual one is not", () => {
    const responses = app.openapi().paths["/"]?.["get"]?.responses ?? {};
    expect(Object.keys(responses)).toEqual(["200", "401", "403"]);
    expect(responses["401"]?.description).toBe("Token tired");
    expect(responses["403"]?.description).toBe("Not signed in");
  });

  test("of a key stand for both", async () => {
    const key = apiKey({ header: "x-key", missing: NotSignedIn });
    expect(key.refuse().code).toBe("not-signed-in");
    expect(await sent(key)).toMatchObject({ status: 403, body: "not-signed-in" });
  });
});

describe("an optional credential", () => {
  test("is undefined when there is none, and still a bad request when there are two", async () => {
    const key = optional(apiKey({ query: "key" }));
    const home = get("/", { security: { key } }, ({ key: value }) => ({ known: value ?? null }));
    const client = testClient(martlet({ home }));
    expect(await (await client.get("/")).json()).toEqual({ known: null });
    expect(await (await client.get("/?key=k")).json()).toEqual({ known: "k" });
    expect((await client.get("/?key=a&key=b")).status).toBe(400);
  });
});
