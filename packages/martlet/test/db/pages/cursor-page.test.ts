import { get, martlet } from "martlet";
import {
  column,
  type CursorPage,
  cursorPage,
  cursorPageOf,
  descending,
  type PlainCursorPage,
  sorting,
} from "martlet/db";
import { describe, expect, expectTypeOf, it } from "vitest";
import { client, type Got, ids, Item, items, read } from "./items.ts";

describe("a page by cursor", () => {
  it("leads on to the next one and back, and says where the list ends", async () => {
    const test = client();
    const first = await read(test, "/items?limit=2");
    expect([ids(first), first.previous]).toEqual([[1, 2], null]);
    const second = await read(test, `/items?limit=2&cursor=${first.next}`);
    expect(ids(second)).toEqual([3, 4]);
    const third = await read(test, `/items?limit=2&cursor=${second.next}`);
    expect([ids(third), third.next]).toEqual([[5], null]);
    expect(ids(await read(test, `/items?limit=2&cursor=${third.previous}`))).toEqual([3, 4]);
    const back = await read(test, `/items?limit=9&cursor=${third.previous}`);
    expect([ids(back), back.previous]).toEqual([[1, 2, 3, 4], null]);
  });

  it("is empty where there is nothing", async () => {
    expect(await read(client({}, 0), "/items")).toEqual({ items: [], next: null, previous: null });
  });

  it("has no next one when it ends with the list", async () => {
    expect((await read(client({}, 4), "/items?limit=4")).next).toBeNull();
    expect((await read(client({}, 5), "/items?limit=4")).next).not.toBeNull();
  });

  it("is typed, in the handler and in the client", async () => {
    const { api } = client();
    const answer = await api.items.list({ limit: 3, cursor: undefined, tag: ["a"] });
    if (!answer.ok) throw new Error("no answer");
    expectTypeOf(answer.data).toEqualTypeOf<Got>();
    const byColumn = cursorPage({ by: [items.rank, descending(items.id)] });
    expectTypeOf<(typeof byColumn)["~t"]>().toEqualTypeOf<CursorPage>();
    const byHand = cursorPage({ by: [column("id", "integer", { unique: true })] });
    expectTypeOf<(typeof byHand)["~t"]>().toEqualTypeOf<PlainCursorPage>();
    const sorted = cursorPage({
      by: sorting({ rank: items.rank }, { default: "rank", last: items.id }),
    });
    expectTypeOf<(typeof sorted)["~t"]>().toEqualTypeOf<CursorPage>();
    expectTypeOf<(typeof sorted)["~w"]["sort"]>().toEqualTypeOf<
      readonly ("rank" | "-rank")[] | undefined
    >();
    // @ts-expect-error -- there is no such name
    sorting({ rank: items.rank }, { default: "name" });
    // @ts-expect-error -- a page that is written by hand has no SQL of Drizzle's
    void ((page: PlainCursorPage) => page.where);
  });

  it("stands in the document", () => {
    const page = cursorPage({ by: [items.id], limit: { max: 50 } });
    const list = get("/", { use: { page }, returns: cursorPageOf(Item) }, ({ page }) =>
      page.of([]),
    );
    const { paths } = martlet({ list }).openapi();
    const operation = paths["/"]?.["get"];
    expect(operation?.parameters).toEqual([
      {
        name: "limit",
        in: "query",
        required: false,
        description: "How many items at the most.",
        schema: { type: "integer", minimum: 1, maximum: 50, default: 20 },
      },
      {
        name: "cursor",
        in: "query",
        required: false,
        description: "Where the page begins: `next` or `previous` of another page.",
        schema: { type: "string", maxLength: 4096 },
      },
    ]);
    const schema = operation?.responses["200"]?.content?.["application/json"]?.schema;
    expect(schema).toMatchObject({ required: ["items", "next", "previous"] });
  });

  it("has links to the first, the last and its neighbours, with the rest of the query", async () => {
    const { get } = client({ links: true });
    const linksOf = async (url: string) => {
      const header = (await get(url)).headers.get("link") ?? "";
      const found = header.matchAll(/<([^>]*)>; rel="(\w+)"/g);
      return Object.fromEntries([...found].map(([, to = "", relation = ""]) => [relation, to]));
    };
    const first = await linksOf("/items?tag=%C3%BC&limit=2");
    expect(Object.keys(first)).toEqual(["first", "next", "last"]);
    expect(first["first"]).toBe("/items?tag=%C3%BC&limit=2");
    expect(ids((await (await get(first["next"] ?? "")).json()) as Got)).toEqual([3, 4]);
    expect(ids((await (await get(first["last"] ?? "")).json()) as Got)).toEqual([4, 5]);
    const last = await linksOf(first["last"] ?? "");
    expect(Object.keys(last)).toEqual(["first", "prev", "last"]);
    expect(ids((await (await get(last["prev"] ?? "")).json()) as Got)).toEqual([2, 3]);
  });
});
