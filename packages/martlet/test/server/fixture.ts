/**
 * An application in a process of its own, which tests send signals to. Its settings come by the
 * environment: TASK_FILE, LAME_DUCK, DRAIN.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { Answer, background, events, file, get, jsonLines, martlet, post, signal } from "martlet";
import { serve } from "martlet/server";
import { z } from "zod";

const { TASK_FILE = "", LAME_DUCK = "100", DRAIN = "3000" } = process.env;
const stats = { started: 0, cancelled: 0, uploads: 0 };
const milliseconds = z.int().default(0);

async function* parts(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    yield new Uint8Array(65_536).fill(index % 256);
    await wait(5);
  }
}

const app = martlet({
  ping: get("/ping", {}, () => "pong"),
  slow: get("/slow", { query: { ms: milliseconds }, use: { signal } }, async ({ ms, signal }) => {
    stats.started += 1;
    await wait(ms, undefined, { signal }).catch(() => (stats.cancelled += 1));
    return { waited: ms };
  }),
  hang: get("/hang", {}, () => new Promise<string>(() => undefined)),
  task: post(
    "/task",
    { query: { id: z.string(), ms: milliseconds }, use: { background }, status: 202 },
    ({ id, ms, background }) => {
      background(async () => {
        await wait(ms);
        appendFileSync(TASK_FILE, `${id}\n`);
      });
      return null;
    },
  ),
  ticks: get(
    "/ticks",
    { query: { id: z.string() }, use: { background, signal }, returns: events(z.int()) },
    async function* ({ id, background, signal }) {
      try {
        for (let count = 0; ; count += 1) {
          yield { data: count };
          await wait(count < 3 ? 10 : 60_000, undefined, { signal });
        }
      } finally {
        await wait(50);
        appendFileSync(TASK_FILE, `${id} ended\n`);
        background(() => appendFileSync(TASK_FILE, `${id} told\n`));
      }
    },
  ),
  rows: get("/rows", { returns: jsonLines(z.int()) }, async function* () {
    for (let count = 0; count < 100; count += 1) {
      yield count;
      await wait(8);
    }
  }),
  late: get("/late", {}, () => {
    setTimeout(() => void Promise.reject(new Error("nobody awaits this")), 20);
    return "fine";
  }),
  download: get("/download", {}, () => new Answer(200, {}, parts(100))),
  upload: post("/upload", { files: { file: file({ maxSize: "8MB" }) } }, ({ file }) => {
    stats.uploads += 1;
    return { size: file.size };
  }),
  store: post("/store", { files: { file: file({ maxSize: "300MB" }) } }, async ({ file }) => {
    const hash = createHash("sha256");
    for await (const chunk of file.stream()) hash.update(chunk);
    return { size: file.size, digest: hash.digest("hex") };
  }),
  stats: get("/stats", {}, () => {
    (globalThis as { gc?: () => void }).gc?.();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    return { ...stats, rss, heapUsed, arrayBuffers };
  }),
});

const server = await serve(app, { lameDuck: Number(LAME_DUCK), drain: Number(DRAIN) });
process.stdout.write(`${server.port}\n`);
