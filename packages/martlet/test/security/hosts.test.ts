import { get, martlet } from "martlet";
import { BadHost, cors, trustedHosts } from "martlet/security";
import { listen, type RunningServer } from "martlet/server";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { talk } from "../wire.ts";

const ping = get("/ping", {}, () => "pong");
const hosts = ["api.example.com", "*.shop.example", "localhost:8000", "[::1]"];
const app = martlet({ ping }, { middleware: [trustedHosts(hosts)] });

describe("a list of hosts", () => {
  const status = async (host: string): Promise<number> =>
    (await testClient(app).get("/ping", { headers: { host } })).status;

  test.each([
    "api.example.com",
    "API.Example.COM",
    "api.example.com:8443",
    "a.shop.example",
    "localhost:8000",
    "[::1]",
    "[::1]:3000",
  ])("takes %s", async (host) => {
    expect(await status(host)).toBe(200);
  });

  test.each([
    "example.com",
    "api.example.com.evil.test",
    "evil-api.example.com",
    "api.example.com@evil.test",
    "shop.example",
    "a.b.shop.example",
    ".shop.example",
    "localhost",
    "localhost:8001",
    "",
  ])("refuses %j", async (host) => {
    expect(await status(host)).toBe(400);
  });

  test("tells it in the application's own words, for browsers of other origins too", async () => {
    const middleware = [cors({ origins: ["https://a.example"] }), trustedHosts(["b.example"])];
    const headers = { origin: "https://a.example" };
    const answer = await testClient(martlet({ ping }, { middleware })).get("/ping", { headers });
    expect(await answer.json()).toMatchObject({ status: 400, code: BadHost.code });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://a.example");
  });

  test.each(["https://a.example", "a.example/", "*", "a.*.example", "", "a b"])(
    "does not start with %j in it",
    (entry) => {
      expect(() => trustedHosts([entry])).toThrow(`${JSON.stringify(entry)} is no host`);
    },
  );
});

describe("behind a server", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
  });
  afterAll(() => server.stop());

  test.each([
    ["the Host header counts", "GET /ping HTTP/1.1\r\nHost: evil.test\r\n\r\n", 400],
    ["a listed one is fine", "GET /ping HTTP/1.1\r\nHost: api.example.com\r\n\r\n", 200],
    [
      "the host of an absolute target counts too",
      "GET http://evil.test/ping HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
      400,
    ],
    ["there must be one", "GET /ping HTTP/1.0\r\n\r\n", 400],
    [
      "what a proxy may say does not count",
      "GET /ping HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: api.example.com\r\n\r\n",
      400,
    ],
  ])("%s", async (_what, raw, status) => {
    const { answers } = await talk(server.port, raw);
    expect(answers[0]?.status).toBe(status);
  });
});
