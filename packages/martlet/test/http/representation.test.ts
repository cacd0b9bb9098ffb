import { get, json, jsonSchema, martlet, media, post, reply } from "martlet";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";

const Full = z.object({
  name: z.string(),
  description: z.string().nullable().default(null),
  tax: z.number().default(10.5),
  tags: z
    .array(z.object({ label: z.string(), note: z.string().nullable().default(null) }))
    .default([]),
});

function answering(route: unknown): (path?: string, init?: RequestInit) => Promise<Response> {
  const app = martlet({ route });
  return (path = "/", init) => app.fetch(new Request(`http://localhost${path}`, init));
}

describe("json", () => {
  it("leaves out what the handler did not set, at any depth", async () => {
    const value = { name: "Foo", tax: 10.5, tags: [{ label: "a" }] };
    const send = answering(get("/", { returns: json(Full, { omit: "unset" }) }, () => value));
    expect(await (await send()).json()).toEqual(value);
  });

  it("leaves out what has its default, wherever it comes from", async () => {
    const value = { name: "Foo", tax: 10.5, tags: [{ label: "a", note: null }] };
    const send = answering(get("/", { returns: json(Full, { omit: "default" }) }, () => value));
    expect(await (await send()).json()).toEqual({ name: "Foo", tags: [{ label: "a" }] });
  });

  it("leaves out what is null", async () => {
    const send = answering(
      get("/", { returns: json(Full, { omit: "null" }) }, () => ({ name: "Foo" })),
    );
    expect(await (await send()).json()).toEqual({ name: "Foo", tax: 10.5, tags: [] });
  });

  it("still filters and checks", async () => {
    const app = martlet(
      {
        leak: get("/leak", { returns: json(Full, { omit: "null" }) }, () => ({
          name: "Foo",
          password: "secret",
        })),
        wrong: get("/wrong", { returns: json(Full) }, () => ({ name: 1 }) as never),
      },
      { report: () => {} },
    );
    const leak = await app.fetch(new Request("http://localhost/leak"));
    expect(await leak.text()).not.toContain("secret");
    expect((await app.fetch(new Request("http://localhost/wrong"))).status).toBe(500);
  });

  it("tells a client that members may be missing", () => {
    const read = get("/", { returns: json(Full, { omit: "null" }) }, () => ({ name: "Foo" }));
    expectTypeOf(read["~o"]).toEqualTypeOf<{
      200: {
        name?: string;
        description?: string | null;
        tax?: number;
        tags?: { label?: string; note?: string | null }[];
      };
    }>();
  });
});

describe("media", () => {
  it("sends text with its charset, and bytes as they are", async () => {
    const app = martlet({
      page: get("/page", { returns: media("text/html") }, () => "<h1>é</h1>"),
      pixel: get("/pixel", { returns: media("image/gif") }, () => new Uint8Array([71, 73, 70])),
    });
    const page = await app.fetch(new Request("http://localhost/page"));
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toBe("<h1>é</h1>");
    const pixel = await app.fetch(new Request("http://localhost/pixel"));
    expect(pixel.headers.get("content-type")).toBe("image/gif");
    expect(new Uint8Array(await pixel.arrayBuffer())).toEqual(new Uint8Array([71, 73, 70]));
  });

  it("stands beside models, and is documented as what it is", () => {
    const Queued = z.object({ position: z.int() });
    const chart = post("/", { returns: { 200: media("image/png"), 202: Queued } }, () =>
      reply(202, { position: 3 }),
    );
    const document = martlet({ chart }).openapi();
    const { responses = {} } = document.paths["/"]?.["post"] ?? {};
    expect(responses["200"]?.content).toEqual({
      "image/png": { schema: { type: "string", format: "binary" } },
    });
    expect(responses["202"]?.content?.["application/json"]?.schema).toEqual(
      jsonSchema(Queued, "output"),
    );
  });

  it("refuses a value that is no body, at compile time and when it comes", async () => {
    const errors: unknown[] = [];
    // @ts-expect-error -- a number is no body
    const wrong = get("/", { returns: media("text/plain") }, () => 1);
    const app = martlet({ wrong }, { report: ({ error }) => void errors.push(error) });
    expect((await app.fetch(new Request("http://localhost/"))).status).toBe(500);
    expect(String(errors[0])).toContain("neither text nor bytes");
  });
});
