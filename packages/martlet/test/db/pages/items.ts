/**
 * A list of items that is paged by cursor, for tests of what is around it.
 *
 * @module
 */
import { defineRelations } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-sqlite";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { get, martlet, router } from "martlet";
import { cursorPage, cursorPageOf, type CursorPageOptions, type PageOrder } from "martlet/db";
import { testClient } from "martlet/testing";
import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import { z } from "zod";

export const Item = z.object({ id: z.int(), name: z.string().nullable() });
export const items = sqliteTable("items", {
  id: integer().primaryKey(),
  name: text(),
  rank: integer("rank_of").notNull(),
});
const relations = defineRelations({ items }, () => ({}));
export const key = "a secret of at least 32 characters";

export function open(count = 5) {
  const client = new DatabaseSync(":memory:");
  client.exec("create table items (id integer primary key, name text, rank_of integer not null)");
  const insert = client.prepare("insert into items values (?, ?, ?)");
  for (let id = 1; id <= count; id += 1) insert.run(id, `item ${id}`, id % 2);
  return { client, db: drizzle({ client, relations }) };
}

/** A list of items by one order, below two paths. */
export function client(
  options: Partial<CursorPageOptions<readonly [typeof items.id]>> = {},
  count = 5,
) {
  const { db } = open(count);
  const page = cursorPage({ by: [items.id], ...options });
  const query = { tag: z.array(z.string()).default([]) };
  const list = get("/", { query, use: { page }, returns: cursorPageOf(Item) }, async ({ page }) =>
    page.of(
      await db
        .select()
        .from(items)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(page.limit),
    ),
  );
  return testClient(
    martlet({ items: router("/items", { list }), others: router("/others", { list }) }),
  );
}

export type Got = z.infer<ReturnType<typeof cursorPageOf<typeof Item>>>;

export async function read(
  from: Pick<ReturnType<typeof client>, "get">,
  url: string,
): Promise<Got> {
  const answer = await from.get(url);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Got;
}

export const ids = (page: Got): number[] => page.items.map(({ id }) => id);

/** Starts an application that pages by an order. */
export async function start(options: CursorPageOptions<PageOrder>): Promise<void> {
  const page = cursorPage(options);
  const list = get("/", { use: { page } }, ({ page }) => page.size);
  const app = martlet({ list });
  await app.start();
  await app.stop();
}
