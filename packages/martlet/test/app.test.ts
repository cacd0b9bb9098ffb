import { describe, expect, it, vi } from "vitest";
import {
  Answer,
  dependency,
  Fault,
  Faults,
  get,
  issuesByField,
  martlet,
  type Middleware,
  NotFound,
  post,
  problem,
  type ProblemFormat,
  problemJson,
  router,
} from "martlet";
import { testClient } from "martlet/testing";
import { z } from "zod";

const Item = z.object({ id: z.int(), name: z.string() });

describe("problems", () => {
  const Sold = problem(409, "sold", { to: z.string() }, { title: "Already sold" });
  const app = martlet({
    sold: get("/sold", { throws: [Sold] }, () => {
      throw new Sold({ to: "ann" }, { detail: "Too late.", headers: { "retry-after": "9" } });
    }),
    undeclared: get("/undeclared", {}, () => {
      throw new Sold({ to: "ann" });
    }),
    broken: get("/broken", {}, () => {
      throw new Error("the password is 1234");
    }),
    create: post("/", { body: Item }, ({ body }) => body),
  });

  it("are RFC 9457 problem details", async () => {
    const answer = await testClient(app).get("/sold");
    expect(answer.status).toBe(409);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("retry-after")).toBe("9");
    expect(await answer.json()).toEqual({
      type: "/problems/sold",
      title: "Already sold",
      status: 409,
      code: "sold",
      detail: "Too late.",
      to: "ann",
    });
  });

  it("hide everything about an unexpected error, which is reported", async () => {
    const client = testClient(app, { raise: false });
    const answer = await client.get("/broken");
    expect(await answer.json()).toEqual({
      type: "/problems/internal",
      title: "Internal server error",
      status: 500,
      code: "internal",
    });
    expect(client.reports).toMatchObject([{ kind: "error", route: "GET /broken" }]);
    await expect(testClient(app).get("/broken")).rejects.toThrow("the password is 1234");
  });

  it("that a route does not declare fail a test, and keep their status for the client", async () => {
    await expect(testClient(app).get("/undeclared")).rejects.toThrow("Already sold");
    const client = testClient(app, { raise: false });
    expect((await client.get("/undeclared")).status).toBe(409);
    expect(client.reports).toMatchObject([{ kind: "undeclared-problem" }]);
  });

  it("are written to standard error when nobody else takes them", async () => {
    const write = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await app.fetch(new Request("http://localhost/broken"));
    expect(write).toHaveBeenCalledWith(
      expect.stringMatching(/^GET \/broken failed: Error: the password is 1234\n +at /),
    );
    write.mockRestore();
  });

  it("keep what a failed statement held out of what is written", async () => {
    const cause = Object.assign(new Error("duplicate key"), {
      detail: "Key (email)=(ann@a.example)",
    });
    const failure = Object.assign(
      new Error("Failed query: insert into users values ($1)\nparams: ann@a.example", { cause }),
      { params: ["ann@a.example"] },
    );
    const broken = get("/", {}, () => {
      throw failure;
    });
    const write = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await martlet({ broken }).fetch(new Request("http://localhost/"));
    const written = String(write.mock.calls[0]?.[0]);
    expect(written).toContain("insert into users");
    expect(written).toContain("caused by Error: duplicate key");
    expect(written).not.toContain("ann@a.example");
    write.mockRestore();
  });

  it("take another format in one place, also in the document", async () => {
    const format: ProblemFormat = {
      mediaType: "application/json",
      body: ({ title }, issues) => ({
        errors: issues === undefined ? { request: [title] } : issuesByField(issues),
      }),
      schema: () => ({ type: "object", title: "ErrorModel", properties: { errors: {} } }),
    };
    const client = testClient(app.with({ problems: format }));
    const answer = await client.post("/", { json: { id: "x" } });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual({
      errors: {
        id: ["Invalid input: expected int, received string"],
        name: ["This is required."],
      },
    });
    expect(await (await client.get("/nowhere")).json()).toEqual({
      errors: { request: ["Not found"] },
    });
    const { responses } = app.with({ problems: format }).openapi().paths["/"]?.["post"] ?? {};
    expect(responses?.["422"]?.content).toEqual({
      "application/json": { schema: { $ref: "#/components/schemas/ErrorModel" } },
    });
  });

  it("may be the usual ones and a little more", async () => {
    const problems: ProblemFormat = {
      ...problemJson,
      body: (problem, issues) =>
        Object.assign({ support: "#4711" }, problemJson.body(problem, issues)),
    };
    const answer = await testClient(app.with({ problems })).post("/", { json: { id: 1 } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      code: "invalid-input",
      errors: [{ loc: ["body", "name"], code: "missing" }],
      support: "#4711",
    });
  });
});

describe("a response model", () => {
  const row = { id: 1, name: "a", passwordHash: "x", nested: { id: 2, name: "b", secret: "y" } };

  it("lets out what it declares, and nothing else", async () => {
    const Nested = Item.extend({ nested: Item });
    const app = martlet({
      one: get("/one", { returns: Nested }, () => row),
      many: get("/many", { returns: z.array(Item) }, () => [row, row]),
    });
    const client = testClient(app);
    expect(await (await client.get("/one")).json()).toEqual({
      id: 1,
      name: "a",
      nested: { id: 2, name: "b" },
    });
    expect(await (await client.get("/many")).json()).toEqual([
      { id: 1, name: "a" },
      { id: 1, name: "a" },
    ]);
  });

  it("fills in defaults and turns dates into text", async () => {
    const Model = z.object({ at: z.date(), n: z.int().default(3) });
    const app = martlet({ read: get("/", { returns: Model }, () => ({ at: new Date(0) })) });
    const answer = await testClient(app).get("/");
    expect(await answer.json()).toEqual({ at: "1970-01-01T00:00:00.000Z", n: 3 });
  });

  it("answers what does not fit it with 500, and tells the operator where", async () => {
    const app = martlet({ read: get("/", { returns: Item }, () => ({ id: 1, name: 5 as never })) });
    const client = testClient(app, { raise: false });
    const answer = await client.get("/");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("name");
    expect(String(client.reports[0]?.error)).toContain("response.name");
  });
});

describe("middleware", () => {
  const note =
    (log: string[], name: string): Middleware =>
    async (_request, next) => {
      log.push(`${name}+`);
      const answer = await next();
      log.push(`${name}- ${answer.status}`);
      return answer.with({ [`x-${name}`]: "1" });
    };

  it("stands around everything: the application's, the routers', the route's", async () => {
    const log: string[] = [];
    const read = get("/", { middleware: [note(log, "route")] }, () => log.push("handler"));
    const fail = get("/fail", {}, () => {
      throw new NotFound();
    });
    const items = router("/items", { read, fail }, { middleware: [note(log, "router")] });
    const app = martlet({ items }, { middleware: [note(log, "first"), note(log, "second")] });
    const client = testClient(app, { raise: false });
    const answer = await client.get("/items");
    expect(log.slice(0, 5)).toEqual(["first+", "second+", "router+", "route+", "handler"]);
    expect(log.slice(5)).toEqual(["route- 200", "router- 200", "second- 200", "first- 200"]);
    expect(answer.headers.get("x-route")).toBe("1");
    log.length = 0;
    expect((await client.get("/items/fail")).headers.get("x-router")).toBe("1");
    expect(log).toEqual([
      "first+",
      "second+",
      "router+",
      "router- 404",
      "second- 404",
      "first- 404",
    ]);
    log.length = 0;
    expect((await client.get("/nowhere")).headers.get("x-first")).toBe("1");
    expect(log).toEqual(["first+", "second+", "second- 404", "first- 404"]);
  });

  it("may answer by itself, and what it throws is a problem too", async () => {
    const app = martlet(
      { read: get("/", {}, () => "never") },
      {
        middleware: [
          (request, next) => {
            if (request.header("x-fail") === "1") throw new Error("broken");
            if (request.header("x-stop") === "1") return new Answer(418);
            return next();
          },
        ],
      },
    );
    const client = testClient(app, { raise: false });
    expect((await client.get("/", { headers: { "x-stop": "1" } })).status).toBe(418);
    const broken = await client.get("/", { headers: { "x-fail": "1" } });
    expect(broken.status).toBe(500);
    expect(await broken.json()).toMatchObject({ code: "internal" });
  });
});

describe("the lifespan", () => {
  it("starts before the first request and ends with the application", async () => {
    const log: string[] = [];
    const db = dependency({ scope: "app" }, function* () {
      log.push("db+");
      yield "db";
      log.push("db-");
    });
    const migrate = dependency({ scope: "app", use: { db } }, function* ({ db }) {
      log.push(`migrate ${db}`);
      yield;
    });
    const cache = async function* (): AsyncGenerator {
      log.push("cache+");
      yield;
      log.push("cache-");
    };
    const items = router("/items", { read: get("/", {}, () => null) }, { lifespan: cache });
    const client = testClient(martlet({ items }, { lifespan: migrate }));
    await client.get("/items");
    await client.close();
    expect(log).toEqual(["db+", "migrate db", "cache+", "cache-", "db-"]);
  });

  it("waits for background work when the application stops", async () => {
    const log: string[] = [];
    const { background } = await import("martlet");
    const read = get("/", { use: { background } }, ({ background }) => {
      background(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        log.push("done");
      });
      return null;
    });
    const app = martlet({ read });
    await app.fetch(new Request("http://localhost/"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await app.stop();
    expect(log).toEqual(["done"]);
  });

  it("answers 503 when a handler takes longer than the deadline, and aborts its signal", async () => {
    const { signal } = await import("martlet");
    let aborted = false;
    const slow = get("/", { use: { signal } }, ({ signal }) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise(() => undefined);
    });
    const client = testClient(martlet({ slow }, { deadline: 20 }), { raise: false });
    const answer = await client.get("/");
    expect(answer.status).toBe(503);
    expect(aborted).toBe(true);
  });

  it("lets middleware see the answer after the deadline", async () => {
    const slow = get("/", {}, () => new Promise(() => undefined));
    const app = martlet(
      { slow },
      {
        deadline: 10,
        middleware: [async (_request, next) => (await next()).with({ "x-seen": "1" })],
      },
    );
    const answer = await testClient(app, { raise: false }).get("/");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("x-seen")).toBe("1");
  });

  it("closes what a late handler had opened, once it has returned", async () => {
    let open = 0;
    const connection = dependency({}, function* () {
      open += 1;
      yield;
      open -= 1;
    });
    const slow = get(
      "/",
      { use: { connection } },
      () => new Promise((done) => setTimeout(done, 40)),
    );
    const client = testClient(martlet({ slow }, { deadline: 10 }), { raise: false });
    expect((await client.get("/")).status).toBe(503);
    expect(open).toBe(1);
    await new Promise((done) => setTimeout(done, 60));
    expect(open).toBe(0);
  });

  it("tells the faults of everything that cannot start at once", async () => {
    const log: string[] = [];
    const settings = (name: string) =>
      dependency({ scope: "app" }, (): string => {
        throw new Faults([new Fault("M015", `${name} is missing`)]);
      });
    const mail = settings("MAIL_URL");
    const db = dependency({ scope: "app", use: { url: settings("DATABASE_URL") } }, ({ url }) => {
      log.push(`opened ${url}`);
    });
    const app = martlet({ read: get("/", { use: { mail, db } }, () => null) });
    await expect(app.start()).rejects.toThrow(/2 faults[^]*MAIL_URL[^]*DATABASE_URL/);
    expect(log).toEqual([]);
  });

  it("is tried again after it failed, with everything closed in between", async () => {
    const log: string[] = [];
    let away = true;
    const pool = dependency({ scope: "app" }, function* () {
      try {
        log.push("open");
        yield 1;
      } finally {
        log.push("close");
      }
    });
    const db = dependency({ scope: "app", use: { pool } }, () => {
      if (away) throw new Error("the database is away");
      return "db";
    });
    const app = martlet({ read: get("/", { use: { db } }, ({ db }) => db) });
    await expect(app.fetch(new Request("http://localhost/"))).rejects.toThrow("away");
    away = false;
    const answer = await app.fetch(new Request("http://localhost/"));
    expect(await answer.json()).toBe("db");
    expect(log).toEqual(["open", "close", "open"]);
  });
});
