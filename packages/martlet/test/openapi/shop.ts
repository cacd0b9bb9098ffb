/**
 * An application with one of everything that a document can tell.
 *
 * @module
 */
import {
  del,
  dependency,
  file,
  files,
  Forbidden,
  get,
  head,
  martlet,
  NotFound,
  patch,
  post,
  problem,
  put,
  route,
  router,
  Unauthorized,
} from "martlet";
import { apiKey, bearer, httpBasic, oauth2Password, optional } from "martlet/auth";
import { z } from "zod";

const Price = z.object({ amount: z.number().positive(), currency: z.enum(["EUR", "SEK"]) });
const Item = z
  .object({
    id: z.int(),
    name: z.string().min(1).max(80),
    price: Price,
    stock: z.int().min(0).default(0),
    tags: z.array(z.string()).default([]),
    addedAt: z.date(),
  })
  .meta({ description: "Something to buy." });
const NewItem = Item.omit({ id: true, addedAt: true });
const ItemPatch = NewItem.partial();

const Category = z.object({
  name: z.string(),
  get children() {
    return z.array(Category);
  },
});

const Card = z.object({ kind: z.literal("card"), number: z.string() }).meta({ id: "Card" });
const Invoice = z
  .object({ kind: z.enum(["invoice", "reminder"]), due: z.iso.date() })
  .meta({ id: "Invoice", examples: [{ kind: "invoice", due: "2026-12-24" }] });
const Payment = z.discriminatedUnion("kind", [Card, Invoice]).meta({ id: "Payment" });

const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
const ItemGone = problem(404, "item-gone", { since: z.iso.datetime() });
const OutOfStock = problem(409, "out-of-stock", { left: z.int() });

const page = dependency(
  {
    query: {
      limit: z.int().min(1).max(100).default(20).describe("How many at the most."),
      offset: z.int().min(0).default(0),
    },
  },
  (given) => given,
);
const caller = dependency(
  { security: { token: bearer({ format: "JWT" }) }, throws: [Forbidden] },
  ({ token }) => token,
);
const visitor = dependency(
  {
    security: {
      token: optional(bearer({ format: "JWT" })),
      key: optional(apiKey({ header: "X-Key" })),
    },
  },
  ({ token, key }) => token ?? key,
);

const list = get(
  "/",
  {
    query: {
      q: z
        .string()
        .optional()
        .meta({ description: "Words to find.", examples: ["teapot", "cup"] }),
      sort: z.enum(["name", "price"]).default("name"),
      tag: z.array(z.string()).optional(),
      since: z.date().optional(),
      after: z.bigint().optional(),
      old: z.boolean().optional().meta({ deprecated: true }),
    },
    header: { ifNoneMatch: z.string().optional() },
    cookie: { session: z.string().optional() },
    use: { page, visitor },
    returns: z.array(Item),
  },
  () => [],
);
const read = get(
  "/{id}",
  { path: { id: z.int() }, returns: Item, throws: [ItemNotFound, ItemGone, NotFound] },
  ({ id }) => new ItemNotFound({ id }),
);
const create = post(
  "/",
  { body: NewItem, use: { caller: caller.scopes("items:write") }, returns: Item, status: 201 },
  () => new Unauthorized({}) as never,
);
const update = patch(
  "/{itemId}",
  {
    path: { itemId: z.int() },
    body: ItemPatch,
    use: { caller: caller.scopes("items:write") },
    returns: { 200: Item, 202: z.object({ position: z.int() }), 204: null },
  },
  () => undefined as never,
);
const remove = del(
  "/{id}",
  { path: { id: z.int() }, security: { admin: httpBasic() }, status: 204 },
  () => undefined,
);
const buy = post(
  "/{id}/purchases",
  {
    path: { id: z.int() },
    body: Payment.optional(),
    security: { token: oauth2Password({ tokenUrl: "/token", scopes: { buy: "Buy things" } }) },
    returns: z.object({ paid: Payment, at: z.date() }),
    throws: [OutOfStock],
    summary: "Buy one",
    description: "Takes the **money** at once.",
    operationId: "buyItem",
    tags: ["checkout"],
    deprecated: true,
  },
  () => new OutOfStock({ left: 0 }),
);
const photo = put(
  "/{id}/photo",
  {
    path: { id: z.int() },
    form: { caption: z.string().optional(), width: z.int() },
    files: {
      photo: file({ maxSize: "5MB", types: ["image/png", "image/jpeg"] }),
      more: files({ maxCount: 3, optional: true }),
    },
    security: { key: apiKey({ cookie: "photo_key", name: "photoKey" }) },
    status: 204,
  },
  () => undefined,
);
const known = head("/{id}", { path: { id: z.int() } }, () => null);
const items = { list, read, create, update, remove, buy, photo, known, Item, NewItem, ItemPatch };

const tree = get("/", { returns: Category }, () => undefined as never);
const graft = post(
  "/",
  { body: Category, returns: z.object({ root: Category }) },
  () => undefined as never,
);
const categories = { tree, graft, Item: z.object({ category: z.string() }) };
const assign = put(
  "/item",
  { body: categories.Item, returns: categories.Item },
  ({ body }) => body,
);

const download = get("/{file*}", { path: { file: z.string() } }, () => "");
const token = post(
  "/token",
  { form: { username: z.string(), password: z.string(), scope: z.string().optional() } },
  () => ({ access_token: "x", token_type: "bearer" }),
);
const internal = get("/metrics", { hidden: true }, () => "");
const purge = route("PURGE")("/cache", {}, () => undefined);

/** The application. */
export const shop = martlet(
  {
    items: router("/items", items, { tags: ["items"] }),
    v1: router("/v1", { categories: router("/categories", { ...categories, assign }) }),
    files: router(
      "/files",
      { download },
      { security: { key: apiKey({ query: "key", name: "fileKey" }) } },
    ),
    secret: router("/secret", { list }, { hidden: true }),
    token,
    internal,
    purge,
  },
  {
    title: "Shop",
    version: "2.1.0",
    summary: "All there is to buy",
    license: { name: "MIT", identifier: "MIT" },
    servers: [{ url: "https://shop.test" }],
    tags: [{ name: "items", description: "What there is to buy." }],
  },
);
