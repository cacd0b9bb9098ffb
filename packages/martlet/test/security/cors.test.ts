import { isDeepStrictEqual } from "node:util";
import {
  type Answer,
  get,
  HttpRequest,
  martlet,
  type Middleware,
  post,
  Unauthorized,
} from "martlet";
import { bearer } from "martlet/auth";
import { cors, type CorsOptions } from "martlet/security";
import { listen, type RunningServer } from "martlet/server";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { corpus } from "../vectors.ts";

interface CorsCase {
  readonly id: string;
  readonly why: string;
  readonly policy: CorsOptions;
  readonly request: { readonly method: string; readonly origin: string | null };
  readonly expect:
    | "configuration-error"
    | {
        readonly allow_origin: string | null;
        readonly credentials: boolean;
        readonly vary_origin: boolean;
      };
}

const cases = corpus("cors") as readonly CorsCase[];
const ping = get("/ping", {}, () => "pong");

/** Answers a request whose origin may be what no client would send. */
async function ask(
  middleware: Middleware,
  method: string,
  headers: Readonly<Record<string, string | null>>,
): Promise<Answer> {
  const app = martlet({ ping }, { middleware: [middleware] });
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [name, value],
  );
  const exchange = { method, target: "/ping", rawHeaders, body: undefined, address: undefined };
  return await app.handle(new HttpRequest(exchange));
}

/** What there is to see of the answers to a case: to the request itself, and to its preflight. */
async function outcome(each: CorsCase, make: (policy: CorsOptions) => Middleware) {
  if (each.expect === "configuration-error") return refusedAtStart(() => make(each.policy));
  const middleware = make(each.policy);
  const { origin, method } = each.request;
  const simple = await ask(middleware, method, { origin });
  const preflight = await ask(middleware, "OPTIONS", {
    origin,
    "access-control-request-method": "PUT",
    "access-control-request-headers": "authorization",
  });
  return {
    simple: { status: simple.status, ...permission(simple) },
    preflight: { status: preflight.status, ...permission(preflight) },
    told: ["allow-methods", "allow-headers", "max-age"].filter(
      (name) => `access-control-${name}` in preflight.headers,
    ),
  };
}

function permission({ headers }: Answer) {
  return {
    origin: headers["access-control-allow-origin"] ?? null,
    credentials: headers["access-control-allow-credentials"] === "true",
    vary: headers["vary"] === "origin",
  };
}

function refusedAtStart(make: () => unknown): string {
  try {
    make();
    return "taken";
  } catch (error) {
    return error instanceof TypeError ? "configuration-error" : String(error);
  }
}

/** What there should be. */
function expected({ expect: wanted }: CorsCase) {
  if (wanted === "configuration-error") return wanted;
  const { allow_origin: origin, credentials, vary_origin: vary } = wanted;
  return {
    simple: { status: 200, origin, credentials, vary },
    preflight: { status: 204, origin, credentials, vary },
    told: origin === null ? [] : ["allow-methods", "allow-headers", "max-age"],
  };
}

describe("the corpus of origins", () => {
  test("has an origin that is let in (positive control)", async () => {
    const [first] = cases;
    expect(first?.expect).toMatchObject({ allow_origin: "https://a.preview.example" });
    expect(await outcome(first as CorsCase, cors)).toEqual(expected(first as CorsCase));
  });

  test("is whole", () => {
    expect(cases).toHaveLength(21);
  });

  test.for(cases)("$id: $request.origin, $why", async (each) => {
    expect(await outcome(each, cors)).toEqual(expected(each));
  });

  test("catches what looks at origins carelessly (negative control)", async () => {
    const careless = ({ origins, credentials = false }: CorsOptions): Middleware => {
      const texts = (origins as readonly string[]).map((each) =>
        each.replace(/^https:\/\/\*?/, ""),
      );
      return async (request, next) => {
        const origin = request.header("origin");
        const answer = await next();
        if (origin === undefined || origin.includes("\0")) return answer;
        if (!texts.some((each) => origin.includes(each))) return answer;
        return answer.with({
          "access-control-allow-origin": origin,
          ...(credentials && { "access-control-allow-credentials": "true" }),
          vary: "origin",
        });
      };
    };
    const judged = cases.filter((each) => each.expect !== "configuration-error");
    const outcomes = await Promise.all(judged.map((each) => outcome(each, careless)));
    const wrong = judged.filter(
      (each, index) => !isDeepStrictEqual(outcomes[index], expected(each)),
    );
    expect(wrong.length).toBeGreaterThan(10);
  });
});

describe("origins", () => {
  const allowed = async (options: CorsOptions, origin: string): Promise<boolean> => {
    const { headers } = await ask(cors(options), "GET", { origin });
    return headers["access-control-allow-origin"] === origin;
  };

  test("may be decided by a function", async () => {
    const origins = (origin: string): boolean => origin.endsWith(".example") || origin === "null";
    expect(await allowed({ origins }, "https://a.example")).toBe(true);
    expect(await allowed({ origins }, "null")).toBe(true);
    expect(await allowed({ origins }, "https://a.test")).toBe(false);
  });

  test("that no browser writes are asked of nobody", async () => {
    for (const origin of ["a\0b", "a\u00e9", "a b", ""]) {
      expect(await allowed({ origins: () => true }, origin)).toBe(false);
    }
  });

  test("may have a port, an address or another scheme", async () => {
    const origins = ["http://localhost:5173", "http://[::1]:3000", "app://martlet"];
    for (const each of origins) expect(await allowed({ origins }, each)).toBe(true);
    expect(await allowed({ origins }, "http://localhost:5174")).toBe(false);
    expect(await allowed({ origins }, "http://localhost")).toBe(false);
  });

  test.each([
    ["a path", "https://a.example/"],
    ["a user", "https://me@a.example"],
    ["no scheme", "a.example"],
    ["the port that it has anyway", "https://a.example:443"],
    ["upper case", "https://A.example"],
    ["a wildcard inside", "https://a*.example"],
    ["nobody in particular", "null"],
    ["everybody, in a list", "*"],
    ["a blank", ""],
  ])("are refused at start with %s: %s", (_why, origin) => {
    expect(() => cors({ origins: [origin] })).toThrow(TypeError);
  });

  test("are no regular expressions, and it is said why", () => {
    const origins = [/\.example$/] as unknown as readonly string[];
    expect(() => cors({ origins })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: cors(): /\\.example$/ is a regular expression, which allows more than it seems to; list origins, with "https://*.example.com" for one label, or decide in a function]`,
    );
    expect(() => cors({ origins: "*", credentials: true })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: cors(): credentials for every origin would let any page act as its visitor; list the origins, or leave "credentials" out]`,
    );
  });

  test("that are all allowed need no Vary", async () => {
    const { headers } = await ask(cors({ origins: "*" }), "GET", { origin: "https://a.example" });
    expect(headers).toMatchObject({ "access-control-allow-origin": "*" });
    expect(headers["vary"]).toBeUndefined();
  });
});

describe("a preflight request", () => {
  const origins = ["https://a.example"];
  const preflight = async (
    options: Partial<CorsOptions>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> =>
    ask(cors({ origins, ...options }), "OPTIONS", {
      origin: "https://a.example",
      "access-control-request-method": "PUT",
      ...headers,
    });

  test("is told the usual methods and headers, for ten minutes", async () => {
    const { status, headers, body } = await preflight({});
    expect([status, body]).toEqual([204, null]);
    expect(headers).toEqual({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "authorization, content-type",
      "access-control-max-age": "600",
      vary: "origin",
    });
  });

  test("for a method or header that is not listed has no headers", async () => {
    const bare = { vary: "origin" };
    expect((await preflight({ methods: ["GET", "POST"] })).headers).toEqual(bare);
    const asked = { "access-control-request-headers": "authorization, x-secret" };
    expect((await preflight({}, asked)).headers).toEqual(bare);
  });

  test("for a header that any page may send is always told yes", async () => {
    const asked = { "access-control-request-headers": "Accept-Language,content-type" };
    const { headers } = await preflight({ headers: ["X-Request-Id"] }, asked);
    expect(headers["access-control-allow-headers"]).toBe(
      "x-request-id, accept-language, content-type",
    );
  });

  test("is told what it asks for where anything goes, authorization too", async () => {
    const asked = {
      "access-control-request-method": "PURGE",
      "access-control-request-headers": "authorization, x-any",
    };
    const { headers } = await preflight({ methods: "*", headers: "*", credentials: true }, asked);
    expect(headers).toMatchObject({
      "access-control-allow-methods": "PURGE",
      "access-control-allow-headers": "authorization, x-any",
      "access-control-allow-credentials": "true",
      vary: "origin, access-control-request-method, access-control-request-headers",
    });
    const broken = { "access-control-request-headers": "a b" };
    expect((await preflight({ headers: "*" }, broken)).headers).not.toHaveProperty(
      "access-control-allow-headers",
    );
  });

  test("into a private network is told yes where that is wanted", async () => {
    const asked = { "access-control-request-private-network": "true" };
    const name = "access-control-allow-private-network";
    expect((await preflight({}, asked)).headers).not.toHaveProperty(name);
    const { headers } = await preflight({ privateNetwork: true }, asked);
    expect(headers[name]).toBe("true");
    expect(headers["vary"]).toContain("access-control-request-private-network");
  });

  test("is none without an origin or a method: OPTIONS is answered as ever", async () => {
    const plain = await ask(cors({ origins }), "OPTIONS", { origin: "https://a.example" });
    expect(plain.headers).toMatchObject({ allow: "GET, HEAD, OPTIONS", vary: "origin" });
  });
});

describe("behind a server", () => {
  const token = bearer();
  const routes = {
    ping,
    me: get("/me", { security: { token }, throws: [Unauthorized] }, () => token.refuse()),
    create: post("/items", { body: z.object({ name: z.string() }) }, ({ body }) => body),
  };
  const origin = "https://a.example";
  const app = martlet(routes, {
    middleware: [cors({ origins: [origin], credentials: true, expose: ["x-total", "etag"] })],
  });
  let server: RunningServer;

  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  test("a preflight is answered before routes and credentials", async () => {
    for (const path of ["/me", "/items", "/nowhere"]) {
      const { status, headers } = await fetch(server.url + path, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });
      expect([path, status]).toEqual([path, 204]);
      expect(headers.get("access-control-allow-origin")).toBe(origin);
    }
  });

  test("scripts may read the headers that are exposed", async () => {
    const { headers } = await fetch(`${server.url}/ping`, { headers: { origin } });
    expect(headers.get("access-control-expose-headers")).toBe("x-total, etag");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
  });

  test("the docs page keeps what its own answers depend on", async () => {
    const { headers } = await testClient(app).get("/docs/swagger-ui.css", { headers: { origin } });
    expect(headers.get("vary")).toBe("accept-encoding, origin");
  });
});
