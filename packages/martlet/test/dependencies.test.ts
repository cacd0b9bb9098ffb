import { describe, expect, expectTypeOf, it } from "vitest";
import {
  background,
  dependency,
  get,
  type HttpSource,
  martlet,
  type Param,
  post,
  problem,
  request,
  response,
  router,
  scopes,
  Unauthorized,
} from "martlet";
import { bearer } from "martlet/auth";
import { override, testClient } from "martlet/testing";
import { z } from "zod";

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Dependencies a <- b <- c that write down when they open and close. */
function chain(log: string[]) {
  const a = dependency({}, async function* a() {
    log.push("a+");
    try {
      yield "a";
    } catch (error) {
      log.push(`a!${(error as Error).message}`);
      throw error;
    } finally {
      log.push("a-");
    }
  });
  const b = dependency({ use: { a } }, function* b({ a }) {
    log.push("b+");
    yield `${a}b`;
    log.push("b-");
  });
  const c = dependency({ use: { a, b } }, ({ a, b }) => {
    log.push("c");
    return `${a}${b}c`;
  });
  return { a, b, c };
}

describe("a dependency", () => {
  it("is resolved once in a request, however many ask for it, and closed in reverse", async () => {
    const log: string[] = [];
    const { a, b, c } = chain(log);
    const read = get("/", { use: { a, b, c, background } }, ({ c, background }) => {
      background(() => log.push("task"));
      log.push("handler");
      return c;
    });
    const client = testClient(martlet({ read }));
    expect(await (await client.get("/")).json()).toBe("aabc");
    expect(log).toEqual(["a+", "b+", "c", "handler", "b-", "a-", "task"]);
  });

  it("is resolved for every one who asks when it is not cached", async () => {
    let count = 0;
    const id = dependency({ cache: false }, () => (count += 1));
    const other = dependency({ use: { id } }, ({ id }) => id);
    const read = get("/", { use: { id, other } }, ({ id, other }) => [id, other]);
    expect(await (await testClient(martlet({ read })).get("/")).json()).toEqual([1, 2]);
  });

  it("sees the error of the request at its yield, before the answer is made", async () => {
    const log: string[] = [];
    const { a } = chain(log);
    const read = get("/", { use: { a } }, () => {
      throw new Error("broken");
    });
    const client = testClient(martlet({ read }), { raise: false });
    const answer = await client.get("/");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("broken");
    expect(log).toEqual(["a+", "a!broken", "a-"]);
  });

  it("may turn an error into a problem, and can never hide one", async () => {
    const Busy = problem(409, "busy");
    const translate = dependency({ throws: [Busy] }, function* () {
      try {
        yield 1;
      } catch {
        throw new Busy({});
      }
    });
    const swallow = dependency({}, function* () {
      try {
        yield 1;
      } catch {
        // What is caught here is still answered.
      }
    });
    const fail = (): never => {
      throw new Error("broken");
    };
    const app = martlet({
      told: get("/told", { use: { translate } }, fail),
      hidden: get("/hidden", { use: { swallow } }, fail),
    });
    const client = testClient(app, { raise: false });
    expect((await client.get("/told")).status).toBe(409);
    expect((await client.get("/hidden")).status).toBe(500);
  });

  it("with the handler's scope is closed before the answer is sent", async () => {
    const log: string[] = [];
    const { a } = chain(log);
    const fn = dependency({ scope: "handler" }, async function* () {
      log.push("fn+");
      yield 1;
      await tick();
      log.push("fn-");
    });
    const read = get("/", { use: { fn, a, background } }, ({ background }) => {
      background(() => log.push("task"));
      log.push("handler");
      return null;
    });
    await testClient(martlet({ read })).get("/");
    expect(log).toEqual(["fn+", "a+", "handler", "fn-", "a-", "task"]);
  });

  it("with the application's scope is opened once, and closed when the application stops", async () => {
    const log: string[] = [];
    const settings = dependency({ scope: "app" }, () => ({ url: "db:" }));
    const db = dependency({ scope: "app", use: { settings } }, async function* ({ settings }) {
      await tick();
      log.push(`open ${settings.url}`);
      yield { n: 1 };
      log.push("close");
    });
    const read = get("/", { use: { db } }, ({ db }) => db.n);
    const client = testClient(martlet({ read }));
    await client.get("/");
    await client.get("/");
    expect(log).toEqual(["open db:"]);
    await client.close();
    expect(log).toEqual(["open db:", "close"]);
  });

  it("that fails to open ends the start, and closes what was open", async () => {
    const log: string[] = [];
    const first = dependency({ scope: "app" }, function* () {
      yield 1;
      log.push("closed after an error would not be reached");
    });
    const second = dependency({ scope: "app", use: { first } }, () => {
      throw new Error("no database");
    });
    const app = martlet({ read: get("/", { use: { second } }, () => null) });
    await expect(app.start()).rejects.toThrow("no database");
    expect(log).toEqual([]);
  });

  it("brings its parameters, which are validated with all others in one answer", async () => {
    const page = dependency({ query: { limit: z.int().max(10) } }, ({ limit }) => limit);
    const list = post(
      "/{id}",
      { path: { id: z.int() }, body: z.object({ name: z.string() }), use: { page } },
      () => null,
    );
    const answer = await testClient(martlet({ list })).post("/x?limit=99", { json: { name: 1 } });
    const { errors } = (await answer.json()) as { errors: { loc: unknown }[] };
    expect(errors.map((each) => each.loc)).toEqual([
      ["query", "limit"],
      ["body", "name"],
      ["path", "id"],
    ]);
  });

  it("may be called like a member that every object has", async () => {
    const read = get("/", { query: { toString: z.int(), constructor: z.string() } }, (all) => [
      all.toString,
      all.constructor,
    ]);
    const answer = await testClient(martlet({ read })).get("/?toString=7&constructor=x");
    expect(await answer.json()).toEqual([7, "x"]);
  });

  it("stays out of the way of the others: they run in declared order", async () => {
    const log: string[] = [];
    const slow = dependency({}, async () => {
      await tick();
      log.push("slow");
    });
    const quick = dependency({}, () => void log.push("quick"));
    const read = get("/", { use: { slow, quick } }, () => null);
    await testClient(martlet({ read })).get("/");
    expect(log).toEqual(["slow", "quick"]);
  });

  it("may return a declared problem, which is answered", async () => {
    const Gone = problem(410, "gone", { since: z.int() });
    const item = dependency({ throws: [Gone] }, () =>
      Math.random() > 2 ? "item" : new Gone({ since: 3 }),
    );
    const read = get("/", { use: { item } }, ({ item }) => {
      expectTypeOf(item).toEqualTypeOf<string>();
      return item;
    });
    const answer = await testClient(martlet({ read })).get("/");
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: "gone", since: 3 });
  });

  it("sets status, headers and cookies of the answer", async () => {
    const mark = dependency({ use: { response } }, ({ response }) => {
      response.header("X-Mark", "1");
      response.cookie("seen", "yes");
    });
    const read = get("/", { use: { mark, response } }, ({ response }) => {
      response.status = 202;
      return null;
    });
    const answer = await testClient(martlet({ read })).get("/");
    expect(answer.status).toBe(202);
    expect(answer.headers.get("x-mark")).toBe("1");
    expect(answer.headers.getSetCookie()).toEqual(["seen=yes; Path=/; HttpOnly; SameSite=Lax"]);
  });

  it("may return whatever can be awaited, as a handler may", async () => {
    // A query builder is no Promise, but has a `then`.
    const query = <T>(rows: T): Promise<T> =>
      // oxlint-disable-next-line no-thenable -- that is what is tested
      ({ then: (done: (rows: T) => void) => done(rows) }) as never;
    const rows = dependency({}, () => query([1, 2]));
    const list = get("/", { use: { rows }, returns: z.array(z.int()) }, ({ rows }) => query(rows));
    expect(await (await testClient(martlet({ list })).get("/")).json()).toEqual([1, 2]);
  });

  it("may be any parameter that a package offers", async () => {
    const tenant: Param<string, HttpSource> = {
      kind: "tenant",
      phase: "input",
      describe: (_name, operation) => operation.parameter("header", "x-tenant", z.string()),
      compile: () => (source) => source.header("x-tenant") ?? "none",
    };
    const read = get("/", { use: { tenant, request } }, ({ tenant, request }) => [
      tenant,
      request.method,
    ]);
    const answer = await testClient(martlet({ read })).get("/", { headers: { "x-tenant": "t" } });
    expect(await answer.json()).toEqual(["t", "GET"]);
  });
});

describe("credentials", () => {
  const log: string[] = [];
  const db = dependency({}, () => void log.push("db"));
  const user = dependency(
    { security: { token: bearer() }, use: { db, needed: scopes }, throws: [Unauthorized] },
    ({ token, needed }) => (token === "good" ? needed : new Unauthorized({})),
  );
  const other = dependency({}, () => void log.push("other"));
  const app = martlet({
    create: post(
      "/",
      {
        body: z.object({ name: z.string() }),
        use: { other, user: user.scopes("items:write") },
      },
      ({ user }) => user,
    ),
    me: get("/me", { use: { user } }, ({ user }) => user),
  });
  const client = testClient(app);
  const good = { authorization: "Bearer good" };

  it("come before everything else: a bad body of a stranger is 401", async () => {
    const body = { headers: { "content-type": "application/json" }, body: "{" };
    expect((await client.post("/", body)).status).toBe(401);
    const headers = { ...body.headers, authorization: "Bearer bad" };
    expect((await client.post("/", { ...body, headers })).status).toBe(401);
    expect((await client.post("/", { ...body, headers: { ...headers, ...good } })).status).toBe(
      400,
    );
    expect(log).not.toContain("other");
  });

  it("bring what turns them into a caller forward, and nothing else", async () => {
    log.length = 0;
    const answer = await client.post("/", { headers: good, json: { name: 1 } });
    expect(answer.status).toBe(422);
    expect(log).toEqual(["db"]);
  });

  it("are told the scopes that are asked of them", async () => {
    const answer = await client.post("/", { headers: good, json: { name: "a" } });
    expect(await answer.json()).toEqual(["items:write"]);
    expect(await (await client.get("/me", { headers: good })).json()).toEqual([]);
  });

  it("tell the document every scope that anybody asks of them", () => {
    const token = dependency({ security: { token: bearer() } }, ({ token }) => token);
    const person = dependency({ use: { token } }, ({ token }) => token);
    const list = get("/", { use: { person: person.scopes("read") } }, () => null);
    const { paths } = martlet({ list }, { use: { person: person.scopes("app") } }).openapi();
    expect(paths["/"]?.["get"]?.security).toEqual([{ bearer: ["app", "read"] }]);
  });

  it("are replaced with all that is derived from them", async () => {
    const tested = testClient(app, { overrides: [override(user, () => ["fake"])] });
    expect(await (await tested.post("/", { json: { name: "a" } })).json()).toEqual(["fake"]);
    expect(await (await tested.get("/me")).json()).toEqual(["fake"]);
  });
});

describe("an override", () => {
  const db = dependency({ scope: "app" }, () => ({ name: "real" }));
  const named = dependency({ use: { db } }, ({ db }) => db.name);
  const app = martlet({ read: get("/", { use: { named } }, ({ named }) => named) });

  it("replaces a dependency for one test client alone", async () => {
    const fake = testClient(app, { overrides: [override(db, () => ({ name: "fake" }))] });
    expect(await (await fake.get("/")).json()).toBe("fake");
    expect(await (await testClient(app).get("/")).json()).toBe("real");
  });

  it("may be a dependency with parameters of its own", async () => {
    const asked = dependency({ query: { name: z.string() } }, ({ name }) => name);
    const client = testClient(app, { overrides: [override(named, asked)] });
    expect(await (await client.get("/?name=ann")).json()).toBe("ann");
    expect((await client.get("/")).status).toBe(422);
  });

  it("is checked against the type of what it replaces", () => {
    // @ts-expect-error a name must be text
    void override(db, () => ({ name: 1 }));
    void override(db, async () => ({ name: "late" }));
    expect(true).toBe(true);
  });
});

describe("what routers and the application ask for", () => {
  it("runs before the route, outermost first, and may refuse", async () => {
    const log: string[] = [];
    const note = (name: string) => dependency({ name }, () => void log.push(name));
    const Closed = problem(403, "closed");
    const guard = dependency(
      { header: { key: z.string().optional() }, throws: [Closed] },
      ({ key }) => (key === "1" ? undefined : new Closed({})),
    );
    const read = get("/", { use: { own: note("route") } }, () => null);
    const inner = router("/inner", { read }, { use: { n: note("inner"), guard } });
    const outer = router("/outer", { inner }, { use: { n: note("outer") } });
    const client = testClient(martlet({ outer }, { use: { n: note("app") } }));
    expect((await client.get("/outer/inner")).status).toBe(403);
    expect(log).toEqual(["app", "outer", "inner"]);
    log.length = 0;
    expect((await client.get("/outer/inner", { headers: { key: "1" } })).status).toBe(200);
    expect(log).toEqual(["app", "outer", "inner", "route"]);
    log.length = 0;
    expect((await client.get("/nowhere")).status).toBe(404);
    expect(log).toEqual([]);
  });
});
