/** The application that the clients call. Without a mistake. */
import { martlet, patch, router } from "martlet";
import { z } from "zod";
import { currentUser, db, Item, ItemDraft, ItemNotFound, OutOfStock } from "./shop.ts";

const update = patch(
  "/{id}",
  {
    path: { id: z.int() },
    query: { notify: z.boolean().default(false) },
    body: ItemDraft,
    use: { user: currentUser, db },
    returns: Item,
    throws: [ItemNotFound, OutOfStock],
  },
  async ({ id, body, user, db }) => {
    const found = await db.find(id);
    if (found === undefined) return new ItemNotFound({ id });
    return db.save({ ...found, ...body, owner: user.name });
  },
);

export const app = martlet({ items: router("/items", { update }) });
