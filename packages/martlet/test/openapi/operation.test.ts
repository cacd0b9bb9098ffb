import {
  type AnyRoute,
  dependency,
  file,
  files,
  get,
  head,
  martlet,
  type OperationObject,
  options,
  post,
  put,
  reply,
  route,
  router,
} from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { shop } from "./shop.ts";

const nothing = () => undefined as never;

/** The operation of an application that has only this route. */
function told(only: unknown): OperationObject {
  const { method, path } = only as AnyRoute;
  const { paths } = martlet({ only }).openapi();
  return paths[path]?.[method.toLowerCase()] as OperationObject;
}

describe("a parameter", () => {
  const { parameters = [] } = told(
    get(
      "/{id}",
      {
        path: { id: z.int().positive() },
        query: {
          limit: z.int().max(100).default(20),
          q: z
            .string()
            .optional()
            .meta({
              description: "Words to find.",
              examples: ["tea", "cup"],
              deprecated: true,
            }),
          tags: z.array(z.enum(["a", "b"])).optional(),
        },
        header: { ifMatch: z.string() },
        cookie: { theme: z.string().default("light") },
      },
      nothing,
    ),
  );
  const named = (name: string) => parameters.find((each) => each.name === name);

  test("is told with its place, and whether it is needed", () => {
    expect(parameters.map((each) => [each.in, each.name, each.required])).toEqual([
      ["path", "id", true],
      ["query", "limit", false],
      ["query", "q", false],
      ["query", "tags", false],
      ["header", "if-match", true],
      ["cookie", "theme", false],
    ]);
  });

  test("has its description, its deprecation and an example at hand", () => {
    expect(named("q")).toEqual({
      name: "q",
      in: "query",
      required: false,
      description: "Words to find.",
      deprecated: true,
      example: "tea",
      schema: { type: "string", examples: ["tea", "cup"] },
    });
  });

  test("has its bounds, its default and the values there are", () => {
    expect(named("id")?.schema).toEqual({ type: "integer", exclusiveMinimum: 0 });
    expect(named("limit")?.schema).toEqual({ type: "integer", maximum: 100, default: 20 });
    expect(named("tags")?.schema).toEqual({
      type: "array",
      items: { type: "string", enum: ["a", "b"] },
    });
  });

  test("of a dependency is one of the route, once", () => {
    const page = dependency({ query: { limit: z.int() } }, ({ limit }) => limit);
    const twice = dependency({ use: { page } }, ({ page }) => page);
    const { parameters } = told(get("/", { use: { page, twice } }, nothing));
    expect(parameters?.map((each) => each.name)).toEqual(["limit"]);
  });
});

describe("a body", () => {
  test("is needed, unless its schema takes nothing", () => {
    expect(told(post("/", { body: z.string() }, nothing)).requestBody?.required).toBe(true);
    expect(told(post("/", { body: z.string().optional() }, nothing)).requestBody?.required).toBe(
      false,
    );
  });

  test("of a form is urlencoded", () => {
    const form = { name: z.string(), size: z.int().optional() };
    expect(told(post("/", { form }, nothing)).requestBody).toEqual({
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: { name: { type: "string" }, size: { type: "integer" } },
            required: ["name"],
          },
        },
      },
    });
  });

  test("of files is multipart, with their types, sizes and number", () => {
    const { requestBody } = told(
      post(
        "/",
        {
          form: { title: z.string().optional() },
          files: {
            photo: file({ types: ["image/png", "image/jpeg"] }),
            notes: files({ types: ["text/plain"], maxSize: "1kB", maxCount: 2 }),
            more: files({ optional: true }),
          },
        },
        nothing,
      ),
    );
    const binary = { type: "string", format: "binary" };
    expect(requestBody?.content["multipart/form-data"]).toEqual({
      schema: {
        type: "object",
        properties: {
          title: { type: "string" },
          photo: { ...binary, contentMediaType: "application/octet-stream", maxLength: 5_000_000 },
          notes: {
            type: "array",
            items: { ...binary, contentMediaType: "text/plain", maxLength: 1000 },
            minItems: 1,
            maxItems: 2,
          },
          more: {
            type: "array",
            items: {
              ...binary,
              contentMediaType: "application/octet-stream",
              maxLength: 5_000_000,
            },
            maxItems: 10,
          },
        },
        required: ["photo", "notes"],
      },
      encoding: {
        photo: { contentType: "image/png, image/jpeg" },
        notes: { contentType: "text/plain" },
      },
    });
  });
});

describe("the outcomes of a route", () => {
  test("are told each with its model", () => {
    const { responses } = told(
      put("/", { returns: { 200: z.string(), 201: z.int(), 204: null } }, () => reply(204)),
    );
    const json = (schema: object) => ({ content: { "application/json": { schema } } });
    expect(responses).toEqual({
      200: { description: "OK", ...json({ type: "string" }) },
      201: { description: "Created", ...json({ type: "integer" }) },
      204: { description: "No content" },
    });
  });

  test("have no content where HTTP has none", () => {
    expect(told(post("/", { status: 204 }, nothing)).responses).toEqual({
      204: { description: "No content" },
    });
    const { responses } = told(head("/{id}", { path: { id: z.int() } }, () => null));
    expect(responses).toEqual({
      200: { description: "OK" },
      422: { description: "Invalid input" },
    });
  });

  test("may be anything without a model", () => {
    expect(told(get("/", {}, nothing)).responses["200"]).toEqual({
      description: "OK",
      content: { "application/json": { schema: {} } },
    });
  });
});

describe("an operation", () => {
  test("is called what its route is called, in words", () => {
    const app = martlet({ blog: router("/blog", { listAllPosts: get("/", {}, nothing) }) });
    expect(app.openapi().paths["/blog"]?.["get"]).toMatchObject({
      operationId: "blog.listAllPosts",
      summary: "List all posts",
      tags: ["blog"],
    });
  });

  test("takes its route's own words instead", () => {
    const operation = told(
      get(
        "/",
        {
          operationId: "home",
          summary: "The start",
          description: "**Here**",
          tags: ["pages"],
          deprecated: true,
        },
        nothing,
      ),
    );
    expect(operation).toMatchObject({
      operationId: "home",
      summary: "The start",
      description: "**Here**",
      tags: ["pages"],
      deprecated: true,
      // What clients of Martlet call it all the same.
      "x-martlet-name": "only",
    });
  });

  test("has the tags of its routers and its own, else the name of the nearest router", () => {
    const page = get("/page", { tags: ["pages"] }, nothing);
    const plain = get("/plain", {}, nothing);
    const app = martlet({
      shop: router("/shop", { page, plain }, { tags: ["shop", "pages"] }),
      v1: router("/v1", { items: router("/items", { plain }) }),
      plain,
    });
    const tags = Object.entries(app.openapi().paths).map(([path, each]) => [
      path,
      each["get"]?.tags,
    ]);
    expect(Object.fromEntries(tags)).toEqual({
      "/shop/page": ["shop", "pages"],
      "/shop/plain": ["shop", "pages"],
      "/v1/items/plain": ["items"],
      "/plain": undefined,
    });
  });

  test("is deprecated or hidden with its router, unless it says otherwise", () => {
    const plain = get("/plain", {}, nothing);
    const old = router(
      "/old",
      { plain, fresh: get("/fresh", { deprecated: false }, nothing) },
      { deprecated: true },
    );
    const secret = router(
      "/secret",
      { plain, shown: get("/shown", { hidden: false }, nothing) },
      { hidden: true },
    );
    const { paths } = martlet({
      old,
      secret,
      gone: get("/gone", { hidden: true }, nothing),
    }).openapi();
    expect(Object.keys(paths)).toEqual(["/old/plain", "/old/fresh", "/secret/shown"]);
    expect(paths["/old/plain"]?.["get"]?.deprecated).toBe(true);
    expect(paths["/old/fresh"]?.["get"]).not.toHaveProperty("deprecated");
  });

  test("is told of every method that OpenAPI has a place for, and of none that only answers itself", () => {
    const app = martlet({
      read: get("/a", {}, nothing),
      purge: route("PURGE")("/a", {}, nothing),
      query: route("QUERY")("/b", {}, nothing),
      ask: options("/b", {}, nothing),
    });
    const { paths } = app.openapi();
    expect(Object.entries(paths).map(([path, each]) => [path, Object.keys(each)])).toEqual([
      ["/a", ["get"]],
      ["/b", ["options"]],
    ]);
  });
});

describe("a path", () => {
  test("tells the rest of a path as a placeholder", () => {
    const { paths } = martlet({
      read: get("/files/{file*}", { path: { file: z.string() } }, nothing),
    }).openapi();
    expect(paths["/files/{file}"]?.["get"]).toMatchObject({
      parameters: [{ name: "file", in: "path", required: true }],
      "x-martlet-path": "/files/{file*}",
    });
  });

  test("is one with another that calls its placeholders something else", () => {
    const { paths } = martlet({
      read: get("/items/{id}", { path: { id: z.int() } }, nothing),
      save: put("/items/{itemId}", { path: { itemId: z.int() } }, nothing),
    }).openapi();
    expect(Object.keys(paths)).toEqual(["/items/{id}"]);
    expect(paths["/items/{id}"]?.["put"]).toMatchObject({
      parameters: [{ name: "id", in: "path" }],
      "x-martlet-path": "/items/{itemId}",
    });
  });

  test("is never told instead of another", () => {
    const { paths } = martlet({
      one: get("/files/{name}", { path: { name: z.string() } }, nothing),
      rest: get("/files/{path*}", { path: { path: z.string() } }, nothing),
      same: get("/docs/{name}", { path: { name: z.string() } }, nothing),
      again: get("/docs/{name*}", { path: { name: z.string() } }, nothing),
    }).openapi();
    const parameters = Object.entries(paths).map(([path, { get: operation }]) => [
      path,
      operation?.parameters?.[0]?.name,
    ]);
    expect(Object.fromEntries(parameters)).toEqual({
      "/files/{name}": "name",
      "/files/{path}": "path",
      "/docs/{name}": "name",
      "/docs/{name_}": "name_",
    });
  });
});

describe("a document", () => {
  test("begins with what the application says of itself", () => {
    const { openapi, info, servers, tags } = shop.openapi();
    expect({ openapi, info, servers, tags }).toEqual({
      openapi: "3.1.1",
      info: {
        title: "Shop",
        version: "2.1.0",
        summary: "All there is to buy",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "https://shop.test" }],
      tags: [{ name: "items", description: "What there is to buy." }],
    });
  });

  test("is short for an application that says nothing", () => {
    expect(martlet({}).openapi()).toEqual({
      openapi: "3.1.1",
      info: { title: "API", version: "0.1.0" },
      security: [],
      paths: {},
    });
  });

  test("is the same, byte for byte, each time", () => {
    expect(JSON.stringify(shop.with({}).openapi())).toBe(JSON.stringify(shop.openapi()));
  });
});
