import { existsSync } from "node:fs";
import { get, martlet } from "martlet";
import { compress, listen, type RunningServer } from "martlet/server";
import { frontend } from "martlet/static";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { folder } from "./folder.ts";

const executablePath = "/usr/bin/chromium";
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isLeftOut = !existsSync(executablePath) && !isRequired;

/** A small frontend with a router of its own, as a bundler leaves it. */
const script = `
  const show = async () => {
    const id = /^\\/items\\/(\\d+)$/.exec(location.pathname)?.[1];
    const page = document.querySelector("main");
    page.textContent = id ? (await (await fetch("/api/items/" + id)).json()).name : "home";
  };
  document.addEventListener("click", (event) => {
    if (event.target.localName !== "a") return;
    event.preventDefault();
    history.pushState(null, "", event.target.href);
    show();
  });
  addEventListener("popstate", show);
  show();
`;
const files = folder({
  "index.html": `<!doctype html><link rel="icon" href="data:,">
    <link rel="stylesheet" href="/assets/app-3f9a1c07.css"><a href="/items/7">Item 7</a><main></main>
    <script type="module" src="/assets/app-BkX3a_Yz.js"></script>`,
  "assets/app-BkX3a_Yz.js": script.padEnd(4000),
  "assets/app-3f9a1c07.css": "main { color: rgb(1, 2, 3); }",
});

const item = get("/api/items/{id}", { path: { id: z.int() } }, ({ id }) => ({
  name: `Item ${id}`,
}));
const app = martlet(
  { item, web: frontend("/", { directory: files.path }) },
  { middleware: [compress()] },
);

describe.skipIf(isLeftOut)(
  `a frontend in a browser${isLeftOut ? ` (there is no ${executablePath})` : ""}`,
  () => {
    let browser: Browser;
    let server: RunningServer;
    beforeAll(async () => {
      server = await listen(app, { port: 0 });
      const args = ["--headless", "--no-sandbox", "--disable-gpu"];
      browser = await chromium.launch({ executablePath, args });
    });
    afterAll(async () => {
      await browser.close();
      await server.stop();
      files[Symbol.dispose]();
    });

    test("routes by itself, and shows the same page when a deep link is loaded anew", async () => {
      const page = await browser.newPage();
      const failed: string[] = [];
      page.on("response", (each) => {
        if (each.status() >= 400) failed.push(`${each.status()} ${each.url()}`);
      });
      page.on("pageerror", (each) => void failed.push(String(each)));
      await page.goto(server.url);
      const main = page.locator("main");
      await main.getByText("home").waitFor();
      await page.locator("a").click();
      await main.getByText("Item 7").waitFor();
      expect(page.url()).toBe(`${server.url}/items/7`);

      const reloaded = await page.reload();
      await main.getByText("Item 7").waitFor();
      expect(reloaded?.status()).toBe(200);
      const colour = await page.evaluate(`getComputedStyle(document.querySelector("main")).color`);
      expect(colour).toBe("rgb(1, 2, 3)");

      await page.goBack();
      await main.getByText("home").waitFor();
      expect(failed).toEqual([]);
      await page.close();
    });

    test("keeps hashed files, and asks for the page anew", async () => {
      const page = await browser.newPage();
      const load = (path: string): Promise<unknown> =>
        page.goto(server.url + path, { waitUntil: "networkidle" });
      const sizes = (): Promise<unknown> =>
        page.evaluate(`
          performance.getEntriesByType("resource")
            .filter((each) => each.name.endsWith(".js"))
            .map((each) => ({ body: each.encodedBodySize, wire: each.transferSize }))
        `);
      await load("/items/7");
      const first = (await sizes()) as readonly { body: number; wire: number }[];
      // It came compressed.
      expect(first[0]?.body).toBeLessThan(2000);
      expect(first[0]?.wire).toBeGreaterThan(0);
      await load("/items/8");
      // Nothing of it came over the wire again.
      expect(await sizes()).toMatchObject([{ wire: 0 }]);
      await page.close();
    });

    test("is told of what is missing", async () => {
      const page = await browser.newPage();
      await page.goto(server.url);
      const status = async (path: string): Promise<number> =>
        page.evaluate(async (each) => (await fetch(each)).status, path);
      expect(await status("/api/nothing")).toBe(404);
      expect(await status("/assets/nothing.js")).toBe(404);
      await page.close();
    });
  },
);
