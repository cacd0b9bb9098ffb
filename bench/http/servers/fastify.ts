/**
 * Fastify with its own validation and serialisation by JSON Schema, the logger off.
 *
 * @module
 */
import { fastify } from "fastify";
import { z } from "zod";
import { findItem, Item, itemPath, itemQuery, Order, OrderPlaced, placeOrder } from "../work.ts";

/** Listens on any free port. */
export async function start(): Promise<number> {
  const app = fastify();
  const pong = z.object({ message: z.string() });
  app.get("/ping", { schema: { response: { 200: schema(pong) } } }, () => ({ message: "pong" }));
  app.get<{ Params: { id: number }; Querystring: { limit: number; search: string } }>(
    "/items/:id",
    {
      schema: {
        params: schema(z.object(itemPath), "input"),
        querystring: schema(z.object(itemQuery), "input"),
        response: { 200: schema(Item) },
      },
    },
    ({ params, query }) => findItem(params.id, query.limit, query.search),
  );
  app.post<{ Body: z.output<typeof Order> }>(
    "/orders",
    { schema: { body: schema(Order, "input"), response: { 201: schema(OrderPlaced) } } },
    (request, reply) => reply.code(201).send(placeOrder(request.body)),
  );
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return Number(new URL(url).port);
}

/** The JSON Schema of a model as Fastify's validator, which knows draft 7, takes it. */
function schema(model: z.ZodType, io: "input" | "output" = "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(model, { target: "draft-7", io });
  return rest;
}
