import { type Document, get, martlet, post, router } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { objections } from "./validity.ts";

const nothing = () => undefined as never;

function schemas(document: Document): Record<string, unknown> {
  return document.components?.schemas ?? {};
}

/** The names of the components that are no problems. */
function names(document: Document): string[] {
  return Object.keys(schemas(document)).filter((each) => !each.endsWith("Problem"));
}

/** What a route takes and what it answers. */
function bodies(document: Document, path: string): [unknown, unknown] {
  const { requestBody, responses } = document.paths[path]?.["post"] ?? {};
  return [
    requestBody?.content["application/json"]?.schema,
    responses?.["200"]?.content?.["application/json"]?.schema,
  ];
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const both = (body: z.ZodType, returns: z.ZodType = body) => post("/", { body, returns }, nothing);

describe("a component", () => {
  test("is called what its module calls it", () => {
    const Item = z.object({ id: z.int() });
    const read = get("/", { returns: z.array(Item) }, nothing);
    const document = martlet({ items: router("/items", { Item, read }) }).openapi();
    expect(names(document)).toEqual(["Item"]);
    const { content } = document.paths["/items"]?.["get"]?.responses["200"] ?? {};
    expect(content).toEqual({
      "application/json": { schema: { type: "array", items: reference("Item") } },
    });
  });

  test("is called by its own id rather", () => {
    const itemSchema = z.object({ id: z.int() }).meta({ id: "Item", description: "A thing." });
    const route = both(itemSchema);
    const document = martlet({ items: router("/items", { itemSchema, route }) }).openapi();
    expect(schemas(document)).toMatchObject({ Item: { type: "object", description: "A thing." } });
    expect(schemas(document)["Item"]).not.toHaveProperty("id");
  });

  test("has a name that OpenAPI allows", () => {
    const schema = z.object({ a: z.int() }).meta({ id: "Page of <Item> ~ 1/2" });
    const document = martlet({ route: both(schema) }).openapi();
    expect(names(document)).toEqual(["Page_of__Item____1_2"]);
  });

  test("is none for a schema without a name", () => {
    const document = martlet({ route: both(z.object({ id: z.int() })) }).openapi();
    expect(names(document)).toEqual([]);
  });

  test("is told apart from one of another module with the same name", async () => {
    const users = { Item: z.object({ user: z.string() }) };
    const orders = { Item: z.object({ order: z.int() }) };
    const app = martlet({
      users: router("/users", { ...users, route: both(users.Item) }),
      orders: router("/orders", { ...orders, route: both(orders.Item) }),
    });
    const document = app.openapi();
    expect(names(document)).toEqual(["Item", "orders_Item"]);
    expect(bodies(document, "/users")).toEqual([reference("Item"), reference("Item")]);
    expect(bodies(document, "/orders")).toEqual([
      reference("orders_Item"),
      reference("orders_Item"),
    ]);
  });

  test("is told apart from another of the same id, and one with what says the same", () => {
    const page = (item: z.ZodType) => z.object({ items: z.array(item) }).meta({ id: "Page" });
    const document = martlet({
      a: post("/a", { body: page(z.int()), returns: page(z.string()) }, nothing),
      b: post("/b", { body: page(z.string()), returns: page(z.int()) }, nothing),
    }).openapi();
    expect(names(document)).toEqual(["Page", "Page2"]);
    expect(bodies(document, "/a")).toEqual([reference("Page"), reference("Page2")]);
    expect(bodies(document, "/b")).toEqual([reference("Page2"), reference("Page")]);
  });

  test("is told apart from a problem of the same name", () => {
    const schema = z.object({ a: z.int() }).meta({ id: "InvalidInputProblem" });
    const document = martlet({ route: both(schema) }).openapi();
    expect(Object.keys(schemas(document))).toContain("InvalidInputProblem2");
  });

  test("may be the schema of a parameter, whose description stays with the parameter", () => {
    const Slug = z
      .string()
      .min(1)
      .meta({ description: "A name in an address.", examples: ["tea"] });
    const read = get(
      "/{slug}",
      { path: { slug: Slug }, query: { also: Slug.optional() } },
      nothing,
    );
    const document = martlet({ items: router("/items", { Slug, read }) }).openapi();
    expect(document.paths["/items/{slug}"]?.["get"]?.parameters).toEqual([
      {
        name: "slug",
        in: "path",
        required: true,
        description: "A name in an address.",
        example: "tea",
        schema: reference("Slug"),
      },
      expect.objectContaining({ name: "also", required: false, schema: reference("Slug") }),
    ]);
  });
});

describe("the two sides of a component", () => {
  const Plain = z.object({ a: z.int() }).meta({ id: "Plain" });
  const Filled = z.object({ a: z.int().default(1) }).meta({ id: "Filled" });

  test("are one where they agree", () => {
    const document = martlet({ route: both(Plain) }).openapi();
    expect(names(document)).toEqual(["Plain"]);
  });

  test("are two where they differ", () => {
    const document = martlet({ route: both(Filled) }).openapi();
    expect(schemas(document)).toMatchObject({
      FilledInput: { properties: { a: { default: 1 } } },
      FilledOutput: { required: ["a"] },
    });
    expect(schemas(document)["FilledInput"]).not.toHaveProperty("required");
    expect(bodies(document, "/")).toEqual([reference("FilledInput"), reference("FilledOutput")]);
  });

  test("are one as long as only one is told", () => {
    const document = martlet({ route: both(Plain, Filled) }).openapi();
    expect(names(document)).toEqual(["Filled", "Plain"]);
  });

  test("differ where what they refer to differs", () => {
    const Outer = z.object({ inner: z.array(Filled), plain: Plain }).meta({ id: "Outer" });
    const document = martlet({ route: both(Outer) }).openapi();
    expect(names(document)).toEqual([
      "FilledInput",
      "FilledOutput",
      "OuterInput",
      "OuterOutput",
      "Plain",
    ]);
    expect(schemas(document)["OuterOutput"]).toMatchObject({
      properties: { inner: { items: reference("FilledOutput") }, plain: reference("Plain") },
    });
  });

  test("leave a name alone that is taken", () => {
    const FilledInput = z.object({ b: z.string() }).meta({ id: "FilledInput" });
    const document = martlet({
      a: post("/a", { body: FilledInput }, nothing),
      b: post("/b", { body: Filled, returns: Filled }, nothing),
    }).openapi();
    expect(bodies(document, "/a")[0]).toEqual(reference("FilledInput"));
    expect(bodies(document, "/b")[0]).toEqual(reference("FilledInput2"));
  });

  test("are those of a transform", () => {
    const Length = z
      .object({
        text: z
          .string()
          .transform((text) => text.length)
          .pipe(z.int()),
      })
      .meta({ id: "Length" });
    const document = martlet({ route: both(Length) }).openapi();
    expect(schemas(document)).toMatchObject({
      LengthInput: { properties: { text: { type: "string" } } },
      LengthOutput: { properties: { text: { type: "integer" } } },
    });
  });
});

describe("a recursive schema", () => {
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree);
    },
  });

  test("refers to itself, by its name", async () => {
    const app = martlet({ trees: router("/trees", { Tree, route: both(Tree) }) });
    expect(schemas(app.openapi())["Tree"]).toMatchObject({
      properties: { children: { type: "array", items: reference("Tree") } },
    });
  });

  test("without a name is one component wherever it is met", () => {
    const document = martlet({
      a: post("/a", { body: Tree, returns: z.object({ root: Tree }) }, nothing),
      b: post("/b", { body: z.array(Tree), returns: Tree }, nothing),
    }).openapi();
    expect(names(document)).toEqual(["Schema"]);
    expect(bodies(document, "/a")).toEqual([
      reference("Schema"),
      { type: "object", properties: { root: reference("Schema") }, required: ["root"] },
    ]);
  });

  test("may go round through others, and differ on its two sides", async () => {
    const Person = z
      .object({
        name: z.string(),
        get teams() {
          return z.array(Team).default([]);
        },
      })
      .meta({ id: "Person" });
    const Team = z.object({ lead: Person.nullable() }).meta({ id: "Team" });
    const document = martlet(
      { route: both(Team) },
      { license: { name: "MIT", identifier: "MIT" }, servers: [{ url: "https://shop.test" }] },
    ).openapi();
    expect(names(document)).toEqual(["PersonInput", "PersonOutput", "TeamInput", "TeamOutput"]);
    expect(schemas(document)["TeamOutput"]).toMatchObject({
      properties: { lead: { anyOf: [reference("PersonOutput"), { type: "null" }] } },
    });
    expect(await objections(document)).toEqual([]);
  });
});

describe("a union", () => {
  const Card = z.object({ kind: z.literal("card"), number: z.string() }).meta({ id: "Card" });
  const Bill = z.object({ kind: z.enum(["bill", "reminder"]) }).meta({ id: "Bill" });

  test("of components that one member tells apart has a discriminator", () => {
    const Payment = z.discriminatedUnion("kind", [Card, Bill]).meta({ id: "Payment" });
    const document = martlet({ route: both(Payment) }).openapi();
    expect(schemas(document)["Payment"]).toEqual({
      oneOf: [reference("Card"), reference("Bill")],
      discriminator: {
        propertyName: "kind",
        mapping: {
          card: "#/components/schemas/Card",
          bill: "#/components/schemas/Bill",
          reminder: "#/components/schemas/Bill",
        },
      },
    });
  });

  test("of others has none", () => {
    const Other = z.object({ kind: z.string() }).meta({ id: "Other" });
    const unions = [
      z.union([Card, Other]),
      z.union([Card, Bill, z.string()]),
      z.discriminatedUnion("kind", [Card, z.object({ kind: z.literal("cash") })]),
    ];
    for (const union of unions) {
      const [body] = bodies(martlet({ route: both(union) }).openapi(), "/");
      expect(body).not.toHaveProperty("discriminator");
    }
  });
});

describe("the components", () => {
  test("are in one order, whatever comes first", () => {
    const one = post("/one", { body: z.string().meta({ id: "A" }) }, nothing);
    const other = post("/other", { body: z.int().meta({ id: "B" }) }, nothing);
    expect(names(martlet({ one, other }).openapi())).toEqual(["A", "B"]);
    expect(names(martlet({ other, one }).openapi())).toEqual(["A", "B"]);
  });

  test("are plain JSON", () => {
    const schema = z.object({ at: z.date(), count: z.bigint() }).meta({
      id: "Odd",
      examples: [{ at: new Date(0), count: 5n }],
      widget: () => "a function",
    });
    const document = martlet({ route: post("/", { body: schema }, nothing) }).openapi();
    expect(schemas(document)["Odd"]).toMatchObject({
      examples: [{ at: "1970-01-01T00:00:00.000Z", count: 5 }],
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
