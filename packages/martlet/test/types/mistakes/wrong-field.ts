// A field of the answer has the wrong type.
import { get } from "martlet";
import { z } from "zod";
import { Item } from "./shop.ts";

export const read = get("/items/{id}", { path: { id: z.int() }, returns: Item }, ({ id }) => ({
  id,
  name: "Swift",
  // right: price: 1,
  price: "1",
  owner: "Ada",
}));
