import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import { type Document, get, martlet, post, router } from "martlet";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { objections } from "./validity.ts";

const nothing = () => undefined as never;
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const options = {
  license: { name: "MIT", identifier: "MIT" },
  servers: [{ url: "https://shop.test" }],
};

function names(document: Document): string[] {
  return Object.keys(document.components?.schemas ?? {}).filter(
    (each) => !each.endsWith("Problem"),
  );
}

describe("schemas of Valibot", () => {
  const Item = toStandardJsonSchema(
    v.object({
      name: v.pipe(v.string(), v.minLength(1), v.description("What it is called.")),
      stock: v.optional(v.pipe(v.number(), v.integer()), 0),
    }),
  );
  const limit = toStandardJsonSchema(v.optional(v.pipe(v.number(), v.integer(), v.maxValue(9)), 5));
  const list = get("/", { query: { limit }, returns: Item }, nothing);
  const create = post("/", { body: Item, returns: Item }, nothing);
  const document = martlet({ items: router("/items", { Item, list, create }) }, options).openapi();

  test("are told as JSON Schema", () => {
    expect(document.paths["/items"]?.["get"]?.parameters).toEqual([
      {
        name: "limit",
        in: "query",
        required: false,
        schema: { type: "integer", maximum: 9, default: 5 },
      },
    ]);
  });

  test("are called what their module calls them", () => {
    expect(names(document)).toEqual(["Item"]);
    expect(document.components?.schemas?.["Item"]).toMatchObject({
      properties: { name: { description: "What it is called." }, stock: { default: 0 } },
    });
  });

  test("have two sides where they differ", () => {
    const Length = toStandardJsonSchema(
      v.object({ text: v.pipe(v.string(), v.toNumber(), v.integer()) }),
    );
    const route = post("/", { body: Length, returns: Length }, nothing);
    const both = martlet({ lengths: router("/lengths", { Length, route }) }).openapi();
    expect(names(both)).toEqual(["LengthInput", "LengthOutput"]);
  });

  test("make a valid document", async () => {
    expect(await objections(document)).toEqual([]);
  });
});

describe("schemas of ArkType", () => {
  const Item = type({ name: "string > 0", "price?": "number > 0", kind: "'a' | 'b'" });
  const Box = type({ size: "number.integer", "inside?": "this" });
  const create = post(
    "/",
    { query: { limit: type("number.integer <= 9") }, body: Item, returns: Box },
    nothing,
  );
  const document = martlet({ items: router("/items", { Item, create }) }, options).openapi();

  test("are told as JSON Schema, and called what their module calls them", () => {
    const { parameters, requestBody } = document.paths["/items"]?.["post"] ?? {};
    expect(parameters?.[0]?.schema).toEqual({ type: "integer", maximum: 9 });
    expect(requestBody?.content["application/json"]?.schema).toEqual(reference("Item"));
    expect(document.components?.schemas?.["Item"]).toMatchObject({
      type: "object",
      properties: { kind: { enum: ["a", "b"] } },
      required: ["kind", "name"],
    });
  });

  test("make a valid document, also where they refer to themselves", async () => {
    expect(await objections(document)).toEqual([]);
    expect(JSON.stringify(document)).not.toContain("$defs");
  });

  test("do not mix up what two of them call the same", () => {
    const [one, other] = [
      type({ a: "number", "next?": "this" }),
      type({ b: "string", "next?": "this" }),
    ];
    const mixed = martlet({
      one: post("/one", { body: one }, nothing),
      other: post("/other", { body: other }, nothing),
    }).openapi();
    const bodies = ["/one", "/other"].map((path) => {
      const { requestBody } = mixed.paths[path]?.["post"] ?? {};
      const told = requestBody?.content["application/json"]?.schema?.["$ref"] as string;
      return mixed.components?.schemas?.[told.split("/").at(-1) ?? ""];
    });
    expect(bodies).toMatchObject([{ required: ["a"] }, { required: ["b"] }]);
  });
});

describe("schemas that cannot tell their JSON Schema", () => {
  test("may be anything", () => {
    const body = v.object({ a: v.number() });
    const { requestBody } =
      martlet({ create: post("/", { body }, nothing) }).openapi().paths["/"]?.["post"] ?? {};
    expect(requestBody).toEqual({
      required: true,
      content: { "application/json": { schema: {} } },
    });
  });

  test("are used beside others", () => {
    const app = martlet({
      create: post("/", { body: v.object({ a: v.number() }), returns: z.string() }, nothing),
    });
    expect(app.openapi().paths["/"]?.["post"]?.responses["200"]?.content).toEqual({
      "application/json": { schema: { type: "string" } },
    });
  });
});
