/**
 * Martlet with its defaults.
 *
 * @module
 */
import { get, martlet, post } from "martlet";
import { listen } from "martlet/server";
import { z } from "zod";
import { findItem, Item, itemPath, itemQuery, Order, OrderPlaced, placeOrder } from "../work.ts";

const Pong = z.object({ message: z.string() });

const ping = get("/ping", { returns: Pong }, () => ({ message: "pong" }));
const read = get(
  "/items/{id}",
  { path: itemPath, query: itemQuery, returns: Item },
  // A row of a database: its type is not the model's.
  ({ id, limit, search }) => findItem(id, limit, search) as z.input<typeof Item>,
);
const place = post(
  "/orders",
  { body: Order, returns: OrderPlaced, status: 201 },
  ({ body }) => placeOrder(body) as z.input<typeof OrderPlaced>,
);

/** Listens on any free port. */
export async function start(): Promise<number> {
  const { port } = await listen(martlet({ ping, read, place }), { port: 0 });
  return port;
}
