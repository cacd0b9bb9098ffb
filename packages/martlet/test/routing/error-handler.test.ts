import {
  Answer,
  background,
  dependency,
  get,
  html,
  HttpProblem,
  InvalidInput,
  martlet,
  type Middleware,
  NotFound,
  onError,
  problem,
  type Report,
  request,
  response,
  router,
  Unauthorized,
  Unavailable,
} from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

class StoreError extends Error {}
class DatabaseDown extends StoreError {}
class Strange extends Error {}
class InMiddleware extends Error {}
const Locked = problem(423, "locked", { by: z.string() });
const Undeclared = problem(409, "undeclared");

const log: string[] = [];
const reports: Report[] = [];
const down = (): never => {
  throw new DatabaseDown("the database is down");
};
const downLater = async (): Promise<never> => {
  await Promise.resolve();
  return down();
};
const breaks: Middleware = () => {
  throw new InMiddleware("a middleware broke");
};
const session = dependency({}, function* () {
  try {
    yield "open";
  } catch (error) {
    log.push(`session saw ${(error as Error).constructor.name}`);
    throw error;
  }
});

const own = [
  onError(DatabaseDown, (error) => {
    log.push("route");
    return new Locked({ by: error.message });
  }),
];
const passes = [onError(DatabaseDown, () => void log.push("passes"))];
const inner = {
  own: get("/own", { errors: own, throws: [Locked] }, down),
  ownLater: get("/own-later", { errors: own, throws: [Locked] }, downLater),
  passes: get("/passes", { errors: passes }, down),
  strange: get("/strange", {}, () => {
    throw new Strange("nobody knows it");
  }),
  middle: get(
    "/middle",
    {
      middleware: [breaks],
      errors: [onError(InMiddleware, () => new Answer(418))],
    },
    () => null,
  ),
};
const routes = {
  orders: router(
    "/orders",
    {
      inner: router("/inner", inner, {
        errors: [
          onError(Strange, () => undefined),
          onError(StoreError, async () => {
            log.push("inner");
            await Promise.resolve();
            return undefined;
          }),
        ],
      }),
    },
    {
      errors: [
        onError(InMiddleware, () => new Answer(500, {}, "never asked")),
        onError(StoreError, () => {
          log.push("outer");
          return new Unavailable({}, { headers: { "retry-after": "5" } });
        }),
        onError(DatabaseDown, () => html("never asked")),
      ],
    },
  ),
  guarded: router(
    "/guarded",
    {
      read: get(
        "/",
        { errors: [onError(InMiddleware, () => new Answer(200, {}, "too far in"))] },
        () => null,
      ),
    },
    { middleware: [breaks] },
  ),
  undeclared: get("/undeclared", { errors: [onError(DatabaseDown, () => new Undeclared())] }, down),
  throws: get(
    "/throws",
    {
      errors: [
        onError(DatabaseDown, () => {
          throw new TypeError("the handler broke");
        }),
      ],
    },
    down,
  ),
  throwsProblem: get(
    "/throws-problem",
    {
      errors: [
        onError(DatabaseDown, async () => {
          throw new Unavailable();
        }),
      ],
    },
    down,
  ),
  same: get(
    "/same",
    {
      errors: [
        onError(DatabaseDown, (error) => {
          throw error;
        }),
      ],
    },
    down,
  ),
  page: get(
    "/page",
    { errors: [onError(DatabaseDown, (_error, request) => html(request.path, 503))] },
    down,
  ),
  session: get("/session", { use: { session }, errors: own, throws: [Locked] }, downLater),
  tasks: get(
    "/tasks",
    {
      use: { background, request, response },
      errors: [
        onError(DatabaseDown, (_error, request) => {
          request.background(() => void log.push("added by the handler"));
          return new Answer(202);
        }),
      ],
    },
    ({ background, response }) => {
      response.header("x-draft", "1");
      background(() => void log.push("added by the route"));
      return down();
    },
  ),
  item: get("/items/{id}", { path: { id: z.int() } }, ({ id }) => id),
  text: get("/text", {}, () => {
    // oxlint-disable-next-line no-throw-literal -- what others throw
    throw "no error at all";
  }),
};
const app = martlet(routes, {
  report: (report) => void reports.push(report),
  middleware: [
    async (request, next) => {
      if (request.header("x-break") === "refuse") throw new Unauthorized();
      if (request.header("x-break") !== undefined) throw new InMiddleware("at the application");
      const answer = await next();
      return answer.with({ "x-seen": String(answer.status) });
    },
  ],
  errors: [
    onError(NotFound, (_error, request) => html(`No ${request.path}`, 404)),
    onError(InMiddleware, () => new Unavailable()),
    onError(InvalidInput, (error) => {
      log.push(error.extension.errors[0]?.code ?? "");
      return error;
    }),
    onError(Unauthorized, () => undefined),
  ],
});

let server: RunningServer;
beforeAll(async () => {
  server = await listen(app, { port: 0 });
});
afterAll(() => server.stop());
beforeEach(() => {
  log.length = 0;
  reports.length = 0;
});
const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(server.url + path, init);

describe("an error is asked of", () => {
  test.each(["/orders/inner/own", "/orders/inner/own-later"])(
    "the route's handlers first: %s",
    async (path) => {
      const answer = await ask(path);
      expect(await answer.json()).toMatchObject({ code: "locked", by: "the database is down" });
      expect(answer.status).toBe(423);
      expect(log).toEqual(["route"]);
      expect(reports).toEqual([]);
    },
  );

  test("those of the routers from the inside out, as long as each leaves it to the next", async () => {
    const answer = await ask("/orders/inner/passes");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(log).toEqual(["passes", "inner", "outer"]);
    expect(reports).toEqual([]);
  });

  test("nobody if it is of no class that anybody handles, and is reported once", async () => {
    expect((await ask("/orders/inner/strange")).status).toBe(500);
    expect((await ask("/text")).status).toBe(500);
    expect(reports.map(({ kind, route }) => [kind, route])).toEqual([
      ["error", "GET /orders/inner/strange"],
      ["error", "GET /text"],
    ]);
  });

  test("handlers after generator dependencies have seen it", async () => {
    expect((await ask("/session")).status).toBe(423);
    expect(log).toEqual(["session saw DatabaseDown", "route"]);
  });
});

describe("a handler", () => {
  test("may give a whole answer, knows the request, and serves HEAD too", async () => {
    const answer = await ask("/page");
    expect([answer.status, await answer.text()]).toEqual([503, "/page"]);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("x-seen")).toBe("503");
    const head = await ask("/page", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      503,
      "5",
      "",
    ]);
  });

  test("that gives a problem which is not declared is reported, as a route that throws it", async () => {
    expect((await ask("/undeclared")).status).toBe(409);
    expect(reports.map(({ kind }) => kind)).toEqual(["undeclared-problem"]);
  });

  test("that breaks is reported beside what it was asked about, and answered with 500", async () => {
    const answer = await ask("/throws");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("broke");
    expect(reports.map(({ error }) => (error as Error).message)).toEqual([
      "the database is down",
      "the handler broke",
    ]);
  });

  test("may throw a problem as well as return it", async () => {
    expect((await ask("/throws-problem")).status).toBe(503);
    expect(reports).toEqual([]);
  });

  test("that throws the same error again leaves it reported once", async () => {
    expect((await ask("/same")).status).toBe(500);
    expect(reports.map(({ error }) => (error as Error).message)).toEqual(["the database is down"]);
  });

  test("may add tasks, and starts without what the route had set of its answer", async () => {
    const answer = await ask("/tasks");
    expect([answer.status, answer.headers.get("x-draft")]).toEqual([202, null]);
    await expect.poll(() => log).toEqual(["added by the route", "added by the handler"]);
  });

  test("may take a problem of the framework for its own, or give it as it is", async () => {
    const answer = await ask("/items/x");
    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(log).toEqual(["int_parsing"]);
  });
});

describe("the application's handlers are asked of", () => {
  test("what has no route", async () => {
    const answer = await ask("/nowhere");
    expect([answer.status, await answer.text()]).toEqual([404, "No /nowhere"]);
    expect(answer.headers.get("x-seen")).toBe("404");
    expect((await ask("/items/1", { method: "DELETE" })).status).toBe(405);
  });

  test("what its middleware throws", async () => {
    expect((await ask("/items/1", { headers: { "x-break": "now" } })).status).toBe(503);
    expect((await ask("/items/1", { headers: { "x-break": "refuse" } })).status).toBe(401);
    expect(reports).toEqual([]);
  });

  test("what a router's middleware throws, and no handler further in is", async () => {
    expect((await ask("/guarded")).status).toBe(503);
    expect((await ask("/orders/inner/middle")).status).toBe(418);
  });
});

test("every problem is an HttpProblem, so that one handler sees them all", async () => {
  const all = martlet(
    { item: routes.item },
    { errors: [onError(HttpProblem, ({ status, code }) => new Answer(status, {}, code))] },
  );
  const text = async (path: string): Promise<string> =>
    (await all.fetch(new Request(`http://localhost${path}`))).text();
  expect(await text("/items/x")).toBe("invalid-input");
  expect(await text("/nowhere")).toBe("not-found");
  expect(await text(`/${"x".repeat(9000)}`)).toBe("uri-too-long");
});

test("the class of the error is the type that its handler receives", () => {
  onError(Locked, (error) => {
    expectTypeOf(error.extension.by).toBeString();
    return undefined;
  });
  onError(DatabaseDown, (error) => {
    expectTypeOf(error).toEqualTypeOf<DatabaseDown>();
    return undefined;
  });
  // @ts-expect-error -- a handler gives a problem, an answer or nothing
  onError(Locked, () => "locked");
  // @ts-expect-error -- an instance is no class
  onError(new DatabaseDown(), () => undefined);
});
