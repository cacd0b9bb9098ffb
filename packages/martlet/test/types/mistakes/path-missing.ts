// A placeholder of the path is not declared.
import { get } from "martlet";
import { z } from "zod";
import { Item } from "./shop.ts";

export const read = get(
  // right: "/items/{id}",
  "/shops/{shop}/items/{id}",
  { path: { id: z.int() }, returns: Item },
  ({ id }) => ({ id, name: "Swift", price: 1, owner: "Ada" }),
);
