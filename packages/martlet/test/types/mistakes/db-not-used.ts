// The database is used, and not declared.
import { get } from "martlet";
import { z } from "zod";
import { currentUser, db, Item, ItemNotFound } from "./shop.ts";

export const read = get(
  "/items/{id}",
  {
    path: { id: z.int() },
    // right: use: { user: currentUser, db },
    use: { user: currentUser },
    returns: Item,
    throws: [ItemNotFound],
  },
  async ({ id, db }) => (await db.find(id)) ?? new ItemNotFound({ id }),
);
