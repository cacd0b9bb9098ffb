import { background, dependency, get, martlet, problem, type Report } from "martlet";
import { afterEach, describe, expect, test } from "vitest";
import { served } from "./served.ts";

const log: string[] = [];
const reports: Report[] = [];
const Tea = problem(418, "tea");

const session = dependency({}, async function* session() {
  try {
    yield "session";
  } finally {
    log.push("clean-up");
  }
});

const use = { background, session };
const app = martlet(
  {
    two: get("/two", { use }, ({ background }) => {
      background(() => {
        throw new Error("the first one fails");
      });
      background(() => void log.push("second"));
      return "done";
    }),
    raises: get("/raises", { use, throws: [Tea] }, ({ background }) => {
      background(() => void log.push("task"));
      throw new Tea();
    }),
    fails: get("/fails", { use }, ({ background }) => {
      background(() => void log.push("task"));
      throw new Error("broken");
    }),
  },
  { report: (each) => void reports.push(each) },
);

/** The status of an answer, once the server has stopped and so all work after it is done. */
async function status(path: string): Promise<number> {
  return served(app.with({}), async (url) => (await fetch(`${url}${path}`)).status);
}

afterEach(() => {
  log.length = 0;
  reports.length = 0;
});

describe("FastAPI drops the background tasks behind one that fails; Martlet", () => {
  test("runs them all and reports the one that failed", async () => {
    expect(await status("/two")).toBe(200);
    expect(log).toEqual(["clean-up", "second"]);
    expect(reports.map(({ kind, route }) => `${kind} ${route}`)).toEqual(["background GET /two"]);
  });
});

describe("FastAPI drops the tasks of a request that ends in an error; Martlet runs them", () => {
  test("after a problem", async () => {
    expect(await status("/raises")).toBe(418);
    expect(log).toEqual(["clean-up", "task"]);
  });

  test("after a failure, which is reported as well", async () => {
    expect(await status("/fails")).toBe(500);
    expect(log).toEqual(["clean-up", "task"]);
    expect(reports.map(({ kind }) => kind)).toEqual(["error"]);
  });
});
