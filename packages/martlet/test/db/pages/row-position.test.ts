import * as pg from "drizzle-orm/pg-core";
import { get, martlet } from "martlet";
import { ascending, column, cursorPage, type PageOrder } from "martlet/db";
import { testClient } from "martlet/testing";
import { describe, expect, it } from "vitest";
import { type Got, items } from "./items.ts";

describe("the rows of a page by cursor", () => {
  const stamps = pg.pgTable("stamps", {
    id: pg.integer().primaryKey(),
    at: pg.timestamp().notNull(),
    exact: pg.timestamp({ precision: 3 }).notNull(),
    text: pg.timestamp({ mode: "string" }).notNull(),
    amount: pg.numeric({ mode: "number" }).notNull(),
  });
  const of = async (by: PageOrder, row: object): Promise<unknown> => {
    const page = cursorPage({ by });
    const list = get("/", { use: { page } }, ({ page }) => page.of([row, row]));
    return (await testClient(martlet({ list })).get("/?limit=1")).json();
  };
  const at = new Date();

  it("need their position where values have less than the database has", async () => {
    await expect(of([stamps.at, stamps.id], { id: 1, at })).rejects.toThrow(
      /M031 "at" has more digits.*\n.*page\.position/,
    );
    await expect(of([stamps.amount, stamps.id], { id: 1, amount: 1.5 })).rejects.toThrow("M031");
    await expect(
      of([stamps.exact, stamps.id], { id: 1, exact: new Date(Number.NaN) }),
    ).rejects.toThrow("M031");
    await expect(
      of([column("at", "timestamp"), column("id", "integer", { unique: true })], { id: 1, at }),
    ).rejects.toThrow("M031");
    await expect(of([column("id", "bigint", { unique: true })], { id: 2 ** 60 })).rejects.toThrow(
      "M031",
    );
  });

  it("need none where values are exact", async () => {
    expect(await of([stamps.exact, stamps.id], { id: 1, exact: at })).toMatchObject({
      items: [{ id: 1 }],
    });
    expect(
      await of([stamps.text, stamps.id], { id: 1, text: "2024-01-01 00:00:00.123456" }),
    ).toMatchObject({ items: [{ id: 1 }] });
  });

  it("are shown without their position", async () => {
    const row = { id: 1, $position: '["2024-01-01 00:00:00.123456","1"]' };
    const page = (await of([stamps.at, stamps.id], row)) as Got;
    expect(page.items).toEqual([{ id: 1 }]);
    expect(page.next).not.toBeNull();
  });

  it("must have what the order needs", async () => {
    await expect(of([items.rank, items.id], { id: 1 })).rejects.toThrow(
      'M031 "rank_of" is not in the rows',
    );
    await expect(of([items.rank, items.id], { id: 1, rank: null })).rejects.toThrow(
      /M031 "rank_of" is null/,
    );
    expect(
      await of([ascending(items.rank, { nullable: true }), items.id], { id: 1, rank: null }),
    ).toMatchObject({ items: [{ id: 1 }] });
  });

  it("must fit into a URL", async () => {
    await expect(of([items.name, items.id], { id: 1, name: "x".repeat(4000) })).rejects.toThrow(
      "M031 A cursor has",
    );
    await expect(
      of([items.name, items.id], { id: 1, name: "x".repeat(2000) }),
    ).resolves.toBeDefined();
  });
});
