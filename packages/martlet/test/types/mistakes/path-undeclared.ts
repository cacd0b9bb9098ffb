// The path has a placeholder, and the signature no `path` at all.
import { get } from "martlet";
import { Item } from "./shop.ts";

export const read = get(
  // right: "/items/first",
  "/items/{id}",
  { returns: Item },
  () => ({ id: 1, name: "Swift", price: 1, owner: "Ada" }),
);
