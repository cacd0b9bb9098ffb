import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { start } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "martlet-"));
const taskFile = join(folder, "tasks");
const options = { timeout: 20_000 };

afterAll(() => rmSync(folder, { recursive: true }));

/** A request whose connection is kept alive, by an agent of its own. */
function keptAlive(port: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, path: "/ping", agent }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    })
      .on("error", reject)
      .end();
  });
}

describe.concurrent("a process that serves", () => {
  test("finishes what is in flight when it is told to stop", options, async () => {
    await using served = await start();
    const running = Array.from({ length: 20 }, () => fetch(`${served.url}/slow?ms=600`));
    await wait(200);
    const ended = served.end("SIGTERM");
    const answers = await Promise.all(running);
    expect(answers.map((each) => each.status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await ended).code).toBe(0);
    expect(served.errors()).toBe("");
  });

  test(
    "refuses new connections, and answers on old ones until they may close",
    options,
    async () => {
      await using served = await start({ LAME_DUCK: "4000" });
      const agent = new Agent({ keepAlive: true });
      await keptAlive(served.port, agent);
      const ended = served.end("SIGTERM");
      await wait(150);
      await expect(fetch(`${served.url}/ping`)).rejects.toThrow("fetch failed");
      expect(await keptAlive(served.port, agent)).toBe(200);
      // Its one connection was told to close: nothing is left to wait for.
      const { code, took } = await ended;
      expect(code).toBe(0);
      expect(took).toBeLessThan(3500);
    },
  );

  test("is not held by idle connections", options, async () => {
    await using served = await start({ DRAIN: "5000" });
    const agents = Array.from({ length: 10 }, () => new Agent({ keepAlive: true }));
    await Promise.all(agents.map((agent) => keptAlive(served.port, agent)));
    const { code, took } = await served.end("SIGTERM");
    expect(code).toBe(0);
    expect(took).toBeLessThan(3000);
  });

  test("ends at once when nobody is connected", options, async () => {
    await using served = await start({ LAME_DUCK: "5000" });
    const { code, took } = await served.end("SIGTERM");
    expect(code).toBe(0);
    expect(took).toBeLessThan(3000);
  });

  test("does the work that it promised with 202", options, async () => {
    await using served = await start({ TASK_FILE: taskFile });
    const answer = await fetch(`${served.url}/task?id=one&ms=700`, { method: "POST" });
    expect(answer.status).toBe(202);
    expect((await served.end("SIGTERM")).code).toBe(0);
    expect(readFileSync(taskFile, "utf8")).toContain("one\n");
  });

  test("sends a download to its end", options, async () => {
    await using served = await start();
    const answer = await fetch(`${served.url}/download`);
    const ended = served.end("SIGTERM");
    expect((await answer.arrayBuffer()).byteLength).toBe(6_553_600);
    expect((await ended).code).toBe(0);
  });

  test("ends streams of events at once and cleanly, and lets others finish", options, async () => {
    await using served = await start({ TASK_FILE: taskFile, LAME_DUCK: "1000" });
    const ticks = await Promise.all(
      ["a", "b", "c"].map((id) => fetch(`${served.url}/ticks?id=${id}`)),
    );
    const texts = ticks.map((each) => each.text());
    await wait(200);
    const { code, took } = await served.end("SIGTERM");
    expect(code).toBe(0);
    expect(took).toBeLessThan(1000);
    // Cut, they would have failed; what their generators do at the end is done.
    expect((await Promise.all(texts))[0]).toBe([0, 1, 2, 3].map((n) => `data: ${n}\n\n`).join(""));
    const done = readFileSync(taskFile, "utf8");
    for (const id of ["a", "b", "c"]) expect(done).toContain(`${id} told\n`);
    expect(served.errors()).toBe("");
  });

  test("sends JSON Lines to their end", options, async () => {
    await using served = await start();
    const rows = await fetch(`${served.url}/rows`);
    const ended = served.end("SIGTERM");
    expect((await rows.text()).split("\n")).toHaveLength(101);
    const { code, took } = await ended;
    expect(code).toBe(0);
    expect(took).toBeGreaterThan(500);
  });

  test("cuts JSON Lines that do not end in time", options, async () => {
    await using served = await start({ DRAIN: "200" });
    const rows = await fetch(`${served.url}/rows`);
    const { code } = await served.end("SIGTERM");
    expect(code).toBe(1);
    await expect(rows.text()).rejects.toBeInstanceOf(Error);
    expect(served.errors()).toContain("had to be cut: GET /rows");
  });

  test("cuts what does not end, says so, and ends with 1", options, async () => {
    await using served = await start({ DRAIN: "300" });
    const stuck = fetch(`${served.url}/hang`).catch((error: unknown) => error);
    const told = fetch(`${served.url}/slow?ms=60000`).catch((error: unknown) => error);
    await wait(150);
    const { code, took } = await served.end("SIGTERM");
    expect(code).toBe(1);
    expect(took).toBeLessThan(3000);
    expect(await stuck).toBeInstanceOf(Error);
    // A handler that listens to its signal still gets its answer out.
    expect(await told).toBeInstanceOf(Response);
    expect(served.errors()).toContain("had to be cut: GET /hang");
  });

  test("cuts a task that does not end, too", options, async () => {
    await using served = await start({ TASK_FILE: taskFile, DRAIN: "300" });
    await fetch(`${served.url}/task?id=never&ms=60000`, { method: "POST" });
    const { code, took } = await served.end("SIGTERM");
    expect(code).toBe(1);
    expect(took).toBeLessThan(3000);
    expect(served.errors()).toContain("had to be cut: work after answers");
  });

  test("ends at once when it is told twice", options, async () => {
    await using served = await start({ DRAIN: "10000" });
    const stuck = fetch(`${served.url}/hang`).catch((error: unknown) => error);
    await wait(150);
    served.child.kill("SIGTERM");
    // A terminal and what started the process may both pass one signal on: that is not twice.
    await wait(200);
    served.child.kill("SIGTERM");
    await wait(1000);
    expect(served.child.exitCode).toBe(null);
    const { code, took } = await served.end("SIGTERM");
    expect(code).toBe(1);
    expect(took).toBeLessThan(3000);
    expect(await stuck).toBeInstanceOf(Error);
  });

  test("survives a promise that nobody awaits", options, async () => {
    await using served = await start();
    const running = fetch(`${served.url}/slow?ms=300`);
    expect((await fetch(`${served.url}/late`)).status).toBe(200);
    expect((await running).status).toBe(200);
    expect(served.errors()).toContain("nobody awaits this");
    expect((await fetch(`${served.url}/ping`)).status).toBe(200);
  });

  test("ends with an error when its port is taken", options, async () => {
    await using served = await start();
    await expect(start({ PORT: String(served.port) })).rejects.toThrow("EADDRINUSE");
  });

  test("refuses a PORT that is none", options, async () => {
    await expect(start({ PORT: "http" })).rejects.toThrow('PORT is "http"');
  });
});
