import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { byteStream, file, files, get, html, martlet, post, type UploadedFile } from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const executablePath = "/usr/bin/chromium";
const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
const isLeftOut = !existsSync(executablePath) && !isRequired;

const page = html(`<!doctype html><title>Upload</title>
  <form method="post" action="/send" enctype="multipart/form-data">
    <input name="title"><input name="note">
    <input type="file" name="cover"><input type="file" name="photos" multiple>
    <button>Send</button>
  </form>`);

async function told(file: UploadedFile): Promise<object> {
  const hash = createHash("sha256");
  for await (const chunk of file.stream()) hash.update(chunk);
  return { name: file.filename, type: file.type, size: file.size, digest: hash.digest("hex") };
}

const app = martlet({
  page: get("/", { hidden: true }, () => page),
  send: post(
    "/send",
    {
      form: { title: z.string(), note: z.string().optional() },
      files: { cover: file({ optional: true }), photos: files({ optional: true }) },
    },
    async ({ title, note, cover, photos }) => ({
      title,
      note,
      cover: cover && (await told(cover)),
      photos: await Promise.all(photos.map(told)),
    }),
  ),
  meta: post(
    "/meta",
    { form: { meta: z.object({ tags: z.array(z.string()) }) }, files: { photo: file() } },
    ({ meta, photo }) => ({ ...meta, size: photo.size }),
  ),
  raw: post(
    "/raw",
    { body: byteStream({ types: ["image/png"], maxSize: "5MB" }) },
    async ({ body }) => {
      let size = 0;
      for await (const chunk of body) size += chunk.length;
      return { size };
    },
  ),
});

describe.skipIf(isLeftOut)("a form in Chromium", () => {
  let directory = "";
  let server: RunningServer;
  let browser: Browser;
  let tab: Page;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "form-"));
    server = await listen(app, { port: 0 });
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    tab = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop({ drain: 1000 });
    await rm(directory, { recursive: true });
  });

  const sent = async (): Promise<unknown> => {
    await Promise.all([tab.waitForURL(/send$/), tab.click("button")]);
    return JSON.parse(await tab.innerText("body")) as unknown;
  };

  test("is read without the files that nobody chose", async () => {
    await tab.goto(server.url);
    await tab.fill("[name=title]", "Swift & “Martlet”");
    expect(await sent()).toEqual({ title: "Swift & “Martlet”", photos: [] });
  });

  test("brings the files that somebody chose, large ones too", async () => {
    const contents = [Buffer.from("pixels"), Buffer.alloc(3_000_000, "x")];
    const names = ['a "quoted" ü.png', "large.txt"];
    const paths = names.map((name) => join(directory, name));
    await Promise.all(contents.map((each, index) => writeFile(paths[index] as string, each)));
    await tab.goto(server.url);
    await tab.fill("[name=title]", "Two");
    await tab.setInputFiles("[name=photos]", paths);
    expect(await sent()).toEqual({
      title: "Two",
      photos: contents.map((each, index) => ({
        name: names[index],
        type: ["image/png", "text/plain"][index],
        size: each.length,
        digest: createHash("sha256").update(each).digest("hex"),
      })),
    });
  });

  test("may hold JSON that a script sends as a part", async () => {
    await tab.goto(server.url);
    const answer = await tab.evaluate(async () => {
      const form = new FormData();
      const json = JSON.stringify({ tags: ["a", "b"] });
      form.append("meta", new Blob([json], { type: "application/json" }));
      form.append("photo", new File(["pixels"], "a.png"));
      const answer = await fetch("/meta", { method: "POST", body: form });
      return answer.json();
    });
    expect(answer).toEqual({ tags: ["a", "b"], size: 6 });
  });

  test("need not be a form: a script sends a blob as it is", async () => {
    await tab.goto(server.url);
    const answers = await tab.evaluate(() =>
      Promise.all(
        ["image/png", "text/html"].map(async (type) => {
          const body = new Blob([new Uint8Array(2_000_000)], { type });
          const answer = await fetch("/raw", { method: "POST", body });
          const { size } = (await answer.json()) as { size?: number };
          return [answer.status, size];
        }),
      ),
    );
    expect(answers).toEqual([
      [200, 2_000_000],
      [415, undefined],
    ]);
  });
});
