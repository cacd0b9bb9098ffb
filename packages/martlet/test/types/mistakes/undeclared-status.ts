// A status is answered that `returns` does not list.
import { post, reply } from "martlet";
import { z } from "zod";
import { Item } from "./shop.ts";

const Queued = z.object({ position: z.int() });

export const create = post("/items", { returns: { 201: Item, 202: Queued } }, () => {
  if (Math.random() > 0.5) return reply(202, { position: 3 });
  // right: return reply(201, { id: 1, name: "Swift", price: 1, owner: "Ada" });
  return reply(200, { id: 1, name: "Swift", price: 1, owner: "Ada" });
});
