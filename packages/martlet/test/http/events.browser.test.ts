import { existsSync } from "node:fs";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { events, get, html, jsonLines, martlet, signal } from "martlet";
import { listen } from "martlet/server";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";

const executablePath = "/usr/bin/chromium";
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isLeftOut = !existsSync(executablePath) && !isRequired;

const asked: (string | undefined)[] = [];
let open = 0;

const app = martlet({
  page: get("/", { hidden: true }, () => html("<!doctype html><title>Events</title>")),
  counted: get(
    "/counted",
    {
      header: { lastEventId: z.string().optional() },
      returns: events({ count: z.int(), done: z.string() }),
    },
    function* ({ lastEventId }) {
      asked.push(lastEventId);
      const from = Number(lastEventId ?? 0);
      yield { retry: 20, comment: "hello" };
      // Two events, and the connection is over.
      for (let count = from + 1; count <= from + 2; count += 1) {
        yield { event: "count", data: count, id: String(count) };
      }
      if (from >= 4) yield { event: "done", data: "two\nlines, ü" };
    },
  ),
  endless: get(
    "/endless",
    { use: { signal }, returns: events(z.int(), { heartbeat: 100 }) },
    async function* ({ signal }) {
      open += 1;
      try {
        yield { data: open, retry: 50 };
        await wait(60_000, undefined, { signal });
      } finally {
        open -= 1;
      }
    },
  ),
  rows: get("/rows", { returns: jsonLines(z.object({ id: z.int() })) }, async function* () {
    for (let id = 0; id < 3; id += 1) {
      yield { id };
      await wait(20);
    }
  }),
});

describe.skipIf(isLeftOut)("streams in a browser", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());

  async function visit(url: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(url);
    return page;
  }

  test("are read by EventSource, which goes on where it was", async () => {
    const server = await listen(app, { port: 0 });
    const page = await visit(server.url);
    const told = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const got: string[] = [];
          const source = new EventSource("/counted");
          source.addEventListener("count", (each) => {
            const { lastEventId, data } = each as MessageEvent;
            got.push(`${lastEventId}=${data as string}`);
          });
          source.addEventListener("done", (each) => {
            source.close();
            resolve([...got, JSON.parse((each as MessageEvent).data as string) as string]);
          });
        }),
    );
    expect(told).toEqual(["1=1", "2=2", "3=3", "4=4", "5=5", "6=6", "two\nlines, ü"]);
    expect(asked).toEqual([undefined, "2", "4"]);
    await page.close();
    await server.stop();
  });

  test("end with the page that reads them, and move to the next server when one stops", async () => {
    const first = await listen(app, { port: 0 });
    const page = await visit(first.url);
    await page.evaluate(() => {
      const source = new EventSource("/endless");
      const log: string[] = [];
      source.addEventListener("open", () => log.push("open"));
      source.addEventListener("message", () => log.push("message"));
      source.addEventListener("error", () => log.push(`error ${source.readyState}`));
      Object.assign(globalThis, { log });
    });
    await vi.waitFor(() => expect(open).toBe(1), 5000);
    expect(await first.stop()).toBe(0);
    expect(open).toBe(0);
    const second = await listen(app, { port: first.port });
    await vi.waitFor(() => expect(open).toBe(1), 10_000);
    const log = await page.evaluate(() => (globalThis as unknown as { log: string[] }).log);
    expect(log.slice(0, 3)).toEqual(["open", "message", "error 0"]);
    await vi.waitFor(async () => {
      const now = await page.evaluate(() => (globalThis as unknown as { log: string[] }).log);
      expect(now.slice(-2)).toEqual(["open", "message"]);
    }, 5000);
    await page.close();
    await vi.waitFor(() => expect(open).toBe(0), 5000);
    await second.stop();
  });

  test("come line by line through fetch", async () => {
    const server = await listen(app, { port: 0 });
    const page = await visit(server.url);
    const lines = await page.evaluate(async () => {
      const { body } = await fetch("/rows");
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      const got: string[] = [];
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        got.push(new TextDecoder().decode(read.value));
      }
      return got;
    });
    expect(lines).toEqual(['{"id":0}\n', '{"id":1}\n', '{"id":2}\n']);
    await page.close();
    await server.stop();
  });
});
