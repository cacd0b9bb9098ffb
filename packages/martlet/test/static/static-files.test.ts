import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { Faults, get, martlet, router } from "martlet";
import { client } from "martlet/client";
import { listen, type RunningServer } from "martlet/server";
import { staticFiles } from "martlet/static";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { talk } from "../wire.ts";
import { folder } from "./folder.ts";

const script = "export const value = 1;\n".repeat(100);
const outside = folder({ "secret.txt": "secret", "public-two/secret.txt": "secret" });
const files = folder({
  "app.js": script,
  "app.js.br": brotliCompressSync(script),
  "app.js.gz": gzipSync(script),
  "app.js.zst": zstdCompressSync(script),
  "style.css": "body {}",
  "logo.png": "png",
  "logo.png.gz": "never",
  "page.html": "<h1>page</h1>",
  "docs/index.html": "<h1>docs</h1>",
  "docs/deep/page.txt": "deep",
  ".env": "SECRET=1",
  ".git/config": "secret",
  ".well-known/security.txt": "Contact: x",
  ".well-known/.hidden": "secret",
  "con.txt": "device",
  "with space.txt": "space",
  "ünï.txt": "unicode",
  "100%.txt": "percent",
  "app.3f9a1c07.js": "1",
  "index-BkX3a_Yz.css": "2",
  "main-5Y7XQ2ZB.js": "3",
  "report-20240101.pdf": "4",
  "jquery-compat-component.js": "5",
});
symlinkSync(join(outside.path, "secret.txt"), join(files.path, "link.txt"));
symlinkSync(outside.path, join(files.path, "linked"));
symlinkSync("app.js", join(files.path, "inner.js"));
symlinkSync(".env", join(files.path, "env.txt"));
symlinkSync("loop", join(files.path, "loop"));
execFileSync("mkfifo", [join(files.path, "pipe")]);

const app = martlet(
  {
    assets: staticFiles("/assets", { directory: files.path }),
    site: staticFiles("/site/", { directory: files.path, index: true }),
    dotted: staticFiles("/dotted", { directory: files.path, dotFiles: true }),
    open: staticFiles("/open", { directory: files.path, followLinks: true, dotFiles: true }),
    tenants: router(
      "/tenants/{tenant}",
      {
        ping: get("/ping", {}, () => "pong"),
        files: staticFiles("/files", {
          directory: files.path,
          cacheControl: (path) => (path.startsWith("docs/") ? "max-age=5" : undefined),
        }),
      },
      { path: { tenant: z.string() } },
    ),
  },
  { title: "Files" },
);

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(async () => {
  await server.stop();
  files[Symbol.dispose]();
  outside[Symbol.dispose]();
});

/** Sends a path as it is: a web client would resolve the dots in it. */
async function raw(path: string, headers = ""): Promise<{ status: number; body: string }> {
  const { answers } = await talk(server.port, `GET ${path} HTTP/1.1\r\nhost: a\r\n${headers}\r\n`);
  const [answer] = answers;
  return { status: answer?.status ?? 0, body: String(answer?.body) };
}

describe("a path below the prefix", () => {
  test.each([
    ["/assets/style.css", "text/css; charset=utf-8", "body {}"],
    ["/assets/docs/deep/page.txt", "text/plain; charset=utf-8", "deep"],
    ["/assets/with%20space.txt", "text/plain; charset=utf-8", "space"],
    ["/assets/%C3%BCn%C3%AF.txt", "text/plain; charset=utf-8", "unicode"],
    ["/assets/100%25.txt", "text/plain; charset=utf-8", "percent"],
    ["/assets/inner.js", "text/javascript; charset=utf-8", script],
    ["/assets/.well-known/security.txt", "text/plain; charset=utf-8", "Contact: x"],
    ["/tenants/a%2Fb/files/style.css", "text/css; charset=utf-8", "body {}"],
    ["/open/link.txt", "text/plain; charset=utf-8", "secret"],
    ["/open/.env", "application/octet-stream", "SECRET=1"],
  ])("%s is a file", async (path, type, content) => {
    const answer = await fetch(server.url + path, { headers: { "accept-encoding": "identity" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(await answer.text()).toBe(content);
  });

  const ways = `
    ../secret.txt ../../../../etc/passwd ./../secret.txt .. . ../ ./ docs/../style.css
    %2e%2e/secret.txt %2e%2e%2fsecret.txt ..%2fsecret.txt ..%2Fsecret.txt %2e%2e%5csecret.txt
    ..%5csecret.txt ..\\secret.txt docs%2fdeep%2fpage.txt docs%5cdeep%5cpage.txt docs\\deep\\page.txt
    %252e%252e/secret.txt ..%252fsecret.txt ..;/secret.txt ....//secret.txt ..%00/secret.txt
    style.css%00 style.css%00.txt %00 %0a style.css%0d%0a style.css. style.css%20 style.css.. style.css/
    //etc/passwd /etc/passwd //style.css docs//deep/page.txt %2fetc%2fpasswd file:///etc/passwd
    C:/windows/win.ini C:%5cwindows%5cwin.ini c%3a/style.css style.css::$DATA style.css:stream
    con.txt CON con.txt/x NUL aux.js com1 COM1.txt lpt%C2%B9.txt conin$ .env .git/config .%65nv
    .well-known/.hidden .well-known/../.env linked/secret.txt link.txt env.txt loop pipe
    docs docs/ docs/deep nothing.txt nothing/ ${"a/".repeat(300)}x ${"a".repeat(300)}
  `
    .trim()
    .split(/\s+/);
  test.each(ways)("%s is nothing", async (way) => {
    const { status, body } = await raw(`/assets/${way}`);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: "not-found", status: 404 });
  });

  test("leads nowhere else where names with a dot are served", async () => {
    expect((await raw("/dotted/.env")).body).toBe("SECRET=1");
    const ways = ["link.txt", "linked/secret.txt", "../secret.txt", ".", "..", "%2e%2e/x", "..."];
    const answers = await Promise.all(ways.map((way) => raw(`/dotted/${way}`)));
    expect(answers.map(({ status }) => status)).toEqual(ways.map(() => 404));
  });

  test("that is no UTF-8 or no encoding is a bad request", async () => {
    const ways = ["%ff", "%c0%ae%c0%ae/secret.txt", "%", "%zz", "%e0%80%af"];
    const answers = await Promise.all(ways.map((way) => raw(`/assets/${way}`)));
    expect(answers.map(({ status }) => status)).toEqual(ways.map(() => 400));
  });

  test("of thousands of segments takes no longer than another", async () => {
    const start = performance.now();
    for (let count = 0; count < 20; count += 1) await raw(`/assets/${"a/".repeat(4000)}x`);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("that other names begin with is not below it", async () => {
    expect((await raw("/assetsx/style.css")).status).toBe(404);
    expect((await raw("/assets-two/style.css")).status).toBe(404);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH"])("is not for %s", async (method) => {
    const answer = await fetch(`${server.url}/assets/style.css`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  test.skipIf(process.getuid?.() === 0)("that may not be read is forbidden", async () => {
    chmodSync(files.write("locked.txt", "x"), 0);
    expect((await raw("/assets/locked.txt")).status).toBe(403);
  });
});

describe("a directory", () => {
  test("stands for its index.html, with a slash at the end", async () => {
    const options = { redirect: "manual" } as const;
    const answer = await fetch(`${server.url}/site/docs?a=1`, options);
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toBe("./docs/?a=1");
    expect(await (await fetch(`${server.url}/site/docs?a=1`)).text()).toBe("<h1>docs</h1>");
    expect((await fetch(`${server.url}/site/docs/deep`, options)).status).toBe(404);
  });

  test("never leads to another host", async () => {
    const paths = ["/site//evil.example/docs", "/site//docs", "//site/docs", "/site/docs//"];
    const answers = await Promise.all(paths.map((path) => raw(path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  });
});

describe("a compressed file", () => {
  const get = async (encoding: string, more: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/assets/app.js`, { headers: { "accept-encoding": encoding, ...more } });

  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, zstd", "zstd"],
    ["gzip", "gzip"],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["br;q=0, *", "zstd"],
    ["*", "br"],
    ["*;q=0", null],
    ["identity, br;q=0.5", null],
    ["deflate", null],
    ["br;q=2", null],
  ])("for %s is %s", async (encoding, coding) => {
    const answer = await get(encoding);
    expect(answer.headers.get("content-encoding")).toBe(coding);
    expect(answer.headers.get("vary")).toBe("accept-encoding");
    expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(await answer.text()).toBe(script);
  });

  test("has a tag of its own", async () => {
    const codings = ["br", "zstd", "gzip", "identity"];
    const tags = await Promise.all(
      codings.map(async (each) => String((await get(each)).headers.get("etag"))),
    );
    expect(new Set(tags).size).toBe(4);
    const [brotli = "", zstd = ""] = tags;
    expect((await get("br", { "if-none-match": brotli })).status).toBe(304);
    expect((await get("br", { "if-none-match": zstd })).status).toBe(200);
  });

  test("is there only for what becomes smaller, and one that is not there is not sent", async () => {
    const headers = { "accept-encoding": "gzip" };
    for (const path of ["/assets/logo.png", "/assets/style.css"]) {
      const answer = await fetch(server.url + path, { headers });
      expect(answer.headers.has("content-encoding")).toBe(false);
      expect(answer.headers.get("vary")).toBe(path.endsWith("png") ? null : "accept-encoding");
    }
  });
});

describe("how long a file is kept", () => {
  const caching = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    String((await fetch(server.url + path, { headers })).headers.get("cache-control"));

  test.each([
    ["app.3f9a1c07.js", "public, max-age=31536000, immutable"],
    ["index-BkX3a_Yz.css", "public, max-age=31536000, immutable"],
    ["main-5Y7XQ2ZB.js", "public, max-age=31536000, immutable"],
    ["report-20240101.pdf", "no-cache"],
    ["jquery-compat-component.js", "no-cache"],
    ["page.html", "no-cache"],
    ["app.js", "no-cache"],
  ])("%s: %s", async (name, value) => {
    expect(await caching(`/assets/${name}`)).toBe(value);
  });

  test("is for one client alone where that one told who it is", async () => {
    const value = "private, max-age=31536000, immutable";
    expect(await caching("/assets/app.3f9a1c07.js", { cookie: "session=1" })).toBe(value);
    expect(await caching("/assets/app.3f9a1c07.js", { authorization: "Bearer a" })).toBe(value);
  });

  test("is what the application says of it", async () => {
    expect(await caching("/tenants/a/files/docs/deep/page.txt")).toBe("max-age=5");
    expect(await caching("/tenants/a/files/style.css")).toBe("no-cache");
  });
});

describe("the router", () => {
  test("is neither in the document nor in the client", () => {
    expect(Object.keys(app.openapi().paths)).toEqual(["/tenants/{tenant}/ping"]);
    const seen = app.routes().filter(({ hidden }) => !hidden);
    expect(seen.map(({ path }) => path)).toEqual(["/tenants/{tenant}/ping"]);
    expectTypeOf(client<typeof app>("http://a").assets).toEqualTypeOf<{}>();
  });

  test("is a fault when there is no directory", async () => {
    const missing = join(files.path, "missing");
    const broken = martlet({ assets: staticFiles("/assets", { directory: missing }) });
    await expect(broken.start()).rejects.toBeInstanceOf(Faults);
    await expect(broken.start()).rejects.toThrow(`M018 There is no directory ${missing}`);
    const file = martlet({ a: staticFiles("/a", { directory: join(files.path, "app.js") }) });
    await expect(file.start()).rejects.toThrow("M018");
  });

  test("finds a directory that comes later, where it is told not to look", async () => {
    const directory = join(files.path, "later");
    await using client = testClient(martlet({ a: staticFiles("/a", { directory, check: false }) }));
    expect((await client.get("/a/x.txt")).status).toBe(404);
    mkdirSync(directory);
    files.write("later/x.txt", "x");
    expect(await (await client.get("/a/x.txt")).text()).toBe("x");
  });

  test("takes a file: URL", async () => {
    const directory = new URL(`file://${files.path}/docs/`);
    await using client = testClient(martlet({ a: staticFiles("", { directory, index: true }) }));
    expect(await (await client.get("/")).text()).toBe("<h1>docs</h1>");
  });
});
