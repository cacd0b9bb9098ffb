import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, expectTypeOf, it } from "vitest";
import { around, dependency, get, martlet, post, problem } from "martlet";
import { bearer } from "martlet/auth";
import { testClient } from "martlet/testing";
import { z } from "zod";

const Conflict = problem(409, "conflict");

/** A dependency around the rest that writes down when it begins and ends. */
function recorded(log: string[], scope: "app" | "request" = "request") {
  return around(
    dependency({ scope }, () => "value"),
    async (value, next) => {
      log.push(`${value}(`);
      try {
        await next();
        log.push(")");
      } catch (error) {
        log.push(`!${(error as Error).message})`);
        throw error;
      }
    },
  );
}

describe.each(["app", "request"] as const)("a dependency of the %s around the rest", (scope) => {
  it("encloses what is declared after it, and the handler", async () => {
    const log: string[] = [];
    const before = dependency({}, () => void log.push("before"));
    const after = dependency({ scope: "handler" }, function* () {
      yield log.push("after+");
      log.push("after-");
    });
    const outer = recorded(log, scope);
    expectTypeOf(outer["~t"]).toEqualTypeOf<string>();
    const read = get("/", { use: { before, outer, after } }, ({ outer }) => {
      log.push("handler");
      return outer;
    });
    expect(await testClient(martlet({ read })).api.read()).toMatchObject({ data: "value" });
    expect(log).toEqual(["before", "value(", "after+", "handler", "after-", ")"]);
  });

  it("sees a problem that is returned, and what is thrown", async () => {
    const log: string[] = [];
    const outer = recorded(log, scope);
    const refuse = get("/refuse", { use: { outer }, throws: [Conflict] }, () => new Conflict({}));
    const fail = get("/fail", { use: { outer } }, () => {
      throw new Error("broken");
    });
    const app = martlet({ refuse, fail }, { report: () => undefined });
    const status = async (path: string) =>
      (await app.fetch(new Request(`http://localhost${path}`))).status;
    expect(await status("/refuse")).toBe(409);
    expect(await status("/fail")).toBe(500);
    expect(log[1]).toMatch(/^!.*conflict/i);
    expect(log.slice(2)).toEqual(["value(", "!broken)"]);
  });

  it("is there once, however many use it", async () => {
    const log: string[] = [];
    const outer = recorded(log, scope);
    const one = dependency({ use: { outer } }, () => 1);
    const two = dependency({ use: { outer, one } }, ({ one }) => one + 1);
    const read = get("/", { use: { one, two, outer } }, ({ two }) => two);
    expect(await (await testClient(martlet({ read })).get("/")).json()).toBe(2);
    expect(log).toEqual(["value(", ")"]);
  });
});

it("keeps an async context for all that follows, the caller's dependencies first", async () => {
  const storage = new AsyncLocalStorage<string>();
  const inside = around(
    dependency({}, () => "inside"),
    (value, next) => storage.run(value, next),
  );
  const user = dependency({ security: { token: bearer() }, use: { inside } }, async () => {
    await Promise.resolve();
    return storage.getStore();
  });
  const Body = z.object({ name: z.string() });
  const create = post("/", { body: Body, use: { user } }, async ({ user, body }) => {
    await Promise.resolve();
    return [user, body.name, storage.getStore()];
  });
  const client = testClient(martlet({ create }), { headers: { authorization: "Bearer x" } });
  const response = await client.post("/", { json: { name: "a" } });
  expect(await response.json()).toEqual(["inside", "a", "inside"]);
  const invalid = await client.post("/", { json: {} });
  expect(invalid.status).toBe(422);
  expect(storage.getStore()).toBeUndefined();
});

it("may run the rest again, each time with what it opens for itself", async () => {
  const log: string[] = [];
  const again = around(
    dependency({}, () => 2),
    async (attempts, next) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await next();
          return;
        } catch (error) {
          log.push(`failed ${attempt}`);
          if (attempt === attempts) throw error;
        }
      }
    },
  );
  const opened = dependency({ use: { again }, scope: "handler" }, function* () {
    try {
      log.push("open");
      yield log.length;
    } finally {
      log.push("close");
    }
  });
  let calls = 0;
  const create = post("/", { use: { again, opened }, body: z.string() }, ({ body }) => {
    calls += 1;
    if (calls === 1) throw new Error("once");
    return body;
  });
  const response = await testClient(martlet({ create })).post("/", { json: "hello" });
  expect(await response.json()).toBe("hello");
  expect(log).toEqual(["open", "close", "failed 1", "open", "close"]);
});

it("gets the source of the call", async () => {
  const methods: string[] = [];
  const seen = around(
    dependency({}, () => undefined),
    (_value, next, source) => {
      methods.push((source as { method: string }).method);
      return next();
    },
  );
  const read = get("/", { use: { seen } }, () => "ok");
  await testClient(martlet({ read })).get("/");
  expect(methods).toEqual(["GET"]);
});
