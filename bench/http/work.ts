/**
 * The work that every server does: three requests, and what has to come back. The data holds more
 * than the models tell, so that an answer which is not filtered is found out.
 *
 * @module
 */
import { z } from "zod";

/** One request, and the answer to it. */
export interface Workload {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly target: string;
  readonly body?: unknown;
  readonly status: number;
  readonly answer: unknown;
  /** The same request with a mistake in it, which every server has to refuse. */
  readonly wrong?: { readonly target?: string; readonly body?: unknown };
}

/** What `GET /items/{id}` tells. */
export const Item = z.object({
  id: z.int(),
  name: z.string(),
  price: z.number(),
  tags: z.array(z.string()),
  page: z.object({ limit: z.int(), search: z.string() }),
});

/** The parameters of `GET /items/{id}`. */
export const itemPath = { id: z.int().positive() };
/** The query of `GET /items/{id}`. */
export const itemQuery = {
  limit: z.int().min(1).max(100).default(20),
  search: z.string().min(1).max(50),
};

/** The item that `GET /items/{id}` finds, with a secret. */
export function findItem(id: number, limit: number, search: string): object {
  return {
    id,
    name: "Swift",
    price: 12.5,
    tags: ["bird", "fast"],
    page: { limit, search },
    secret: "not for clients",
  };
}

const Address = z.object({
  street: z.string().min(1).max(100),
  city: z.string().min(1).max(60),
  zip: z.string().regex(/^\d{5}$/),
  country: z.enum(["AT", "CH", "DE", "FR"]),
});

/** One line of an order. */
const Line = z.object({
  sku: z.string().regex(/^[A-Z]{3}-\d{4}$/),
  quantity: z.int().min(1).max(999),
  price: z.number().positive(),
  note: z.string().max(200).default(""),
});

/** The body of `POST /orders`. */
export const Order = z.object({
  customer: z.object({
    name: z.string().min(1).max(80),
    email: z.string().regex(/^[^@\s]+@[^@\s]+$/),
    level: z.enum(["basic", "silver", "gold"]).default("basic"),
  }),
  billing: Address,
  shipping: Address,
  lines: z.array(Line).min(1).max(50),
  currency: z.enum(["EUR", "CHF"]),
  express: z.boolean().default(false),
});

/** What `POST /orders` tells. */
export const OrderPlaced = z.object({
  id: z.int(),
  total: z.number(),
  currency: z.string(),
  customer: z.object({ name: z.string(), level: z.string() }),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int(), note: z.string() })),
});

/** Places an order: what comes back holds more than the client is told. */
export function placeOrder(order: z.output<typeof Order>): object {
  const total = order.lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return { ...order, id: 4711, total, margin: 0.3 };
}

const address = { street: "Lerchenweg 12", city: "Bern", zip: "30120", country: "CH" };
const lines = Array.from({ length: 9 }, (_line, index) => ({
  sku: `SWF-${1000 + index}`,
  quantity: index + 1,
  price: 2.5 + index,
  ...(index % 3 === 0 && { note: "wrapped in paper, with a card" }),
}));
const order = {
  customer: { name: "Ada Lovelace", email: "ada@example.com", level: "gold" },
  billing: address,
  shipping: { ...address, street: "Seglerstrasse 4" },
  lines,
  currency: "CHF",
  comment: "is not declared",
};

/** W1, W2 and W3. */
export const workloads: readonly Workload[] = [
  { name: "W1 ping", method: "GET", target: "/ping", status: 200, answer: { message: "pong" } },
  {
    name: "W2 path and query",
    method: "GET",
    target: "/items/42?limit=10&search=swift",
    status: 200,
    answer: {
      id: 42,
      name: "Swift",
      price: 12.5,
      tags: ["bird", "fast"],
      page: { limit: 10, search: "swift" },
    },
    wrong: { target: "/items/42?limit=1000&search=swift" },
  },
  {
    name: "W3 order",
    method: "POST",
    target: "/orders",
    body: order,
    status: 201,
    answer: {
      id: 4711,
      total: lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
      currency: "CHF",
      customer: { name: "Ada Lovelace", level: "gold" },
      lines: lines.map(({ sku, quantity, note = "" }) => ({ sku, quantity, note })),
    },
    wrong: { body: { ...order, lines: [{ ...lines[0], sku: "no" }] } },
  },
];
