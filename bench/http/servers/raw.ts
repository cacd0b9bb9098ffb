/**
 * node:http by hand: what a careful person would write for these three routes and no others.
 *
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { findItem, Item, itemPath, itemQuery, Order, OrderPlaced, placeOrder } from "../work.ts";

const models = {
  path: z.compile(itemPath.id),
  limit: z.compile(itemQuery.limit),
  search: z.compile(itemQuery.search),
  item: z.compile(Item),
  order: z.compile(Order),
  placed: z.compile(OrderPlaced),
};
const maxBody = 1 << 20;
const whole = /^-?\d{1,15}$/;

/** Listens on any free port. */
export function start(): Promise<number> {
  const server = createServer(answer);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  if (path === "/ping" && request.method === "GET") {
    return send(response, 200, JSON.stringify({ message: "pong" }));
  }
  if (path.startsWith("/items/") && request.method === "GET") {
    return readItem(path.slice(7), mark < 0 ? "" : target.slice(mark + 1), response);
  }
  if (path === "/orders" && request.method === "POST") return readOrder(request, response);
  send(response, 404, '{"code":"not-found"}');
}

function readItem(text: string, search: string, response: ServerResponse): void {
  const query = parse(search);
  const id = models.path.safeParse(numberOf(text));
  const limit = models.limit.safeParse(numberOf(query.get("limit")));
  const sought = models.search.safeParse(query.get("search"));
  if (!id.success || !limit.success || !sought.success) return refuse(response);
  const item = findItem(id.data, limit.data, sought.data);
  send(response, 200, JSON.stringify(models.item.parse(item)));
}

function parse(search: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of search.split("&")) {
    const equals = pair.indexOf("=");
    if (equals > 0) values.set(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
  }
  return values;
}

function decode(text: string): string {
  return /[%+]/.test(text) ? decodeURIComponent(text.replaceAll("+", " ")) : text;
}

function numberOf(text: string | undefined): unknown {
  return text !== undefined && whole.test(text) ? Number(text) : text;
}

function readOrder(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBody) request.destroy();
    else chunks.push(chunk);
  });
  request.on("end", () => {
    const order = models.order.safeParse(jsonOf(Buffer.concat(chunks)));
    if (!order.success) return refuse(response);
    return send(response, 201, JSON.stringify(models.placed.parse(placeOrder(order.data))));
  });
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse): void {
  send(response, 422, '{"code":"invalid-input"}');
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
