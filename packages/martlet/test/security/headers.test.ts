import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Answer, get, html, martlet, post } from "martlet";
import { securityHeaders, type SecurityHeadersOptions } from "martlet/security";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { borrowed } from "../vectors.ts";

const routes = {
  ping: get("/ping", {}, () => "pong"),
  page: get("/page", {}, () => html("<h1>Hello</h1>")),
  own: get("/own", {}, () => html("").with({ "content-security-policy": "default-src 'self'" })),
  create: post("/items", { body: z.object({}) }, () => "created"),
  broken: get("/broken", {}, () => {
    throw new Error("broken");
  }),
  empty: get("/empty", {}, () => new Answer(204)),
};

async function headersOf(
  url: string,
  { options, ...init }: RequestInit & { readonly options?: SecurityHeadersOptions } = {},
): Promise<Readonly<Record<string, string>>> {
  const middleware = [securityHeaders(options)];
  const app = martlet(routes, { middleware, report: () => {} });
  return Object.fromEntries((await app.fetch(new Request(url, init))).headers);
}

const strict = {
  "content-security-policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
};

describe("security headers", () => {
  test("are on every answer, errors too", async () => {
    for (const [path, method] of [
      ["/ping", "GET"],
      ["/empty", "GET"],
      ["/nowhere", "GET"],
      ["/ping", "DELETE"],
      ["/items", "POST"],
      ["/broken", "GET"],
    ] as const) {
      expect(await headersOf(`http://localhost${path}`, { method })).toMatchObject(strict);
    }
  });

  test("keep a page to itself", async () => {
    const headers = await headersOf("http://localhost/page");
    expect(headers).toMatchObject({
      "content-security-policy":
        "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-opener-policy": "same-origin",
      "x-dns-prefetch-control": "off",
    });
    expect(headers["permissions-policy"]).toContain("camera=(), ");
    expect(await headersOf("http://localhost/ping")).not.toHaveProperty("permissions-policy");
  });

  test("leave an answer what it says itself", async () => {
    const { "content-security-policy": own } = await headersOf("http://localhost/own");
    expect(own).toBe("default-src 'self'");
    const docs = await headersOf("http://localhost/docs");
    expect(docs["content-security-policy"]).toContain("connect-src 'self'");
    expect(docs["x-frame-options"]).toBe("DENY");
  });

  test("tell of HTTPS over HTTPS alone", async () => {
    const name = "strict-transport-security";
    expect(await headersOf("http://localhost/ping")).not.toHaveProperty(name);
    const told = async (hsts: SecurityHeadersOptions["hsts"]) =>
      (await headersOf("https://localhost/ping", { options: hsts === undefined ? {} : { hsts } }))[
        name
      ];
    expect(await told(undefined)).toBe("max-age=63072000; includeSubDomains");
    expect(await told({ maxAge: 60, includeSubDomains: false, preload: true })).toBe(
      "max-age=60; preload",
    );
    expect(await told(false)).toBeUndefined();
    const headers = { "x-forwarded-proto": "https" };
    expect(await headersOf("http://localhost/ping", { headers })).not.toHaveProperty(name);
    const options = { trustProxy: true };
    expect(await headersOf("http://localhost/ping", { headers, options })).toHaveProperty(name);
  });

  test("can be others, and less", async () => {
    const options = {
      headers: { "x-frame-options": false, "referrer-policy": "same-origin" },
      html: { "cross-origin-embedder-policy": false },
    } as const;
    const data = await headersOf("http://localhost/ping", { options });
    expect(data).toMatchObject({ "referrer-policy": "same-origin" });
    expect(data).not.toHaveProperty("x-frame-options");
    const page = await headersOf("http://localhost/page", { options });
    expect(page).not.toHaveProperty("cross-origin-embedder-policy");
    expect(page).toHaveProperty("cross-origin-opener-policy");
  });
});

const { dir, isMissing, reason } = borrowed("owasp-secure-headers");

describe.skipIf(isMissing)(`the list of OWASP${reason}`, () => {
  const listed = (file: string): unknown[] =>
    (JSON.parse(readFileSync(join(dir, file), "utf8")) as { headers: unknown[] }).headers;

  test("of headers to add is on the docs page, but for caching and logging out", async () => {
    const docs = await headersOf("https://localhost/docs");
    const wanted = (listed("headers_add.json") as { name: string }[]).map(({ name }) =>
      name.toLowerCase(),
    );
    expect(wanted).toHaveLength(13);
    const missing = wanted.filter((each) => !(each in docs));
    expect(missing).toEqual(["clear-site-data"]);
  });

  test("of headers to leave out is empty everywhere", async () => {
    const unwanted = (listed("headers_remove.json") as string[]).map((each) => each.toLowerCase());
    expect(unwanted).toHaveLength(87);
    for (const path of ["/ping", "/page", "/docs", "/openapi.json", "/nowhere", "/broken"]) {
      const headers = await headersOf(`https://localhost${path}`);
      expect(unwanted.filter((each) => each in headers)).toEqual([]);
    }
  });
});
