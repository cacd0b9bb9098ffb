import { existsSync } from "node:fs";
import { get, html, martlet, websocket } from "martlet";
import { apiKey } from "martlet/auth";
import { listen, type RunningServer } from "martlet/server";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";

const executablePath = "/usr/bin/chromium";
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isLeftOut = !existsSync(executablePath) && !isRequired;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const Message = z.object({ n: z.int() });
const count = websocket(
  "/count/{step}",
  { path: { step: z.int() }, receives: Message, sends: Message, limits: { message: 100 } },
  async ({ step, socket }) => {
    for await (const { n } of socket) {
      if (n === 13) throw new Error("a secret");
      await socket.send({ n: n + step });
    }
  },
);
const mine = websocket(
  "/mine",
  { security: { session: apiKey({ cookie: "session" }) }, protocols: ["v1"] },
  async ({ session, socket }) => void (await socket.send(`${session} ${socket.protocol}`)),
);
const page = get("/page", { hidden: true }, () => html("<title>Page</title>"));
const app = martlet({ count, mine, page }, { report: () => {} });

let browser: Browser;
let server: RunningServer;

/** Opens a socket in a page, sends, and gives what came and how it ended. */
function talk(
  page: Page,
  path: string,
  messages: readonly string[] = [],
  protocols: readonly string[] = [],
): Promise<{ received: string[]; code: number; reason: string }> {
  const url = server.url.replace("http", "ws") + path;
  return page.evaluate(
    ([url, messages, protocols]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url, [...protocols]);
        const received: string[] = [];
        const [first, ...rest] = messages;
        const next = (text: string | undefined): void => {
          if (text !== undefined) socket.send(text);
        };
        socket.addEventListener("open", () => next(first));
        socket.addEventListener("message", ({ data }) => {
          received.push(String(data));
          next(rest.shift());
        });
        socket.addEventListener("close", ({ code, reason }) => resolve({ received, code, reason }));
      }),
    [url, messages, protocols] as const,
  );
}

describe.skipIf(isLeftOut)("a page", () => {
  let own: Page;
  beforeAll(async () => {
    server = await listen(app, { port: 0 });
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    own = await browser.newPage();
    await own.goto(`${server.url}/page`);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop({ drain: 500 });
  });

  test("sends and receives, and is told why a socket closes", async () => {
    const fit = [JSON.stringify({ n: 1 }), JSON.stringify({ n: 5 })];
    expect(await talk(own, "/count/2", [...fit, '{"n":"x"}'])).toEqual({
      received: ['{"n":3}', '{"n":7}'],
      code: 1008,
      reason: expect.stringMatching(/^message\.n: /) as string,
    });
    expect(await talk(own, "/count/x")).toMatchObject({
      code: 1008,
      reason: "path.step: This is no valid integer.",
    });
    expect(await talk(own, "/count/1", ['{"n":13}'])).toEqual({
      received: [],
      code: 1011,
      reason: "internal",
    });
    expect((await talk(own, "/count/1", ["x".repeat(101)])).code).toBe(1009);
  });

  test("is kept out without its cookie, and let in with it", async () => {
    expect((await talk(own, "/mine", [], ["v1"])).code).toBe(1006);
    await own.context().addCookies([{ name: "session", value: "s1", url: server.url }]);
    expect(await talk(own, "/mine", [], ["v2", "v1"])).toMatchObject({
      received: ["s1 v1"],
      code: 1000,
    });
  });

  test("of another site is kept out, cookie or not", async () => {
    const other = await browser.newPage();
    await other.goto(`${server.url.replace("127.0.0.1", "localhost")}/page`).catch(() => undefined);
    await other.context().addCookies([{ name: "session", value: "s1", url: server.url }]);
    await other.setContent("<title>Elsewhere</title>");
    expect(await other.evaluate("origin")).not.toBe(server.url);
    expect(await talk(other, "/mine", [], ["v1"])).toMatchObject({ received: [], code: 1006 });
  });

  test("hears of a stop", async () => {
    const answered = own
      .waitForEvent("websocket")
      .then((each) => each.waitForEvent("framereceived"));
    const ended = talk(own, "/count/1", ['{"n":1}']);
    await answered;
    expect(await server.stop()).toBe(0);
    expect((await ended).code).toBe(1001);
  });
});
