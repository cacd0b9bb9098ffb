import { events, get, jsonLines, martlet } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { objections } from "./validity.ts";

const Price = z.object({ price: z.number() }).meta({ id: "Price" });
const Halt = z.object({ reason: z.string() }).meta({ id: "Halt" });

const about = {
  title: "Feeds",
  version: "1.0.0",
  license: { name: "MIT", identifier: "MIT" },
  servers: [{ url: "https://feeds.example" }],
};
const routes = {
  lines: get("/lines", { returns: jsonLines(Price) }, () => []),
  events: get("/events", { returns: events({ price: Price, halt: Halt }) }, () => []),
  plain: get("/plain", { returns: events(Price) }, () => []),
};

type Application = ReturnType<typeof martlet>;

const contents = (app: Application): unknown =>
  Object.values(app.openapi().paths).map((each) => each["get"]?.responses["200"]?.content);

const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const data = (name: string): object => ({
  type: "string",
  contentMediaType: "application/json",
  contentSchema: reference(name),
});

describe("streams in the document", () => {
  test("are text that holds a list in 3.1, which has no word for items", async () => {
    const app = martlet(routes, about);
    expect(await objections(app.openapi())).toEqual([]);
    expect(JSON.stringify(app.openapi())).not.toContain("itemSchema");
    expect(contents(app)).toMatchObject([
      {
        "application/jsonl": {
          schema: {
            type: "string",
            contentMediaType: "application/jsonl",
            contentSchema: { type: "array", items: reference("Price") },
          },
        },
      },
      { "text/event-stream": { schema: { contentSchema: { type: "array" } } } },
      { "text/event-stream": { schema: { contentSchema: { type: "array" } } } },
    ]);
  });

  test("are told item by item in 3.2", async () => {
    const app = martlet(routes, { ...about, openapi: { version: "3.2.0" } });
    expect(await objections(app.openapi())).toEqual([]);
    expect(contents(app)).toEqual([
      { "application/jsonl": { itemSchema: reference("Price") } },
      {
        "text/event-stream": {
          itemSchema: expect.objectContaining({
            type: "object",
            oneOf: [
              {
                properties: { event: { const: "price" }, data: data("Price") },
                required: ["event", "data"],
              },
              {
                properties: { event: { const: "halt" }, data: data("Halt") },
                required: ["event", "data"],
              },
            ],
          }) as unknown,
        },
      },
      {
        "text/event-stream": {
          itemSchema: expect.objectContaining({
            properties: expect.objectContaining({ data: data("Price") }) as unknown,
          }) as unknown,
        },
      },
    ]);
  });
});
