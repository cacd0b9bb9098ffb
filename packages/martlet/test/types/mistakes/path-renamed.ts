// The path was renamed, the parameter was not.
import { patch } from "martlet";
import { z } from "zod";
import { currentUser, db, Item, ItemDraft, ItemNotFound } from "./shop.ts";

export const update = patch(
  // right: "/items/{id}",
  "/items/{itemId}",
  {
    path: { id: z.int() },
    query: { notify: z.boolean().default(false) },
    body: ItemDraft,
    use: { user: currentUser, db },
    returns: Item,
    throws: [ItemNotFound],
  },
  async ({ id, body, user, db }) => {
    const found = await db.find(id);
    if (found === undefined) return new ItemNotFound({ id });
    return db.save({ ...found, ...body, owner: user.name });
  },
);
