import {
  Answer,
  del,
  dependency,
  file,
  files,
  get,
  head,
  html,
  martlet,
  patch,
  post,
  problem,
  reply,
  request,
  router,
  text,
  Unauthorized,
} from "martlet";
import { bearer } from "martlet/auth";
import { z } from "zod";

/** The application that the client's tests call. */

const Item = z.object({
  id: z.int(),
  name: z.string().min(1),
  price: z.number(),
  note: z.string().optional(),
});
const ItemPatch = Item.omit({ id: true }).partial();
const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
const OutOfStock = problem(409, "out-of-stock");
const TenantUnknown = problem(403, "tenant-unknown", { tenant: z.string() });
const Maintenance = problem(503, "maintenance", { until: z.date() });

const page = dependency(
  { query: { limit: z.int().min(1).max(100).default(20), tag: z.array(z.string()).default([]) } },
  ({ limit, tag }) => ({ limit, tag }),
);
const caller = dependency({ security: { token: bearer() }, throws: [Unauthorized] }, ({ token }) =>
  token === "good" ? { name: "ann" } : new Unauthorized({}),
);
const tenant = dependency(
  { header: { xTenant: z.string().optional() }, throws: [TenantUnknown] },
  ({ xTenant }) => (xTenant === "none" ? new TenantUnknown({ tenant: "none" }) : xTenant),
);

const list = get("/", { use: { page }, returns: z.array(Item) }, ({ page }) =>
  page.tag.slice(0, page.limit).map((name, id) => ({ id, name, price: 1 })),
);
const read = get(
  "/{id}",
  { path: { id: z.int() }, returns: Item, throws: [ItemNotFound] },
  ({ id }) => (id === 7 ? { id, name: "Swift", price: 3 } : new ItemNotFound({ id })),
);
const update = patch(
  "/{id}",
  {
    path: { id: z.int() },
    header: { ifMatch: z.string().optional() },
    body: ItemPatch,
    use: { caller },
    returns: Item.extend({ etag: z.string().optional() }),
    throws: [ItemNotFound, OutOfStock],
  },
  ({ id, ifMatch, body }) => {
    if (id === 8) return new ItemNotFound({ id }, { detail: "There is no item 8." });
    const { name = "Swift", price = 3 } = body;
    return { id, name, price, ...(ifMatch !== undefined && { etag: ifMatch }) };
  },
);
const create = post(
  "/",
  { body: Item, returns: { 201: Item, 202: z.object({ position: z.int() }) } },
  ({ body }) => (body.price > 100 ? reply(202, { position: 1 }) : reply(201, body)),
);
const remove = del("/{id}", { path: { id: z.int() }, status: 204 }, () => undefined);
const itemId = dependency({ path: { id: z.int() } }, ({ id }) => id);
const stock = router("/{id}/stock", {
  read: get("/", { use: { itemId }, returns: z.object({ left: z.int() }) }, ({ itemId }) => ({
    left: itemId,
  })),
});

const echo = get(
  "/{word}/{rest*}",
  {
    path: { word: z.string(), rest: z.string() },
    query: {
      flag: z.boolean().optional(),
      count: z.number().optional(),
      since: z.date().optional(),
      big: z.bigint().optional(),
    },
    use: { request },
  },
  ({ word, rest, flag, count, since, big, request }) => ({
    word,
    rest,
    flag,
    count,
    since,
    big: big?.toString(),
    target: request.path,
  }),
);

const login = post(
  "/login",
  {
    form: { user: z.string(), remember: z.boolean().default(false), role: z.array(z.string()) },
    use: { request },
  },
  ({ user, remember, role, request }) => ({
    user,
    remember,
    role,
    type: request.header("content-type"),
  }),
);
const upload = post(
  "/photos",
  {
    form: { title: z.string() },
    files: { photo: file({ optional: true }), more: files({ optional: true }) },
  },
  async ({ title, photo, more }) => ({
    title,
    photo: photo && { name: photo.filename, type: photo.type, text: await photo.text() },
    more: more.length,
  }),
);

const answers = {
  when: get("/when", { returns: z.object({ at: z.date(), on: z.date().optional() }) }, () => ({
    at: new Date(0),
  })),
  page: get("/page", {}, () => html("<p>Hello</p>")),
  empty: get("/empty", {}, () => text("")),
  bytes: get(
    "/bytes",
    {},
    () => new Answer(200, { "content-type": "image/png" }, Uint8Array.of(1, 2)),
  ),
  probe: head("/probe", {}, () => new Answer(200, { "x-size": "7" })),
  broken: get("/broken", {}, () => new Answer(200, { "content-type": "application/json" }, "{")),
  gateway: get("/gateway", {}, () => html("<h1>Bad gateway</h1>", 502)),
  crash: get("/crash", {}, () => {
    throw new Error("boom");
  }),
  slow: get("/slow", {}, () => new Promise((resolve) => setTimeout(resolve, 2000).unref())),
  renamed: get("/renamed", { operationId: "other" }, () => "renamed"),
  hidden: get("/hidden", { hidden: true }, () => "hidden"),
  whoami: get("/whoami", { use: { request } }, ({ request }) => ({
    authorization: request.header("authorization"),
    tenant: request.header("x-tenant"),
  })),
  cached: get(
    "/cached",
    { header: { ifNoneMatch: z.string().optional() }, returns: { 200: z.string(), 304: null } },
    ({ ifNoneMatch }) => (ifNoneMatch === "v1" ? reply(304, undefined) : reply(200, "fresh")),
  ),
};

export const app = martlet(
  {
    ping: get("/ping", {}, () => "pong"),
    items: router(
      "/items",
      { Item, list, read, update, create, remove, stock },
      { use: { tenant }, throws: [Maintenance] },
    ),
    echo,
    login,
    upload,
    answers: router("/answers", answers),
  },
  { title: "Shop", report: () => {} },
);
