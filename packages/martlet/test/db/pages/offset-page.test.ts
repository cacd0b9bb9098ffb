import { Fault, get, martlet, mount, router } from "martlet";
import { offsetPage, type OffsetPageOptions, pageOf } from "martlet/db";
import { testClient } from "martlet/testing";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";

const Item = z.object({ id: z.int() });
const all = Array.from({ length: 45 }, (_, id) => ({ id, secret: "hidden" }));

function listing(options?: OffsetPageOptions, total = all.length) {
  const page = offsetPage(options);
  return get(
    "/",
    { query: { tag: z.array(z.string()).default([]) }, use: { page }, returns: pageOf(Item) },
    ({ page }) => page.of(all.slice(page.offset, page.offset + page.limit), total),
  );
}

function client(options?: OffsetPageOptions, total?: number) {
  return testClient(martlet({ items: router("/items", { list: listing(options, total) }) }));
}

/** The targets of a `Link` header by relation. */
function linksOf(response: Response): Record<string, string> {
  const links = (response.headers.get("link") ?? "").matchAll(/<([^>]*)>; rel="(\w+)"/g);
  return Object.fromEntries([...links].map(([, url = "", relation = ""]) => [relation, url]));
}

describe("a page by offset", () => {
  it("has items, how many there are, and where it is", async () => {
    const { api } = client();
    const answer = await api.items.list({ limit: 2, offset: 3 });
    if (!answer.ok) throw new Error("no answer");
    expect(answer.data).toEqual({ items: [{ id: 3 }, { id: 4 }], total: 45, limit: 2, offset: 3 });
    expectTypeOf(answer.data.items).toEqualTypeOf<{ id: number }[]>();
    const first = await api.items.list({});
    expect(first.ok && [first.data.limit, first.data.offset, first.data.items.length]).toEqual([
      20, 0, 20,
    ]);
  });

  it("has as many rows as its options allow", async () => {
    const { get } = client({ limit: { default: 3, max: 5 } });
    expect((await (await get("/items")).json()) as object).toMatchObject({ limit: 3 });
    expect((await get("/items?limit=5")).status).toBe(200);
    expect((await get("/items?limit=6")).status).toBe(422);
    const small = client({ limit: { max: 5 } });
    expect((await (await small.get("/items")).json()) as object).toMatchObject({ limit: 5 });
  });

  it.each([
    ["limit=0", "limit", "greater_than_equal"],
    ["limit=101", "limit", "less_than_equal"],
    ["limit=ten", "limit", "int_parsing"],
    ["limit=1&limit=2", "limit", "repeated"],
    ["limit=1.5", "limit", "int_parsing"],
    ["offset=-1", "offset", "greater_than_equal"],
    ["offset=10001", "offset", "less_than_equal"],
    ["offset=9007199254740993", "offset", "int_parsing_size"],
    ["offset=", "offset", "int_parsing"],
  ])("refuses ?%s", async (search, name, code) => {
    const answer = await client().get(`/items?${search}`);
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { loc: string[]; code: string }[] };
    expect(errors).toMatchObject([{ loc: ["query", name], code }]);
  });

  it("goes as deep as it is told to", async () => {
    const { get } = client({ offset: { max: 30 } });
    expect((await get("/items?offset=30")).status).toBe(200);
    const answer = await get("/items?offset=31");
    const { errors } = (await answer.json()) as { errors: { context: object }[] };
    expect(errors[0]?.context).toEqual({ max: 30 });
  });

  it("stands in the document", () => {
    const { paths } = martlet({ list: listing({ offset: { max: 500 } }) }).openapi();
    const parameters = paths["/"]?.["get"]?.parameters?.filter((each) => each.name !== "tag");
    expect(parameters).toEqual([
      {
        name: "limit",
        in: "query",
        required: false,
        description: "How many items at the most.",
        schema: { type: "integer", minimum: 1, maximum: 100, default: 20 },
      },
      {
        name: "offset",
        in: "query",
        required: false,
        description: "How many items to leave out before them.",
        schema: { type: "integer", minimum: 0, maximum: 500, default: 0 },
      },
    ]);
  });

  it.each([
    { default: 0 },
    { default: 101 },
    { max: 0 },
    { default: 2.5 },
    { max: Number.NaN },
    { max: Infinity },
  ])("is refused at the start with the sizes %o", (limit) => {
    expect(() => offsetPage({ limit })).toThrow(Fault);
    expect(() => offsetPage({ limit })).toThrow("M031");
  });
});

describe("links to pages by offset", () => {
  it("are not there unless asked for", async () => {
    expect((await client().get("/items")).headers.has("link")).toBe(false);
  });

  it("lead to the first, the previous, the next and the last page", async () => {
    const answer = await client({ links: true }).get("/items?limit=10&offset=20");
    expect(answer.headers.get("link")).toBe(
      [
        '</items?limit=10&offset=0>; rel="first"',
        '</items?limit=10&offset=10>; rel="prev"',
        '</items?limit=10&offset=30>; rel="next"',
        '</items?limit=10&offset=40>; rel="last"',
      ].join(", "),
    );
  });

  it("are followed from the first page to the last and back", async () => {
    const { get } = client({ links: true, limit: { default: 7 } });
    const seen: number[] = [];
    const walk = async (from: string, relation: string): Promise<void> => {
      for (let url: string | undefined = from; url !== undefined;) {
        const answer = await get(url);
        const { items } = (await answer.json()) as { items: { id: number }[] };
        seen.push(...items.map(({ id }) => id));
        url = linksOf(answer)[relation];
      }
    };
    await walk("/items", "next");
    expect(seen).toEqual(all.map(({ id }) => id));
    seen.length = 0;
    await walk(linksOf(await get("/items"))["last"] ?? "", "prev");
    expect(seen.toSorted((a, b) => a - b)).toEqual(all.map(({ id }) => id));
  });

  it("keep the rest of the query as it was sent", async () => {
    const url = "/items?tag=a%2Fb&limit=40&tag=%C3%BC&flag&x=1+2";
    const { next } = linksOf(await client({ links: true }).get(url));
    expect(next).toBe("/items?tag=a%2Fb&tag=%C3%BC&flag&x=1+2&limit=40&offset=40");
  });

  it("lead back to something from beyond the end", async () => {
    const { prev, next } = linksOf(await client({ links: true }).get("/items?limit=10&offset=90"));
    expect([prev, next]).toEqual(["/items?limit=10&offset=40", undefined]);
  });

  it("do not lead to where nobody may go", async () => {
    const links = linksOf(
      await client({ links: true, offset: { max: 15 } }).get("/items?limit=10&offset=10"),
    );
    expect(Object.keys(links)).toEqual(["first", "prev"]);
  });

  it("are those of an empty list", async () => {
    const links = linksOf(await client({ links: true }, 0).get("/items"));
    expect(links).toEqual({
      first: "/items?limit=20&offset=0",
      last: "/items?limit=20&offset=0",
    });
  });

  it("know what a proxy strips, where the application can be reached, and mounts", async () => {
    const routes = { items: router("/items", { list: listing({ links: true }) }) };
    const behind = testClient(martlet(routes, { rootPath: "/api" }));
    expect(linksOf(await behind.get("/items"))["next"]).toBe("/api/items?limit=20&offset=20");
    const known = testClient(martlet(routes, { rootPath: "/api", origin: "https://shop.example" }));
    expect(linksOf(await known.get("/items"))["next"]).toBe(
      "https://shop.example/api/items?limit=20&offset=20",
    );
    const outer = testClient(martlet({ shop: mount("/shop", martlet(routes)) }));
    expect(linksOf(await outer.get("/shop/items"))["next"]).toBe("/shop/items?limit=20&offset=20");
  });

  it("cannot be broken out of", async () => {
    const page = offsetPage({ links: true });
    const list = get("/{rest*}", { path: { rest: z.string() }, use: { page } }, ({ page }) =>
      page.of([], 100),
    );
    const { request } = testClient(martlet({ list }));
    const link = async (path: string) => linksOf(await request("GET", path))["next"];
    const search = "limit=20&offset=20";
    expect(await link("/a%3E;rel=b")).toBe(`/a%3E;rel=b?${search}`);
    expect(await link('/x?a=">;b')).not.toMatch(/[">]/);
  });
});
