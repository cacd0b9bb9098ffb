import {
  dependency,
  type Document,
  get,
  type Issue,
  issuesByField,
  type JsonSchema,
  martlet,
  NotFound,
  post,
  problem,
  type ProblemFormat,
  router,
} from "martlet";
import { bearer } from "martlet/auth";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const nothing = () => undefined as never;
const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
const ItemGone = problem(404, "item-gone", { since: z.iso.date() }, { title: "Gone for good" });
const Teapot = problem(418, "teapot");

function response(document: Document, status: number, path = "/", method = "get") {
  return document.paths[path]?.[method]?.responses[status];
}

function schema(document: Document, name: string): JsonSchema {
  return document.components?.schemas?.[name] ?? {};
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe("a problem", () => {
  const document = martlet({
    home: get("/", { throws: [ItemNotFound, Teapot, ItemGone, NotFound] }, nothing),
  }).openapi();

  test("is told under its status, with its extension members", () => {
    expect(response(document, 418)).toEqual({
      description: "Teapot",
      content: { "application/problem+json": { schema: reference("TeapotProblem") } },
    });
    expect(schema(document, "ItemNotFoundProblem")).toMatchObject({
      title: "Item not found",
      properties: {
        status: { const: 404 },
        code: { const: "item-not-found" },
        id: { type: "integer" },
      },
      required: ["type", "title", "status", "code", "id"],
    });
  });

  test("shares its status with others, told apart by their code", () => {
    expect(response(document, 404)).toEqual({
      description: "Item not found, or Gone for good, or Not found",
      content: {
        "application/problem+json": {
          schema: {
            oneOf: [
              reference("ItemNotFoundProblem"),
              reference("GoneForGoodProblem"),
              reference("NotFoundProblem"),
            ],
            discriminator: {
              propertyName: "code",
              mapping: {
                "item-not-found": "#/components/schemas/ItemNotFoundProblem",
                "item-gone": "#/components/schemas/GoneForGoodProblem",
                "not-found": "#/components/schemas/NotFoundProblem",
              },
            },
          },
        },
      },
    });
  });

  test("of a dependency or a router is one of the route, once", () => {
    const use = { item: dependency({ throws: [ItemNotFound] }, nothing) };
    const home = get("/", { use, throws: [ItemNotFound] }, nothing);
    const app = martlet(
      { shop: router("/shop", { home }, { throws: [Teapot] }) },
      { throws: [problem(503, "closed")] },
    );
    const { responses } = app.openapi().paths["/shop"]?.["get"] ?? {};
    expect(Object.keys(responses ?? {})).toEqual(["200", "404", "418", "503"]);
    expect(response(app.openapi(), 404, "/shop")?.description).toBe("Item not found");
  });
});

describe("the problems that a route's parameters can cause", () => {
  const statuses = (route: unknown, method = "get") =>
    Object.keys(martlet({ route }).openapi().paths["/"]?.[method]?.responses ?? {});

  test("are told, and no others", () => {
    expect(statuses(get("/", {}, nothing))).toEqual(["200"]);
    expect(statuses(get("/", { query: { q: z.string() } }, nothing))).toEqual(["200", "422"]);
    expect(statuses(get("/", { security: { token: bearer() } }, nothing))).toEqual(["200", "401"]);
    expect(statuses(post("/", { body: z.string() }, nothing), "post")).toEqual([
      "200",
      "400",
      "413",
      "415",
      "422",
    ]);
  });

  test("are what is answered", async () => {
    const app = martlet({ route: get("/", { query: { limit: z.int() } }, nothing) });
    const answer = await testClient(app).get("/?limit=many");
    const { properties, required } = schema(app.openapi(), "InvalidInputProblem") as {
      properties: Record<string, { const?: unknown }>;
      required: string[];
    };
    const body = (await answer.json()) as Record<string, unknown>;
    for (const name of required) expect(body).toHaveProperty(name);
    const fixed = Object.entries(properties).filter(([, each]) => "const" in each);
    expect(body).toMatchObject(Object.fromEntries(fixed.map(([name, each]) => [name, each.const])));
  });
});

describe("a format of problems of one's own", () => {
  const list = { type: "array", items: { type: "string" } };
  const conduit: ProblemFormat = {
    mediaType: "application/json",
    body: ({ title, errors }) => ({
      errors: errors === undefined ? { body: [title] } : issuesByField(errors as Issue[]),
    }),
    schema: () => ({
      type: "object",
      title: "GenericErrorModel",
      properties: { errors: { type: "object", additionalProperties: list } },
      required: ["errors"],
    }),
  };
  const routes = {
    home: post("/", { body: z.object({ a: z.int() }), throws: [ItemNotFound, ItemGone] }, nothing),
  };

  test("is that of the document", () => {
    const document = martlet(routes, { problems: conduit }).openapi();
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(["GenericErrorModel"]);
    for (const status of [400, 404, 413, 415, 422]) {
      expect(response(document, status, "/", "post")?.content).toEqual({
        "application/json": { schema: reference("GenericErrorModel") },
      });
    }
  });

  test("is called a problem when it has no title", () => {
    const { title: _title, ...untitled } = conduit.schema({} as never);
    const document = martlet(routes, {
      problems: { ...conduit, schema: () => untitled },
    }).openapi();
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(["Problem"]);
  });

  test("is one of several that may fit where nothing tells them apart", () => {
    const byStatus: ProblemFormat = {
      ...conduit,
      schema: ({ extension, title }) => ({ type: "object", title, properties: extension }),
    };
    const document = martlet(routes, { problems: byStatus }).openapi();
    expect(response(document, 404, "/", "post")?.content).toEqual({
      "application/json": {
        schema: { anyOf: [reference("ItemNotFoundProblem"), reference("GoneForGoodProblem")] },
      },
    });
  });
});
