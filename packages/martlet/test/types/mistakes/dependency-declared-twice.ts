// The same in a dependency.
import { dependency } from "martlet";
import { z } from "zod";
import { db } from "./shop.ts";

export const stock = dependency(
  // right: { query: { shop: z.string() }, use: { db } },
  { query: { db: z.string() }, use: { db } },
  ({ db }) => db,
);
