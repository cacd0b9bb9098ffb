import { Answer, dependency, exchangeOf, get, HttpRequest, martlet, problem } from "martlet";
import { testClient } from "martlet/testing";
import { setTimeout as wait } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { served } from "./served.ts";

const Broken = problem(409, "broken", { who: z.string() });
const log: string[] = [];
beforeEach(() => void (log.length = 0));

interface Told {
  readonly ms?: number;
  readonly fails?: boolean;
  readonly concurrent?: boolean;
}
const waits = (who: string, { ms = 20, fails = false, concurrent = true }: Told = {}) =>
  dependency({ concurrent, throws: [Broken] }, async () => {
    log.push(`${who} starts`);
    await wait(ms);
    log.push(`${who} ends`);
    if (fails) throw new Broken({ who });
    return who;
  });
const opens = (who: string, ms: number) =>
  dependency({ concurrent: true }, async function* () {
    await wait(ms);
    log.push(`${who} opens`);
    try {
      yield who;
    } finally {
      log.push(`${who} closes`);
    }
  });

describe("FastAPI resolves dependencies one after the other; Martlet's that are declared concurrent", () => {
  test("take the time of the longest, and each has its own result", async () => {
    const [a, b, c] = [waits("a", { ms: 200 }), waits("b", { ms: 200 }), waits("c", { ms: 100 })];
    const read = get("/", { use: { a, b, c } }, (all) => all);
    await served(martlet({ read }), async (url) => {
      const started = performance.now();
      expect(await (await fetch(url)).json()).toEqual({ a: "a", b: "b", c: "c" });
      const took = performance.now() - started;
      expect(took).toBeGreaterThan(190);
      expect(took).toBeLessThan(390);
    });
    expect(log.slice(0, 3)).toEqual(["a starts", "b starts", "c starts"]);
  });

  test("run in declared order without the word, also around one that does not say it", async () => {
    const [a, c] = [waits("a"), waits("c")];
    const b = waits("b", { concurrent: false });
    const read = get("/", { use: { a, b, c } }, () => null);
    await testClient(martlet({ read })).get("/");
    const order = ["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"];
    expect(log).toEqual(order);
  });

  test("wait for what they need, and for no more", async () => {
    const [a, x] = [waits("a"), waits("x")];
    const b = dependency({ use: { a }, concurrent: true }, async ({ a }) => `b after ${a}`);
    const y = dependency({ use: { x }, concurrent: true }, async ({ x }) => `y after ${x}`);
    const read = get("/", { use: { b, y, a } }, (all) => all);
    const answer = await testClient(martlet({ read })).get("/");
    expect(await answer.json()).toEqual({ b: "b after a", y: "y after x", a: "a" });
    expect(log.toSorted()).toEqual(["a ends", "a starts", "x ends", "x starts"]);
    expect(log.slice(0, 2)).toEqual(["a starts", "x starts"]);
  });

  test("run once, whoever asks for them", async () => {
    const a = waits("a");
    const b = dependency({ use: { a }, concurrent: true }, ({ a }) => a);
    const c = dependency({ use: { a }, concurrent: true }, ({ a }) => a);
    const read = get("/", { use: { b, c, a } }, (all) => all);
    const answer = await testClient(martlet({ read })).get("/");
    expect(await answer.json()).toEqual({ a: "a", b: "a", c: "a" });
    expect(log).toEqual(["a starts", "a ends"]);
  });

  test("fail by the first in declared order, after all have ended and been cleaned up", async () => {
    const a = opens("a", 30);
    const b = waits("b", { ms: 20, fails: true });
    const c = waits("c", { ms: 1, fails: true });
    const read = get("/", { use: { a, b, c } }, () => log.push("the handler ran"));
    const answer = await testClient(martlet({ read })).get("/");
    expect(await answer.json()).toMatchObject({ code: "broken", who: "b" });
    expect(log.slice(-2)).toEqual(["a opens", "a closes"]);
    expect(log).not.toContain("the handler ran");
  });

  test("that fail at once keep the later ones from starting, and wait for the earlier ones", async () => {
    const a = opens("a", 20);
    const b = dependency({ concurrent: true, throws: [Broken] }, () => new Broken({ who: "b" }));
    const read = get("/", { use: { a, b, c: waits("c") } }, () => null);
    expect((await testClient(martlet({ read })).get("/")).status).toBe(409);
    expect(log).toEqual(["a opens", "a closes"]);
  });

  test("are cleaned up in the reverse of the order in which they opened", async () => {
    const use = { a: opens("a", 30), b: opens("b", 1), c: opens("c", 15) };
    const read = get("/", { use }, () => void log.push("handler"));
    await testClient(martlet({ read })).get("/");
    const opened = ["b opens", "c opens", "a opens"];
    await expect
      .poll(() => log)
      .toEqual([...opened, "handler", "a closes", "c closes", "b closes"]);
  });

  test("are answered at once if none of them waits", async () => {
    const one = dependency({ concurrent: true }, () => 1);
    const two = dependency({ concurrent: true }, () => 2);
    const app = martlet({ read: get("/", { use: { one, two } }, ({ one, two }) => one + two) });
    await app.start();
    const answer = app.handle(new HttpRequest(exchangeOf(new Request("http://localhost/"))));
    expect(answer).toBeInstanceOf(Answer);
    expect(answer).toMatchObject({ body: "3" });
  });
});
