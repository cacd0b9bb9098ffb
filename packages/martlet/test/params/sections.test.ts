import { dependency, file, get, martlet, post, router } from "martlet";
import { client as clientOf, contractOf } from "martlet/client";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { objections } from "../openapi/validity.ts";

/** What is wrong with a document, but for what these applications do not say. */
async function found(document: Parameters<typeof objections>[0]): Promise<readonly string[]> {
  const all = await objections(document);
  return all.filter((each) => !/no-empty-servers|info-license/.test(each));
}

const Filter = z.strictObject({
  limit: z.int().positive().max(100).default(100),
  orderBy: z.enum(["created", "updated"]).default("created"),
  tags: z.array(z.string()).default([]),
  since: z.date().optional(),
});

interface Told {
  readonly loc: readonly (string | number)[];
  readonly code: string;
}

async function issues(response: Response): Promise<readonly (readonly [string, string])[]> {
  expect(response.status).toBe(422);
  const { errors } = (await response.json()) as { errors: readonly Told[] };
  return errors.map(({ loc, code }) => [loc.join("."), code] as const);
}

describe("a model as a whole section", () => {
  const list = get("/", { query: Filter }, ({ limit, orderBy, tags, since }) => {
    expectTypeOf(limit).toEqualTypeOf<number>();
    expectTypeOf(orderBy).toEqualTypeOf<"created" | "updated">();
    return { limit, orderBy, tags, since };
  });
  const app = martlet({ list });
  const ask = (query: string): Promise<Response> =>
    app.fetch(new Request(`http://localhost/${query}`));

  it("gives its fields flat, read by their types", async () => {
    const response = await ask("?limit=5&tags=a&tags=b&since=2026-01-02");
    expect(await response.json()).toEqual({
      limit: 5,
      orderBy: "created",
      tags: ["a", "b"],
      since: "2026-01-02T00:00:00.000Z",
    });
    expect(await (await ask("")).json()).toMatchObject({ limit: 100, tags: [] });
  });

  it("tells every issue at its field", async () => {
    expect(await issues(await ask("?limit=x&orderBy=z&since=soon&limit="))).toContainEqual([
      "query.limit",
      "repeated",
    ]);
    expect(await issues(await ask("?limit=x&since=soon&tags=a"))).toEqual([
      ["query.limit", "int_parsing"],
      ["query.since", "datetime_from_date_parsing"],
    ]);
    expect(await issues(await ask("?limit=0&since=soon"))).toEqual(
      expect.arrayContaining([["query.limit", "greater_than"]]),
    );
  });

  it("forbids names that the model does not have, and whatever is meant for its prototype", async () => {
    expect(await issues(await ask("?colour=red"))).toEqual([["query.colour", "extra_forbidden"]]);
    expect(await issues(await ask("?__proto__=x"))).toEqual([
      ["query.__proto__", "extra_forbidden"],
    ]);
  });

  it("leaves names alone that others of the plan declare", async () => {
    const locale = dependency({ query: { locale: z.string() } }, (args) => args.locale);
    const both = martlet({
      list: get("/", { query: Filter, use: { locale } }, (args) => args.locale),
    });
    const response = await both.fetch(new Request("http://localhost/?locale=de"));
    expect(await response.json()).toBe("de");
  });

  it("is told field by field in a document without an unused component", async () => {
    const document = app.openapi();
    const { parameters = [] } = document.paths["/"]?.["get"] ?? {};
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ["limit", false],
      ["orderBy", false],
      ["tags", false],
      ["since", false],
    ]);
    expect(document.components?.schemas ?? {}).not.toHaveProperty("Filter");
    expect(await found(document)).toEqual([]);
  });

  it("is what a typed client sends by name", async () => {
    const api = testClient(app).api;
    const answer = await api.list({ limit: 7, tags: ["x"] });
    expect(answer.ok && answer.data).toMatchObject({ limit: 7, tags: ["x"] });
    // @ts-expect-error -- the model has no such field
    void (() => api.list({ limits: 7 }));
  });

  it("may be refined as a whole", async () => {
    const Range = z.object({ from: z.int(), to: z.int() }).refine(({ from, to }) => from <= to);
    const range = martlet({ range: get("/", { query: Range }, ({ from, to }) => to - from) });
    const send = (query: string): Promise<Response> =>
      range.fetch(new Request(`http://localhost/${query}`));
    expect(await (await send("?from=1&to=3")).json()).toBe(2);
    expect(await issues(await send("?from=3&to=1"))).toEqual([["query", "value_error"]]);
  });

  it("may be a discriminated union", async () => {
    const Search = z.discriminatedUnion("by", [
      z.object({ by: z.literal("id"), id: z.int() }),
      z.object({ by: z.literal("name"), name: z.string() }),
    ]);
    const search = martlet({ search: get("/", { query: Search }, (found) => found) });
    const response = await search.fetch(new Request("http://localhost/?by=id&id=7"));
    expect(await response.json()).toEqual({ by: "id", id: 7 });
  });

  it("reads headers by their names on the wire, and forbids only those that callers choose", async () => {
    const Common = z.strictObject({ xTags: z.array(z.string()), ifMatch: z.string().optional() });
    const read = martlet({ read: get("/", { header: Common }, (args) => args) });
    const send = (headers: Record<string, string>): Promise<Response> =>
      read.fetch(new Request("http://localhost/", { headers }));
    const known = await send({ "x-tags": "a, b", "user-agent": "me", accept: "*/*" });
    expect(await known.json()).toEqual({ xTags: ["a", "b"] });
    expect(await issues(await send({ tool: "hammer" }))).toEqual([
      ["header.x-tags", "missing"],
      ["header.tool", "extra_forbidden"],
    ]);
  });

  it("reads cookies", async () => {
    const Cookies = z.strictObject({ sessionId: z.string(), visits: z.int().default(0) });
    const read = martlet({ read: get("/", { cookie: Cookies }, (args) => args) });
    const send = (cookie: string): Promise<Response> =>
      read.fetch(new Request("http://localhost/", { headers: { cookie } }));
    expect(await (await send("sessionId=a; visits=3")).json()).toEqual({
      sessionId: "a",
      visits: 3,
    });
    expect(await issues(await send("sessionId=a; extra=1"))).toEqual([
      ["cookie.extra", "extra_forbidden"],
    ]);
  });

  it("reads a form, beside files", async () => {
    const Profile = z.strictObject({ age: z.int(), tags: z.array(z.string()).default([]) });
    const save = post(
      "/",
      { form: Profile, files: { photo: file({ optional: true }) } },
      (args) => ({
        age: args.age,
        tags: args.tags,
        photo: args.photo?.size ?? 0,
      }),
    );
    const app = martlet({ save });
    const send = (body: FormData | URLSearchParams): Promise<Response> =>
      app.fetch(new Request("http://localhost/", { method: "POST", body }));
    const form = new FormData();
    form.append("age", "7");
    form.append("tags", "a");
    form.append("tags", "b");
    form.append("photo", new Blob(["abc"]), "a.png");
    expect(await (await send(form)).json()).toEqual({ age: 7, tags: ["a", "b"], photo: 3 });
    const extra = new URLSearchParams({ age: "7", extra: "1" });
    expect(await issues(await send(extra))).toEqual([["body.extra", "extra_forbidden"]]);
    expect(await issues(await send(new URLSearchParams({ age: "" })))).toEqual([
      ["body.age", "missing"],
    ]);
    expect(await found(app.openapi())).toEqual([]);
  });

  it("is asked of every route by a router", async () => {
    const items = router("/items", { list: get("/", {}, () => "ok") }, { query: Filter });
    const app = martlet({ items });
    expect((await app.fetch(new Request("http://localhost/items?limit=0"))).status).toBe(422);
    expect((await app.fetch(new Request("http://localhost/items"))).status).toBe(200);
  });

  it("must be an object", () => {
    const list = get("/", { query: z.string() as never }, () => 1);
    expect(() => martlet({ list }).ready()).toThrow(/M012/);
  });

  it("cannot declare a name a second time", () => {
    // @ts-expect-error -- `limit` is declared twice
    const twice = get("/{limit}", { path: { limit: z.int() }, query: Filter }, () => 1);
    expect(twice.path).toBe("/{limit}");
  });
});

describe("several bodies in one", () => {
  const Item = z.object({ name: z.string(), price: z.number().positive() });
  const User = z.object({ username: z.string() });
  const save = post(
    "/",
    {
      body: { item: Item, user: User, importance: z.int().positive(), note: z.string().optional() },
    },
    ({ item, user, importance }) => ({ name: item.name, by: user.username, importance }),
  );
  const app = martlet({ save });
  const send = (body: string | undefined): Promise<Response> =>
    app.fetch(
      new Request("http://localhost/", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: body ?? null,
      }),
    );

  it("are members of one object", async () => {
    const body = {
      item: { name: "Foo", price: 1 },
      user: { username: "u" },
      importance: 5,
      more: 1,
    };
    const response = await send(JSON.stringify(body));
    expect(await response.json()).toEqual({ name: "Foo", by: "u", importance: 5 });
  });

  it("are missing one by one where there is no object at all", async () => {
    const missing = [
      ["body.item", "missing"],
      ["body.user", "missing"],
      ["body.importance", "missing"],
    ];
    expect(await issues(await send("[1]"))).toEqual(expect.arrayContaining(missing));
    expect(await issues(await send("null"))).toEqual(missing);
    expect(await issues(await send(undefined))).toEqual(missing);
    const nothing = JSON.stringify({ item: null, user: { username: "u" }, importance: 0 });
    expect(await issues(await send(nothing))).toEqual([
      ["body.item", "missing"],
      ["body.importance", "greater_than"],
    ]);
  });

  it("come from dependencies too", async () => {
    const author = dependency({ body: { author: User } }, (args) => args.author.username);
    const both = martlet({
      save: post("/", { body: { item: Item }, use: { author } }, (args) => [
        args.item.name,
        args.author,
      ]),
    });
    const body = JSON.stringify({ item: { name: "Foo", price: 1 }, author: { username: "u" } });
    const response = await both.fetch(
      new Request("http://localhost/", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      }),
    );
    expect(await response.json()).toEqual(["Foo", "u"]);
  });

  it("are no second body beside a whole one", () => {
    const whole = dependency({ body: Item }, (args) => args.body);
    const two = martlet({ save: post("/", { body: { item: Item }, use: { whole } }, () => 1) });
    expect(() => two.ready()).toThrow(/M006/);
  });

  it("are told as one object, and sent by name", async () => {
    const { requestBody } = app.openapi().paths["/"]?.["post"] ?? {};
    expect(requestBody?.content["application/json"]?.schema).toMatchObject({
      type: "object",
      required: ["item", "user", "importance"],
    });
    expect(await found(app.openapi())).toEqual([]);
    const api = clientOf<typeof app>("http://localhost", {
      contract: contractOf(app.openapi()),
      fetch: app.fetch,
    });
    const answer = await api.save({
      item: { name: "Foo", price: 1 },
      user: { username: "u" },
      importance: 2,
    });
    expect(answer.ok && answer.data).toEqual({ name: "Foo", by: "u", importance: 2 });
  });
});
