import { setTimeout as wait } from "node:timers/promises";
import { background, dependency, Forbidden, get, martlet, type Report, text } from "martlet";
import { beforeEach, describe, expect, test } from "vitest";
import { fronts } from "../fronts.ts";

const log: string[] = [];
const reports: Report[] = [];

const session = dependency({}, async function* session() {
  log.push("open");
  yield "session";
  await wait(5);
  log.push("clean-up");
});
const early = dependency({ scope: "handler" }, function* early() {
  yield "early";
  log.push("early clean-up");
});
const broken = dependency({}, function* broken() {
  yield "broken";
  throw new Error("clean-up failed");
});
const helped = dependency({ use: { background } }, ({ background }) => {
  background(() => log.push("the dependency's"));
});

const app = martlet(
  {
    tasks: get("/tasks", { use: { background, helped, session, early } }, ({ background }) => {
      background(async () => {
        await wait(10);
        log.push("first");
      });
      background(() => {
        throw new Error("second failed");
      });
      background(() => Promise.reject(new Error("third failed")));
      background(() => {
        log.push("fourth");
        background(() => log.push("added by the fourth"));
      });
      log.push("handler");
      return "done";
    }),
    fails: get("/fails", { use: { background } }, ({ background }) => {
      background(() => log.push("all the same"));
      throw new Error("handler failed");
    }),
    refuses: get("/refuses", { use: { background }, throws: [Forbidden] }, ({ background }) => {
      background(() => log.push("all the same"));
      return new Forbidden({});
    }),
    cleanup: get("/cleanup", { use: { background, broken } }, ({ background }) => {
      background(() => log.push("after a failed clean-up"));
      return text("fine");
    }),
  },
  { report: (each) => void reports.push(each) },
);

beforeEach(() => {
  log.length = 0;
  reports.length = 0;
});

const told = (): string[] => reports.map(({ kind, error }) => `${kind}: ${String(error)}`);

describe.each(fronts)("background tasks through $name", ({ open }) => {
  test("run after the answer and the clean-ups, one by one, each whatever became of the others", async () => {
    await using entrance = await open(app);
    const answer = await entrance.call("/tasks");
    expect(await answer.text()).toBe('"done"');
    await app.stop();
    expect(log).toEqual([
      "open",
      "handler",
      "early clean-up",
      "clean-up",
      "the dependency's",
      "first",
      "fourth",
      "added by the fourth",
    ]);
    expect(told()).toEqual(["background: Error: second failed", "background: Error: third failed"]);
    expect(reports.map((each) => each.route)).toEqual(["GET /tasks", "GET /tasks"]);
  });

  test("do not keep the answer waiting", async () => {
    await using entrance = await open(app);
    await (await entrance.call("/tasks")).text();
    expect(log).not.toContain("first");
  });

  test.for([
    ["/fails", 500, ["error: Error: handler failed"]],
    ["/refuses", 403, []],
  ] as const)("run when the answer is a problem, too: %s", async ([path, status, expected]) => {
    await using entrance = await open(app);
    expect((await entrance.call(path)).status).toBe(status);
    await app.stop();
    expect(log).toEqual(["all the same"]);
    expect(told()).toEqual(expected);
  });

  test("run after a clean-up that failed, which is reported", async () => {
    await using entrance = await open(app);
    expect(await (await entrance.call("/cleanup")).text()).toBe("fine");
    await app.stop();
    expect(log).toEqual(["after a failed clean-up"]);
    expect(told()).toEqual(["cleanup: Error: clean-up failed"]);
  });
});

describe("what a platform hands in beside a request", () => {
  const call = async (path: string, ...platform: unknown[]): Promise<Response> =>
    app.fetch(new Request(`http://localhost${path}`), ...platform);

  /** A context of a worker, which looks at what it is called on. */
  class Context {
    readonly kept: Promise<unknown>[] = [];

    waitUntil(work: Promise<unknown>): void {
      this.kept.push(work);
    }
  }

  test.for([
    ["(request, env, context)", (context: Context) => [{ KEY: "value" }, context]],
    ["(request, context)", (context: Context) => [context]],
    ["(request, undefined, context)", (context: Context) => [undefined, context]],
  ] as const)("keeps the work after an answer: %s", async ([, platform]) => {
    const context = new Context();
    expect(await (await call("/tasks", ...platform(context))).text()).toBe('"done"');
    expect(log).not.toContain("first");
    await Promise.all(context.kept);
    expect(context.kept).toHaveLength(1);
    expect(log).toContain("added by the fourth");
  });

  test("is left alone when there is no work, and need not be there", async () => {
    const plain = martlet({ plain: get("/plain", {}, () => 1) });
    const context = new Context();
    await plain.fetch(new Request("http://localhost/plain"), {}, context);
    expect(context.kept).toEqual([]);
    expect((await call("/tasks", { waitUntil: 7 }, 7, null)).status).toBe(200);
    await app.stop();
  });
});
