// A dependency reads a placeholder that neither the route nor a prefix has.
import { get, martlet, router } from "martlet";
import { z } from "zod";
import { Item, org } from "./shop.ts";

const list = get("/items", { use: { org }, returns: z.array(Item) }, ({ org }) => [
  { id: 1, name: "Swift", price: 1, owner: org.id },
]);

export const app = martlet({
  // right: items: router("/orgs/{orgId}", { list }),
  items: router("/orgs/{org}", { list }),
});
