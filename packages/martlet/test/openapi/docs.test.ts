import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { get, martlet } from "martlet";
import { bearer, oauth2Password } from "martlet/auth";
import { listen } from "martlet/server";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { differences, vendoredFolder } from "../../../../scripts/vendor-docs.ts";

const ping = get("/ping", {}, () => "pong");
const client = testClient(martlet({ ping }, { title: `<i>"Ping" & 'pong'</i>` }));

/** The addresses that a page refers to, relative to itself. */
function references(html: string): string[] {
  return [...html.matchAll(/(?:href|src|data-openapi|data-redirect)="([^"]+)"/g)].map(
    (each) => each[1] as string,
  );
}

describe("the docs page", () => {
  test("has no script and no style inside, and the title as text", async () => {
    const response = await client.get("/docs");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await response.text();
    expect(html).toContain(
      "<title>&lt;i&gt;&quot;Ping&quot; &amp; &#39;pong&#39;&lt;/i&gt;</title>",
    );
    expect(html).not.toMatch(/<style|style=| on\w+=|<script(?![^>]* src=)[^>]*>|https?:/);
  });

  test("keeps a strict policy", async () => {
    const { headers } = await client.get("/docs");
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  });

  test("may talk to the servers and to the token addresses of the document", async () => {
    const token = oauth2Password({ tokenUrl: "https://id.test:8443/token?a=b" });
    const app = martlet(
      { me: get("/me", { security: { token, key: bearer() } }, () => "") },
      {
        servers: [
          { url: "https://api.test/v1" },
          { url: "/v2" },
          { url: "https://{region}.test", variables: { region: { default: "x;script-src" } } },
          {
            url: "https://{zone}.test",
            variables: { zone: { default: "eu", enum: ["eu", "us"] } },
          },
          { url: "https://a;script-src.test" },
        ],
      },
    );
    const { headers } = await testClient(app).get("/docs");
    expect(headers.get("content-security-policy")).toContain(
      "; connect-src 'self' https://api.test https://eu.test https://us.test https://id.test:8443; ",
    );
  });

  test("hands on what it is told, as text", async () => {
    const told = martlet(
      { ping },
      {
        docs: {
          path: "/pages",
          ui: { docExpansion: "none", filter: `"><script>` },
          oauth: { clientId: "shop", scopes: ["read"] },
        },
      },
    );
    const html = await (await testClient(told).get("/pages")).text();
    expect(html).toContain(
      'data-ui="{&quot;docExpansion&quot;:&quot;none&quot;,&quot;filter&quot;:&quot;\\&quot;&gt;&lt;script&gt;&quot;}"',
    );
    expect(html).toContain(
      'data-oauth="{&quot;clientId&quot;:&quot;shop&quot;,&quot;scopes&quot;:[&quot;read&quot;]}"',
    );
    expect((await testClient(told).get("/docs")).status).toBe(404);
    const plain = martlet({ ping }, { docs: { ui: { filter: true } } });
    expect((await testClient(plain).get("/docs")).status).toBe(200);
  });

  test("may talk to the servers that operations name", async () => {
    const away = get("/away", { servers: [{ url: "https://away.test" }] }, () => null);
    const { headers } = await testClient(martlet({ away })).get("/docs");
    expect(headers.get("content-security-policy")).toContain(
      "connect-src 'self' https://away.test;",
    );
  });

  test("is in no document", () => {
    expect(Object.keys(martlet({ ping }).openapi().paths)).toEqual(["/ping"]);
  });

  test.each([
    ["/docs", "/openapi.json"],
    ["/internal/docs", "/openapi.json"],
    ["/docs", "/api/v1/openapi.json"],
    ["/docs/", "/docs/openapi.json"],
    ["/a/b", "/a/c/d"],
    ["/", "/openapi.json"],
  ])("at %s, with the document at %s, refers to what is there", async (docs, openapi) => {
    const moved = testClient(martlet({ ping }, { docs, openapi }));
    const html = await (await moved.get(docs)).text();
    const found = references(html);
    expect(found).toHaveLength(8);
    for (const each of found) {
      expect(each).not.toMatch(/^\//);
      const { pathname, search } = new URL(each, `http://shop.test${docs}`);
      const response = await moved.get(pathname + search);
      expect([pathname, response.status]).toEqual([pathname, 200]);
    }
  });

  test("may be switched off, alone or with the document", async () => {
    const statuses = async (options: Parameters<typeof martlet>[1]) => {
      const some = testClient(martlet({ ping }, options));
      const paths = ["/docs", "/docs/init.js", "/openapi.json", "/ping"];
      return Promise.all(paths.map(async (path) => (await some.get(path)).status));
    };
    expect(await statuses({ docs: false })).toEqual([404, 404, 200, 200]);
    expect(await statuses({ openapi: false })).toEqual([404, 404, 404, 200]);
  });
});

describe("the document's address", () => {
  test("gives JSON, and 304 to who has it", async () => {
    const first = await client.get("/openapi.json");
    expect(first.headers.get("content-type")).toBe("application/json");
    expect(await first.json()).toMatchObject({ openapi: "3.1.1" });
    const etag = first.headers.get("etag") ?? "";
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await client.get("/openapi.json", { headers: { "if-none-match": known } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
    const other = await client.get("/openapi.json", { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
  });
});

describe("the files of the docs page", () => {
  const path = "/docs/swagger-ui.css";

  test("come compressed to who takes that, plain to others", async () => {
    const packed = await client.get(path, { headers: { "accept-encoding": "gzip, br;q=0.8" } });
    expect(packed.headers.get("content-encoding")).toBe("br");
    expect(packed.headers.get("vary")).toBe("accept-encoding");
    const bytes = Buffer.from(await packed.arrayBuffer());
    const plain = await client.get(path, { headers: { "accept-encoding": "gzip, br;q=0" } });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.headers.get("vary")).toBe("accept-encoding");
    const text = await plain.text();
    expect(text).toBe(brotliDecompressSync(bytes).toString());
    expect(text).toContain(".swagger-ui");
    expect(plain.headers.get("etag")).not.toBe(packed.headers.get("etag"));
  });

  test("may be kept for ever at an address that names their content, and only there", async () => {
    const html = await (await client.get("/docs")).text();
    const named = references(html).find((each) => each.startsWith("docs/swagger-ui.css")) ?? "";
    const cached = async (address: string) =>
      (await client.get(address)).headers.get("cache-control");
    expect(await cached(`/${named}`)).toBe("public, max-age=31536000, immutable");
    expect(await cached(path)).toBe("no-cache");
    expect(await cached(`${path}?v=other`)).toBe("no-cache");
  });

  test("are told by HEAD, and not sent again to who has them", async () => {
    const [head, full] = [await client.head(path), await client.get(path)];
    expect(await head.text()).toBe("");
    expect(head.headers.get("content-length")).toBe(String((await full.arrayBuffer()).byteLength));
    const known = { "if-none-match": full.headers.get("etag") ?? "" };
    expect((await client.get(path, { headers: known })).status).toBe(304);
  });

  test.each([
    ["init.js", "text/javascript; charset=utf-8"],
    ["theme.css", "text/css; charset=utf-8"],
    ["icon.svg", "image/svg+xml"],
    ["swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
    ["oauth2-redirect.html", "text/html; charset=utf-8"],
    ["oauth2-redirect.js", "text/javascript; charset=utf-8"],
  ])("say what they are: %s", async (name, type) => {
    const { headers, status } = await client.get(`/docs/${name}`);
    expect([status, headers.get("content-type")]).toEqual([200, type]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("come through a server as they are", async () => {
    const server = await listen(martlet({ ping }), { port: 0 });
    const response = await fetch(`${server.url}${path}`, { headers: { "accept-encoding": "br" } });
    expect(response.headers.get("content-encoding")).toBe("br");
    expect(await response.text()).toContain(".swagger-ui");
    const head = await fetch(`${server.url}/docs`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    await server.stop();
  });

  test("are those that Swagger UI published", () => {
    expect(differences(join(import.meta.dirname, "../../../..", vendoredFolder))).toEqual([]);
  });
});
