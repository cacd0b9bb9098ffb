// A parameter is declared that the path does not have.
import { get } from "martlet";
import { z } from "zod";
import { Item } from "./shop.ts";

export const read = get(
  "/items/{id}",
  // right: { path: { id: z.int() }, returns: Item },
  { path: { id: z.int(), version: z.int() }, returns: Item },
  ({ id }) => ({ id, name: "Swift", price: 1, owner: "Ada" }),
);
