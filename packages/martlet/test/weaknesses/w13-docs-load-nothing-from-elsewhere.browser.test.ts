/**
 * W13: FastAPI's docs pages load their scripts from a CDN, and are blank where there is none.
 */
import { existsSync } from "node:fs";
import { get, martlet } from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const executablePath = "/usr/bin/chromium";
const isLeftOut = !existsSync(executablePath) && process.env["MARTLET_REQUIRE_SERVICES"] !== "1";
const app = martlet(
  {
    hello: get("/hello", { query: { name: z.string() } }, ({ name }) => ({ hello: name })),
    old: get("/old", { deprecated: true }, () => null),
  },
  { title: "Offline", docs: { ui: { docExpansion: "none", filter: true } } },
);

describe.skipIf(isLeftOut)(
  `W13: the docs page${isLeftOut ? ` (there is no ${executablePath})` : ""}`,
  () => {
    let browser: Browser;
    let server: RunningServer;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath,
        args: [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          // No name and no address leads anywhere but to this machine.
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
      });
      server = await listen(app, { port: 0 });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
    });

    test("works without a network, and asks nobody but its own server", async () => {
      const page = await browser.newPage();
      const elsewhere: string[] = [];
      const failed: string[] = [];
      await page.route("**", async (each) => {
        const url = each.request().url();
        if (url.startsWith(`${server.url}/`) || url.startsWith("data:")) return each.continue();
        elsewhere.push(url);
        return each.abort();
      });
      page.on("requestfailed", (each) => void failed.push(each.url()));
      page.on("pageerror", (each) => void failed.push(String(each)));
      await page.goto(`${server.url}/docs`);
      const operation = page.locator('.opblock:has([data-path="/hello"])');
      // What the application asks of the page holds: nothing is open, and there is a filter.
      await page.locator(".operation-filter-input").waitFor();
      await page.locator(".opblock-tag").first().click();
      await operation.locator(".opblock-summary-control").click();
      await operation.locator("input").first().fill("Ann");
      await operation.locator(".execute").click();
      const answer = operation.locator(".live-responses-table .highlight-code code").first();
      expect((await answer.innerText()).replaceAll(/\s+/g, " ")).toBe('{ "hello": "Ann" }');
      expect(await page.locator(".opblock-deprecated").count()).toBe(1);
      expect(elsewhere).toEqual([]);
      expect(failed).toEqual([]);
      await page.close();
    });
  },
);
