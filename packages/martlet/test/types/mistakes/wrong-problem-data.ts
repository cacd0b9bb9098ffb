// A problem is made with the wrong data.
import { get } from "martlet";
import { z } from "zod";
import { Item, ItemNotFound } from "./shop.ts";

export const read = get(
  "/items/{id}",
  { path: { id: z.int() }, returns: Item, throws: [ItemNotFound] },
  ({ id }) => {
    // right: if (id === 0) return new ItemNotFound({ id });
    if (id === 0) return new ItemNotFound({ item: id });
    return { id, name: "Swift", price: 1, owner: "Ada" };
  },
);
