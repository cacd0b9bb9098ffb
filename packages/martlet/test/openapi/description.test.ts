import { get, martlet, post, router } from "martlet";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { component, gallery, told } from "./gallery.ts";
import { objections } from "./validity.ts";

const nothing = () => undefined as never;

describe("a document with all that one can tell", () => {
  test("is valid, by two opinions", async () => {
    expect(await objections(gallery.openapi())).toEqual([]);
  });

  test("tells of the application what it was told", () => {
    const { info, externalDocs, servers, tags } = gallery.openapi();
    expect(info).toEqual({
      title: "Gallery",
      version: "3.0.0",
      summary: "What hangs there",
      description: "A **gallery**.",
      termsOfService: "https://gallery.test/terms",
      contact: { name: "The desk", url: "https://gallery.test/desk", email: "desk@gallery.test" },
      license: { name: "Apache 2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    });
    expect(externalDocs).toEqual({ url: "https://gallery.test/docs", description: "All about it" });
    expect(servers?.[1]).toEqual({
      url: "https://{city}.gallery.test:{port}",
      variables: {
        city: { default: "oslo", enum: ["oslo", "bergen"], description: "Where it hangs" },
        port: { default: "443" },
      },
    });
    expect(tags?.map((each) => each.name)).toEqual(["paintings", "own", "art"]);
    expect(tags?.[0]?.externalDocs).toEqual({ url: "https://gallery.test/oil" });
  });

  test("may be given another word at the end", async () => {
    const app = gallery.with({
      document: (document) => ({
        ...document,
        info: { ...document.info, "x-logo": { url: "https://gallery.test/logo.svg" } },
      }),
    });
    expect(app.openapi().info["x-logo"]).toEqual({ url: "https://gallery.test/logo.svg" });
    expect(await objections(app.openapi())).toEqual([]);
    const served = await testClient(app).get("/openapi.json");
    expect(await served.json()).toEqual(JSON.parse(JSON.stringify(app.openapi())));
  });
});

describe("examples", () => {
  test("of parameters stand beside them, and no other example does", () => {
    const parameters = told("", "get").parameters ?? [];
    const q = parameters.find((each) => each.name === "q");
    expect(q?.examples).toEqual({ word: { summary: "One word", value: "sea" } });
    const known = parameters.find((each) => each.name === "if-none-match");
    expect(known?.examples).toEqual({ known: { value: '"7"' } });
    const both = get(
      "/",
      {
        query: { q: z.string().meta({ examples: ["of the schema"] }) },
        examples: { query: { q: { named: { value: "named" } } } },
      },
      nothing,
    );
    const [parameter] = martlet({ both }).openapi().paths["/"]?.["get"]?.parameters ?? [];
    expect(parameter).not.toHaveProperty("example");
    expect(parameter?.schema).toEqual({ type: "string", examples: ["of the schema"] });
  });

  test("of bodies and responses stand in each of their media types", () => {
    expect(told("", "post").requestBody?.content["application/json"]?.examples).toEqual({
      plain: { summary: "A plain one", description: "**Cheap**", value: { title: "Sea" } },
      elsewhere: { externalValue: "https://gallery.test/offer.json" },
    });
    const { content } = told("", "get").responses["200"] ?? {};
    expect(Object.keys(content?.["application/json"]?.examples ?? {})).toEqual(["none", "one"]);
  });

  test("of a form are those of its body", () => {
    const send = post(
      "/",
      { form: { name: z.string() }, examples: { body: { ann: { value: { name: "Ann" } } } } },
      nothing,
    );
    const { requestBody } = martlet({ send }).openapi().paths["/"]?.["post"] ?? {};
    expect(requestBody?.content["application/x-www-form-urlencoded"]?.examples).toEqual({
      ann: { value: { name: "Ann" } },
    });
  });

  test("of a schema are told with it", () => {
    const Item = z.object({ name: z.string() }).meta({ id: "Item", examples: [{ name: "Cup" }] });
    const app = martlet({ create: post("/", { body: Item }, nothing) });
    expect(app.openapi().components?.schemas?.["Item"]).toMatchObject({
      examples: [{ name: "Cup" }],
    });
  });
});

describe("a parameter", () => {
  test("has its title and its description, and its deprecation if there is one", () => {
    const [q] = told("", "get").parameters ?? [];
    expect(q).toMatchObject({ description: "To find.", schema: { title: "Words" } });
  });

  test("is told nowhere when its schema hides it, and read all the same", async () => {
    expect(told("", "get").parameters?.map((each) => each.name)).not.toContain("trace");
    const form = told("/{id}", "patch").requestBody?.content["application/x-www-form-urlencoded"];
    expect(form?.schema?.["properties"]).toEqual({ title: { type: "string" } });
    const secret = z.string().meta({ hidden: true });
    const read = get("/", { query: { secret, open: z.string() } }, (given) => given);
    const app = martlet({ read });
    expect(app.openapi().paths["/"]?.["get"]?.parameters).toHaveLength(1);
    const answer = await testClient(app).get("/?secret=a&open=b");
    expect(await answer.json()).toEqual({ secret: "a", open: "b" });
  });

  test("of a named schema may be hidden too", () => {
    const Secret = z.string().meta({ id: "Secret", hidden: true });
    const { paths, components } = martlet({
      read: get("/", { query: { secret: Secret } }, nothing),
    }).openapi();
    expect(paths["/"]?.["get"]).not.toHaveProperty("parameters");
    expect(components?.schemas).not.toHaveProperty("Secret");
  });

  test("may be called hidden", () => {
    const Flags = z.object({ hidden: z.any(), open: z.string().meta({ hidden: true }) });
    const app = martlet({ set: post("/", { body: Flags }, nothing) });
    const { requestBody } = app.openapi().paths["/"]?.["post"] ?? {};
    expect(requestBody?.content["application/json"]?.schema?.["properties"]).toEqual({
      hidden: {},
      open: { type: "string" },
    });
  });
});

describe("responses", () => {
  test("that are described are added to those there are", () => {
    const { responses } = told("/{id}", "put");
    expect(responses["418"]).toEqual({
      description: "Client error",
      content: {
        "text/plain": {},
        "application/json": {
          schema: { $ref: "#/components/schemas/Painting" },
          examples: { tea: { value: { id: 1, title: "Tea" } } },
        },
      },
    });
    expect(responses["5XX"]).toEqual({ description: "Server error" });
    expect(responses["default"]).toEqual({
      description: "Any other answer",
      headers: { "X-Request-Id": { schema: { type: "string" } } },
    });
    expect(component("Painting")).toMatchObject({ required: ["id", "title"] });
  });

  test("have the headers, links and words that are told of them", () => {
    expect(told("", "get").responses["200"]).toMatchObject({
      description: "All that hang there.",
      headers: {
        ETag: { schema: { type: "string", examples: ['"7"'] } },
        "X-Total": {
          description: "How many there are.",
          required: true,
          schema: { type: "integer" },
        },
      },
      links: { first: { operationId: "paintings.read" } },
      content: { "application/json": {} },
    });
    expect(told("", "get").responses["304"]).toEqual({
      description: "What you have is what there is.",
    });
  });

  test("come from the application, its routers and the route: the nearest word counts", () => {
    const say = (description: string) => ({ description });
    const route = get("/", { responses: { 404: say("of the route") } }, nothing);
    const inner = router("/inner", { route }, { responses: { 404: {}, 409: say("of inner") } });
    const outer = router(
      "/outer",
      { inner },
      { responses: { 409: say("of outer"), 410: { ...say("of outer"), headers: { "X-Y": {} } } } },
    );
    const app = martlet({ outer }, { responses: { 410: say("of all"), 429: say("of all") } });
    const { responses } = app.openapi().paths["/outer/inner"]?.["get"] ?? {};
    const words = Object.entries(responses ?? {}).map(([status, each]) => [
      status,
      each.description,
    ]);
    expect(Object.fromEntries(words)).toEqual({
      200: "OK",
      404: "of the route",
      409: "of inner",
      410: "of outer",
      429: "of all",
    });
    expect(responses?.["410"]?.headers).toEqual({ "X-Y": { schema: { type: "string" } } });
  });

  test("of HEAD have no content, whoever describes them", () => {
    expect(told("/{id}", "head").responses["404"]).toEqual({ description: "Not found" });
  });
});

describe("what routes inherit", () => {
  const plain = get("/plain", {}, nothing);
  const own = get(
    "/own",
    {
      hidden: false,
      deprecated: false,
      externalDocs: { url: "https://own.test" },
      servers: [{ url: "https://own.test" }],
    },
    nothing,
  );
  const group = router(
    "/group",
    { plain, own },
    {
      deprecated: true,
      hidden: true,
      externalDocs: { url: "https://group.test" },
      servers: [{ url: "https://group.test" }],
    },
  );

  test("is what the nearest of them says", () => {
    const { paths } = martlet({ group: router("", { group }, { hidden: false }) }).openapi();
    expect(Object.keys(paths)).toEqual(["/group/own"]);
    expect(paths["/group/own"]?.["get"]).toMatchObject({
      externalDocs: { url: "https://own.test" },
      servers: [{ url: "https://own.test" }],
    });
    expect(paths["/group/own"]?.["get"]).not.toHaveProperty("deprecated");
    const shown = martlet({ again: router("", { plain }, { deprecated: true }) }).openapi();
    expect(shown.paths["/plain"]?.["get"]?.deprecated).toBe(true);
  });

  test("may come from the application", () => {
    const app = martlet({ plain, own }, { deprecated: true, hidden: true });
    expect(Object.keys(app.openapi().paths)).toEqual(["/own"]);
    const shown = martlet({ plain }, { deprecated: true }).openapi();
    expect(shown.paths["/plain"]?.["get"]?.deprecated).toBe(true);
  });
});

describe("operationIds", () => {
  const list = get("/", { tags: ["shop"] }, nothing);
  const own = get("/own", { operationId: "mine" }, nothing);

  test("are made by the nearest router that has a way to, and the name stays for clients", () => {
    const app = martlet(
      {
        items: router("/items", { list, own }),
        v2: router(
          "/v2",
          { list },
          { operationId: ({ method, path, tags }) => `${method} ${path} ${tags.join()}` },
        ),
      },
      { operationId: ({ names }) => names.join("_") },
    );
    expect(app.routes().map((each) => each.operationId)).toEqual([
      "items_list",
      "mine",
      "GET /v2 shop",
    ]);
    const { paths } = app.openapi();
    expect(paths["/items"]?.["get"]).toMatchObject({
      operationId: "items_list",
      "x-martlet-name": "items.list",
    });
  });

  test("that are made twice are found at start", () => {
    const app = martlet({ list, own: get("/b", {}, nothing) }, { operationId: () => "same" });
    expect(() => app.ready()).toThrow(/M011 GET \/ and GET \/b have the operationId "same"/);
  });
});

describe("what is written in OpenAPI's own words", () => {
  test("is merged last: members are added, replaced and taken away, lists replaced", () => {
    const operation = told("/{id}", "put");
    expect(operation).toMatchObject({
      "x-cost": { money: 3 },
      summary: "In OpenAPI's own words",
      tags: ["own"],
      operationId: "paintings.replace",
    });
    expect(operation).not.toHaveProperty("description");
    expect(operation.responses["200"]).toEqual({
      description: "OK",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Painting" } } },
      "x-cached": true,
    });
  });

  test("may be a function of the operation, whose references are what they will be", () => {
    const Item = z.object({ size: z.int().default(1) });
    let seen: unknown;
    const create = post(
      "/",
      {
        body: Item,
        returns: Item,
        openapi: (operation) => {
          seen = operation.requestBody?.content["application/json"]?.schema;
          return { ...operation, "x-seen": true };
        },
      },
      ({ body }) => body,
    );
    const app = martlet({ items: router("/items", { Item, create }) });
    expect(app.openapi().paths["/items"]?.["post"]).toHaveProperty("x-seen", true);
    expect(seen).toEqual({ $ref: "#/components/schemas/ItemInput" });
  });

  test("may give an operation another id, and the name stays for clients", () => {
    expect(told("/{id}", "patch")).toMatchObject({
      operationId: "paintings.rename",
      "x-martlet-name": "paintings.change",
    });
  });
});
