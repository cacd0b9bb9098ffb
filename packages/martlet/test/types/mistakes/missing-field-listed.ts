// A field of the elements of a list is missing.
import { get } from "martlet";
import { z } from "zod";
import { Item, page } from "./shop.ts";

export const list = get("/items", { use: { page }, returns: z.array(Item) }, ({ page }) => [
  // right: { id: page.limit, name: "Swift", price: 1, owner: "Ada" },
  { id: page.limit, name: "Swift", owner: "Ada" },
]);
