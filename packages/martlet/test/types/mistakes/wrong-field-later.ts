// The same in an asynchronous handler with two ways out.
import { patch } from "martlet";
import { z } from "zod";
import { currentUser, db, Item, ItemDraft, ItemNotFound } from "./shop.ts";

export const update = patch(
  "/items/{id}",
  {
    path: { id: z.int() },
    body: ItemDraft,
    use: { user: currentUser, db },
    returns: Item,
    throws: [ItemNotFound],
  },
  async ({ id, body, user, db }) => {
    const found = await db.find(id);
    if (found === undefined) return new ItemNotFound({ id });
    // right: return { ...found, ...body, owner: user.name };
    return { ...found, ...body, owner: user };
  },
);
