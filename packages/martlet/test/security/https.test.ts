import { get, martlet, post } from "martlet";
import { httpsRedirect, type HttpsRedirectOptions } from "martlet/security";
import { listen } from "martlet/server";
import { describe, expect, test } from "vitest";

const routes = {
  ping: get("/ping", {}, () => "pong"),
  create: post("/items", {}, () => "created"),
};

async function ask(
  url: string,
  init: RequestInit & { readonly options?: HttpsRedirectOptions } = {},
): Promise<{ status: number; location: string | null; body: unknown }> {
  const app = martlet(routes, { middleware: [httpsRedirect(init.options)] });
  const response = await app.fetch(new Request(url, init));
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get("location"),
    body: text === "" ? null : JSON.parse(text),
  };
}

describe("a request in clear", () => {
  test("is led to the same address over HTTPS, for good", async () => {
    expect(await ask("http://api.example.com:8080/ping?a=%20b")).toMatchObject({
      status: 308,
      location: "https://api.example.com/ping?a=%20b",
    });
    expect(await ask("http://[::1]:8080//evil.test", { method: "HEAD" })).toMatchObject({
      status: 308,
      location: "https://[::1]//evil.test",
    });
  });

  test("that carries something is refused: it has been seen", async () => {
    expect(await ask("http://api.example.com/items", { method: "POST" })).toMatchObject({
      status: 403,
      body: { code: "https-required" },
    });
    const options = { methods: ["GET", "POST"] };
    const led = await ask("http://api.example.com/items", { method: "POST", options });
    expect(led.status).toBe(308);
  });

  test("is led nowhere when its host is none", async () => {
    const headers = { host: "evil.test/a?b=" };
    expect((await ask("http://api.example.com/ping", { headers })).status).toBe(403);
  });
});

describe("a request over HTTPS", () => {
  test("goes on", async () => {
    expect(await ask("https://api.example.com/ping")).toMatchObject({ status: 200, body: "pong" });
  });

  test("is what a proxy says, where it is believed", async () => {
    const headers = { "x-forwarded-proto": "https" };
    const options = { trustProxy: true };
    expect((await ask("http://api.example.com/ping", { headers })).status).toBe(308);
    expect((await ask("http://api.example.com/ping", { headers, options })).status).toBe(200);
    // The nearest proxy is the one that is believed.
    const chain = { "x-forwarded-proto": "https, http" };
    expect((await ask("http://api.example.com/ping", { headers: chain, options })).status).toBe(
      308,
    );
  });

  test("is none behind a plain server", async () => {
    const server = await listen(martlet(routes, { middleware: [httpsRedirect()] }), { port: 0 });
    const response = await fetch(`${server.url}/ping`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([
      308,
      "https://127.0.0.1/ping",
    ]);
    await server.stop();
  });
});
