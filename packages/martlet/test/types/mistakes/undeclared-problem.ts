// A problem is returned that the route does not declare.
import { get } from "martlet";
import { z } from "zod";
import { db, Item, ItemNotFound, OutOfStock } from "./shop.ts";

export const read = get(
  "/items/{id}",
  { path: { id: z.int() }, use: { db }, returns: Item, throws: [ItemNotFound] },
  async ({ id, db }) => {
    const found = await db.find(id);
    // right: if (id === 0) return new ItemNotFound({ id });
    if (id === 0) return new OutOfStock({ left: 0 });
    return found ?? new ItemNotFound({ id });
  },
);
