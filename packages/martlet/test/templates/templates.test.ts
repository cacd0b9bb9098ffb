import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Faults, get, martlet } from "martlet";
import { eta, type TemplateEngine, templates } from "martlet/templates";
import { override, testClient } from "martlet/testing";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { folder } from "../static/folder.ts";

const files = folder({
  "hello.eta": `<a title="<%= it.name %>"><%= it.name %></a>`,
  "layout.eta": `<title><%= it.title %></title><main><%~ it.body %></main>`,
  "list.eta":
    `<% layout("./layout", { title: "List" }) %>` +
    `<% for (const item of it.items) { %><%~ include("./parts/item", { item }) %><% } %>`,
  "parts/item.eta": "<li><%= it.item.name %></li>",
  "mail.txt.eta": "Dear <%= it.name %>",
  "broken.eta": "<p>\n  fine\n</p>\n<b><%= it.user.name %></b>",
  "outer.eta": `<div>\n<%~ include("./broken", it) %></div>`,
  "escape.eta": `<%~ include("../../../../../../etc/passwd") %>`,
});
afterAll(() => files[Symbol.dispose]());

interface Views {
  readonly hello: { readonly name: string };
  readonly list: { readonly items: readonly { readonly name: string }[] };
}

const views = templates(eta({ directory: files.path }));
const app = martlet({
  page: get("/page/{name}", { path: { name: z.string() }, use: { views } }, ({ name, views }) =>
    views.page(name, { name: `"><script>alert('1')</script>&` }),
  ),
  list: get("/list", { use: { views } }, ({ views }) =>
    views.page("list", { items: [{ name: "<cup>" }, { name: "pot" }] }, 201),
  ),
  mail: get("/mail", { use: { views } }, ({ views }) => views.text("mail.txt", { name: "Ann" })),
});

describe("a page", () => {
  test("is HTML, with every value escaped", async () => {
    await using client = testClient(app);
    const answer = await client.get("/page/hello");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const safe = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;";
    expect(await answer.text()).toBe(`<a title="${safe}">${safe}</a>`);
  });

  test("may have parts, a layout and a status", async () => {
    await using client = testClient(app);
    const answer = await client.get("/list");
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe(
      "<title>List</title><main><li>&lt;cup&gt;</li><li>pot</li></main>",
    );
  });

  test("may be a text for something else", async () => {
    await using client = testClient(app);
    expect(await (await client.get("/mail")).json()).toBe("Dear Ann");
  });
});

describe("a template", () => {
  const failure = async (name: string): Promise<readonly [body: string, report: string]> => {
    await using client = testClient(app, { raise: false });
    const answer = await client.get(`/page/${encodeURIComponent(name)}`);
    expect(answer.status).toBe(500);
    return [await answer.text(), String(client.reports[0]?.error)];
  };

  test.each([
    ["broken", /broken\.eta:4\n/],
    ["outer", /broken\.eta:4\n/],
    ["missing", /missing\.eta/],
    ["escape", /not in the views directory/],
    ["../secret", /no name of a template/],
    ["/etc/passwd", /no name of a template/],
    ["parts\\item", /no name of a template/],
    ["parts/../hello", /no name of a template/],
    [".hidden", /no name of a template/],
    ["C:hello", /no name of a template/],
    ["@hello", /no name of a template/],
  ])("%j that fails is told to the operator alone", async (name, said) => {
    const [body, report] = await failure(name);
    expect(report).toMatch(said);
    expect(JSON.parse(body)).toMatchObject({ code: "internal" });
    expect(body).not.toMatch(/eta|views|template|undefined/i);
  });

  test("that cannot be compiled is a fault at start, as are all others", async () => {
    using bad = folder({
      "a.eta": "<p>\n<% if (it.x { %></p>",
      "b/c.eta": "<p>\n  <%= 'x %></p>",
      "d.eta": "<%= it.x",
      "fine.eta": "fine",
      "other.txt": "<%",
    });
    const broken = martlet({
      page: get("/", { use: { views: templates(eta({ directory: bad.path })) } }, () => null),
    });
    const error = await broken.start().catch((each: unknown) => each);
    expect(error).toBeInstanceOf(Faults);
    expect((error as Faults).errors.map((each) => each.message.replaceAll("\\", "/"))).toEqual([
      expect.stringMatching(/^M022 The template a\.eta cannot be compiled: \S/),
      "M022 The template b/c.eta cannot be compiled: unclosed string at line 2 col 7",
      "M022 The template d.eta cannot be compiled: unclosed tag at line 1 col 1",
    ]);
  });

  test("is a fault at start when its directory is not there", async () => {
    const directory = join(files.path, "nowhere");
    const lost = templates(eta({ directory }));
    const started = martlet({ page: get("/", { use: { lost } }, () => null) }).start();
    await expect(started).rejects.toThrow(`M018 There is no directory ${directory}`);
  });

  test("needs the package, and says so", async () => {
    const hook = `
      import { registerHooks } from "node:module";
      registerHooks({
        resolve: (name, context, next) => {
          if (name !== "eta") return next(name, context);
          throw Object.assign(new Error("Cannot find package 'eta'"), { code: "ERR_MODULE_NOT_FOUND" });
        },
      });
      const { eta } = await import("martlet/templates");
      await eta({ directory: "." }).start().catch((error) => console.log(error.message));
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@martlet/source", "--input-type=module", "--eval", hook],
      { cwd: import.meta.dirname },
    );
    expect(stdout).toContain('M017 These templates need the package "eta"\n  fix: npm install eta');
  });
});

describe("the texts of templates", () => {
  const shown = async (cache: { cache?: boolean; environment?: string }): Promise<unknown[]> => {
    using own = folder({ "a.eta": "first" });
    const found = templates(eta({ directory: own.path, ...cache }));
    const route = get("/", { use: { found } }, ({ found }) => found.text("a", {}));
    await using client = testClient(martlet({ route }));
    const before = await (await client.get("/")).json();
    own.write("a.eta", "second");
    return [before, await (await client.get("/")).json()];
  };

  test("are read anew each time, but in production", async () => {
    expect(await shown({ environment: "development" })).toEqual(["first", "second"]);
    expect(await shown({ environment: "production" })).toEqual(["first", "first"]);
    expect(await shown({ cache: true, environment: "development" })).toEqual(["first", "first"]);
    expect(await shown({ cache: false, environment: "production" })).toEqual(["first", "second"]);
  });
});

describe("an engine", () => {
  const engine: TemplateEngine = {
    render: async (name, data) => `${name} ${JSON.stringify(data)}`,
  };

  test("is anything that fills in a template", async () => {
    const own = templates<Views>(engine);
    const route = get("/", { use: { own } }, ({ own }) => own.page("hello", { name: "Ann" }));
    await using client = testClient(martlet({ route }));
    expect(await (await client.get("/")).text()).toBe('hello {"name":"Ann"}');
  });

  test("may stand in for another in a test", async () => {
    const fake = override(views, () => ({
      text: async (name) => `fake ${name}`,
      page: () => Promise.reject(new Error("not asked for")),
    }));
    await using client = testClient(app, { overrides: [fake] });
    expect(await (await client.get("/mail")).json()).toBe("fake mail.txt");
  });
});

test("the data of a page is checked by its name", () => {
  const typed = templates<Views>({ render: () => "" });
  get("/", { use: { typed } }, ({ typed }) => {
    expectTypeOf(typed.page).parameter(0).toEqualTypeOf<"hello" | "list">();
    // @ts-expect-error -- there is no such page
    void typed.page("bye", {});
    // @ts-expect-error -- it needs a name
    void typed.page("hello", {});
    return typed.page("list", { items: [{ name: "cup" }] });
  });
});
