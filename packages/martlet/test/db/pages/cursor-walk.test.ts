import { get, martlet } from "martlet";
import { cursorPage, cursorPageOf, type Sort } from "martlet/db";
import { testClient } from "martlet/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { engines, sortNames, type SortName, type Store } from "./stores.ts";

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Sorts = readonly Sort<SortName>[];

/** A way through all pages. */
interface Walk {
  readonly way: "next" | "previous";
  readonly from: string | undefined | null;
  readonly each: { readonly size: () => number; readonly change: () => Promise<void> };
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

const names = [null, "ant", "Ant", "änt", "ant ", "a%_'\"\\b", "日本", "🐦", "", "zebra"];
const prices = [null, "0", "-1.5", "10.25", "10.2500000001", "12345678901234567890.0123456789"];
const scores = [0, -1.5, 0.1, 0.30000000000000004, 1e21, 5e-324, -1e300];

/** The values of a row, as SQL writes them; the dialects agree on all but times. */
function rowOf(id: number, random: Random, isSqlite: boolean): string {
  const name = pick(random, names);
  const micro = String(Math.floor(random() * 4)).padStart(6, "0");
  const created = isSqlite
    ? String(1_700_000_000_000 + Math.floor(random() * 4))
    : `'2024-05-06 07:08:09.${micro}'`;
  const text = name === null ? "null" : `'${name.replaceAll("'", "''")}'`;
  const big = isSqlite
    ? Math.floor(random() * 3) + 9_000_000_000_000
    : 9_223_372_036_854_775_800n + BigInt(Math.floor(random() * 3));
  const active = random() < 0.5;
  return `(${id}, ${created}, ${pick(random, prices)}, ${text}, ${pick(random, scores)}, ${active}, ${big})`;
}

/** A random order: from one to three columns, each in either direction. */
function sortOf(random: Random): Sort<SortName>[] {
  const count = 1 + Math.floor(random() * 3);
  const left = sortNames.toSorted(() => random() - 0.5).slice(0, count);
  return left.map((name): Sort<SortName> => (random() < 0.5 ? name : `-${name}`));
}

function appOf({ sort, page, all }: Store) {
  const cursors = cursorPage({ by: sort, links: true });
  const list = get(
    "/",
    { use: { page: cursors }, returns: cursorPageOf(z.object({ id: z.int() })) },
    async (args) => args.page.of(await page(args.page)),
  );
  const every = get("/all", { use: { sort } }, async (args) =>
    (await all(args.sort)).map(({ id }) => id),
  );
  return martlet({ list, every });
}

describe.each(engines)("pages by cursor on $title", ({ isSkipped, open, title, walks }) => {
  const isSqlite = title === "SQLite";
  let store: Store;
  let client: ReturnType<typeof testClient<ReturnType<typeof appOf>>>;

  beforeAll(async () => {
    if (isSkipped) return;
    store = await open();
    client = testClient(appOf(store));
  }, 60_000);
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await store?.close();
  });

  const fill = async (random: Random, from: number, count: number): Promise<number[]> => {
    const ids = Array.from({ length: count }, (_, index) => from + index);
    const rows = ids.map((id) => rowOf(id, random, isSqlite)).join(", ");
    // A backslash is an escape to MySQL.
    const written = title.includes("MariaDB") ? rows.replaceAll("\\", "\\\\") : rows;
    if (count > 0) await store.run(`insert into TABLE values ${written}`);
    return ids;
  };
  const remove = async (ids: readonly number[]): Promise<unknown> =>
    ids.length === 0 ? undefined : store.run(`delete from TABLE where id in (${ids.join(", ")})`);
  const ordered = async (sort: Sorts): Promise<number[]> => {
    const answer = await client.get(`/all?sort=${sort.join(",")}`);
    return (await answer.json()) as number[];
  };
  const page = async (limit: number, sort: Sorts, cursor?: string) => {
    const answer = await client.api.list({ limit, sort, cursor });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    const ids = answer.data.items.map(({ id }) => id);
    expect(ids.length).toBeLessThanOrEqual(limit);
    return { ...answer.data, ids, links: answer.headers.get("link") ?? "" };
  };
  const walk = async (sort: Sorts, { way, from, each }: Walk): Promise<number[]> => {
    const seen: number[][] = [];
    for (let at = from; at !== null;) {
      const found = await page(each.size(), sort, at);
      seen.push(found.ids);
      at = found[way];
      await each.change();
    }
    return (way === "next" ? seen : seen.toReversed()).flat();
  };

  it.skipIf(isSkipped).each(Array.from({ length: walks }, (_, index) => index + 1))(
    "give every row once while others come and go, in both directions (seed %i)",
    async (seed) => {
      const random = randomFrom(seed);
      const sort = sortOf(random);
      const size = (): number => 1 + Math.floor(random() * 7);
      let nextId = 1;
      const grow = async (count: number): Promise<void> => {
        await fill(random, nextId, count);
        nextId += count;
      };
      await store.run("delete from TABLE where 1 = 1");
      await grow(5 + Math.floor(random() * 30));
      for (const way of ["next", "previous"] as const) {
        const before = await ordered(sort);
        const gone = new Set<number>();
        const change = async (): Promise<void> => {
          const ids = (await ordered(sort)).filter(() => random() < 0.06);
          for (const id of ids) gone.add(id);
          await remove(ids);
          await grow(Math.floor(random() * 3));
        };
        const { links } = await page(1, sort);
        const last = /cursor=([\w-]+)>; rel="last"/.exec(links)?.[1];
        const from = way === "next" ? undefined : last;
        const seen = await walk(sort, { way, from, each: { size, change } });
        expect(new Set(seen).size).toBe(seen.length);
        const stayed = new Set(before.filter((id) => !gone.has(id)));
        const now = await ordered(sort);
        expect(seen.filter((id) => stayed.has(id))).toEqual(now.filter((id) => stayed.has(id)));
        expect(stayed.size).toBeGreaterThan(0);
      }
    },
    30_000,
  );

  it.skipIf(isSkipped)(
    "lead back over the way that one came, also from a page that has become empty",
    async () => {
      const random = randomFrom(99);
      await store.run("delete from TABLE where 1 = 1");
      await fill(random, 1, 12);
      const sort: Sorts = ["-price", "created"];
      const all = await ordered(sort);
      const first = await page(5, sort);
      const second = await page(5, sort, first.next ?? "");
      expect([...first.ids, ...second.ids]).toEqual(all.slice(0, 10));
      expect((await page(5, sort, second.previous ?? "")).ids).toEqual(first.ids);

      await remove(all.slice(5));
      const empty = await page(5, sort, first.next ?? "");
      expect([empty.ids, empty.next]).toEqual([[], null]);
      const again = await page(5, sort, empty.previous ?? "");
      expect([again.ids, again.previous]).toEqual([first.ids, null]);

      await remove(all.slice(0, 4));
      const head = await page(5, sort, second.previous ?? "");
      expect(head.ids).toEqual(all.slice(4, 5));
      await remove(all);
      const gone = await page(5, sort, second.previous ?? "");
      expect([gone.ids, gone.previous]).toEqual([[], null]);
      await fill(random, 100, 3);
      const forth = await page(9, sort, gone.next ?? "");
      const back = await page(9, sort, second.previous ?? "");
      expect([...back.ids, ...forth.ids]).toEqual(await ordered(sort));
    },
    30_000,
  );
});
