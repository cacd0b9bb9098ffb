// The dependency on the user was removed, the handler still takes it.
import { get } from "martlet";
import { z } from "zod";
import { currentUser, db, Item } from "./shop.ts";

export const read = get(
  "/items/{id}",
  // right: { path: { id: z.int() }, use: { user: currentUser, db }, returns: Item },
  { path: { id: z.int() }, use: { db }, returns: Item },
  ({ id, user }) => ({ id, name: "Swift", price: 1, owner: user.name }),
);
