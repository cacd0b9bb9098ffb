import { callback, get, martlet, post, problem, router, webhook } from "martlet";
import { apiKey } from "martlet/auth";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { gallery, told } from "./gallery.ts";
import { objections } from "./validity.ts";

const nothing = () => undefined as never;
const Invoice = z.object({ id: z.string(), callbackUrl: z.url() });
const Paid = z.object({ paid: z.boolean() });

describe("a webhook", () => {
  test("is told by its name, with what it sends and what it expects back", () => {
    const Refused = problem(409, "refused");
    const app = martlet(
      {},
      {
        webhooks: {
          newSubscription: webhook("POST", {
            query: { again: z.boolean().optional() },
            header: { xAttempt: z.int() },
            body: z.object({ username: z.string() }),
            security: { key: apiKey({ header: "X-Signature" }) },
            returns: { 200: Paid, 204: null },
            throws: [Refused],
            description: "**Soon** after.",
          }),
        },
      },
    );
    const { webhooks, components } = app.openapi();
    expect(webhooks?.["newSubscription"]?.["post"]).toMatchObject({
      operationId: "newSubscription",
      summary: "New subscription",
      description: "**Soon** after.",
      parameters: [
        { name: "again", in: "query", required: false },
        { name: "x-attempt", in: "header", required: true },
      ],
      requestBody: { required: true },
      security: [{ apiKey: [] }],
    });
    const responses = webhooks?.["newSubscription"]?.["post"]?.responses ?? {};
    // What its receiver makes of a bad request is not for the sender to say.
    expect(Object.keys(responses)).toEqual(["200", "204", "409"]);
    expect(Object.keys(components?.securitySchemes ?? {})).toEqual(["apiKey"]);
  });

  test("is valid by two opinions, and shares the components", async () => {
    const Item = z.object({ name: z.string() });
    const app = martlet(
      { items: router("/items", { Item, list: get("/", { returns: Item }, nothing) }) },
      {
        license: { name: "MIT", identifier: "MIT" },
        servers: [{ url: "https://shop.test" }],
        webhooks: { sold: webhook("PUT", { body: Item, status: 204 }) },
      },
    );
    const { webhooks, components } = app.openapi();
    expect(webhooks?.["sold"]?.["put"]?.requestBody?.content["application/json"]?.schema).toEqual({
      $ref: "#/components/schemas/Item",
    });
    expect(Object.keys(components?.schemas ?? {})).toEqual(["Item"]);
    const found = await objections(app.openapi());
    expect(found.filter((each) => !each.includes("tag"))).toEqual([]);
  });

  test("is served nowhere, and is no route", async () => {
    const app = martlet({}, { webhooks: { sold: webhook("POST", {}) } });
    expect(app.routes()).toEqual([]);
    expect((await testClient(app).post("/sold")).status).toBe(404);
    expect(app.openapi().paths).toEqual({});
  });

  test("may not have the operationId of a route", () => {
    const app = martlet(
      { sold: get("/", {}, nothing) },
      { webhooks: { sold: webhook("POST", {}) } },
    );
    expect(() => app.ready()).toThrow(/M011 A route and a webhook have the operationId "sold"/);
  });

  test("is at fault as a route would be", () => {
    const both = webhook("POST", { body: Paid, form: { a: z.string() } });
    expect(() => martlet({}, { webhooks: { both } }).ready()).toThrow(/M006/);
  });
});

describe("a callback", () => {
  const invoicePaid = callback("{$request.body#/callbackUrl}", "POST", {
    body: Paid,
    returns: z.object({ ok: z.boolean() }),
    openapi: { "x-retries": 3 },
  });

  test("is told at its route, by the expression of its URL", () => {
    const create = post("/invoices", { body: Invoice, callbacks: { invoicePaid } }, nothing);
    const { callbacks } = martlet({ create }).openapi().paths["/invoices"]?.["post"] ?? {};
    expect(callbacks).toMatchObject({
      invoicePaid: {
        "{$request.body#/callbackUrl}": {
          post: {
            operationId: "create.invoicePaid",
            summary: "Invoice paid",
            requestBody: { required: true },
            responses: { 200: { description: "OK" } },
            "x-retries": 3,
          },
        },
      },
    });
  });

  test("is valid by two opinions", async () => {
    expect(told("", "post").callbacks).toHaveProperty("sale");
    expect(await objections(gallery.openapi())).toEqual([]);
  });

  test("of a router is one of all its routes, each with an id of its own", () => {
    const create = post("/", { body: Invoice }, nothing);
    const again = post("/again", { body: Invoice, callbacks: { other: invoicePaid } }, nothing);
    const invoices = router("/invoices", { create, again }, { callbacks: { invoicePaid } });
    const { paths } = martlet({ invoices }).openapi();
    const ids = Object.values(paths).map((each) =>
      Object.values(each["post"]?.callbacks ?? {}).flatMap((items) =>
        Object.values(items).map((item) => item["post"]?.operationId),
      ),
    );
    expect(ids).toEqual([
      ["invoices.create.invoicePaid"],
      ["invoices.again.invoicePaid", "invoices.again.other"],
    ]);
  });
});
