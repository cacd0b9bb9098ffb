import type { AnyColumn } from "drizzle-orm";
import { get, martlet } from "martlet";
import { ascending, cursorPage, descending, type Filter, filters } from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kindEngines, type Kinds } from "./kinds.ts";

describe.each(kindEngines)("on $title", ({ isSkipped, kinds, open }) => {
  let opened: Kinds;
  beforeAll(async () => {
    if (!isSkipped) opened = await open();
  });
  afterAll(() => opened?.close());
  const all = Object.entries(kinds).map(([name, kind]) => ({ name, kind }));
  const columnOf = (name: string): AnyColumn => opened.table[name] as AnyColumn;

  /** All ids, page by page of one row. */
  const walk = async (name: string, { down = false, hasPosition = true }): Promise<number[]> => {
    const direction = down ? descending : ascending;
    const page = cursorPage({ by: [direction(columnOf(name)), direction(columnOf("id"))] });
    const list = get("/", { use: { page } }, async ({ page }) => {
      const { where, orderBy, limit, position } = page;
      const columns = hasPosition ? position : { [name]: columnOf(name) };
      return page.of(await opened.find({ columns, where, orderBy, limit }));
    });
    const client = testClient(martlet({ list }, { report: () => {} }));
    const ids: number[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const answer = await client.get(`/?limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
      const { items, next } = (await answer.json()) as {
        items: { id: number }[];
        next: string | null;
      };
      ids.push(...items.map(({ id }) => id));
      cursor = next;
    }
    return ids;
  };

  it.skipIf(isSkipped).each(all.filter(({ kind }) => kind.isOrdered !== false))(
    "pages by $name are right in both directions",
    async ({ name, kind }) => {
      expect(await walk(name, {})).toEqual([1, 2, 3]);
      expect(await walk(name, { down: true })).toEqual([3, 2, 1]);
      // Of some values the driver itself makes what has no text.
      const without = await walk(name, { hasPosition: false }).catch(
        ({ message }: Error) => message,
      );
      expect(kind.isCut === true ? String(without).slice(0, 4) : without).toEqual(
        kind.isCut === true ? "M031" : [1, 2, 3],
      );
    },
  );

  it.skipIf(isSkipped).each(all.filter(({ kind }) => kind.asked !== undefined))(
    "filters by $name are right",
    async ({ name, kind: { asked, isOrdered } }) => {
      const operators = ["eq", "ne", "in", "notIn", ...(isOrdered === false ? [] : ["gt", "lte"])];
      const filter = filters({ it: columnOf(name) }, { it: operators as "eq"[] });
      const list = get("/", { use: { filter } }, async (args) => {
        const { where } = args.filter as Filter<object>;
        const rows = await opened.find({ columns: {}, where, orderBy: [] });
        return rows.map(({ id }) => id).toSorted((a, b) => a - b);
      });
      const client = testClient(martlet({ list }));
      const ids = async (search: string): Promise<unknown> =>
        (await client.get(`/?${search}`)).json();
      expect(await ids(`it=${asked}`)).toEqual([2]);
      expect(await ids(`it__ne=${asked}`)).toEqual([1, 3]);
      expect(await ids(`it__in=${asked}`)).toEqual([2]);
      expect(await ids(`it__notIn=${asked}`)).toEqual([1, 3]);
      if (isOrdered === false) return;
      expect(await ids(`it__gt=${asked}`)).toEqual([3]);
      expect(await ids(`it__lte=${asked}`)).toEqual([1, 2]);
    },
  );

  it.skipIf(isSkipped).each([
    ["contains=%25_", [2]],
    ["contains=B", [2, 3]],
    ["startsWith=B", [2]],
    ["startsWith=%25", []],
    ["endsWith=!", [3]],
    ["endsWith=_", [2]],
    ["contains=%5C", []],
    ["contains='", []],
  ])("a text is looked into, and nothing but letters is special: it__%s", async (search, ids) => {
    const name = "varchar" in kinds ? "varchar" : "text";
    const operators = ["contains", "startsWith", "endsWith"];
    // What the type of any column cannot tell: this one has texts.
    const filter = filters({ it: columnOf(name) }, { it: operators as unknown as "eq"[] });
    const list = get("/", { use: { filter } }, async (args) => {
      const { where } = args.filter as Filter<object>;
      return (await opened.find({ columns: {}, where })).map(({ id }) => id);
    });
    const answer = await testClient(martlet({ list })).get(`/?it__${search}`);
    expect(await answer.json()).toEqual(ids);
  });
});
