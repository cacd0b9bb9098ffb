import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import {
  bearer,
  dependency,
  get,
  martlet,
  patch,
  post,
  problem,
  router,
  Unauthorized,
} from "martlet";

const Item = z.object({ id: z.int(), name: z.string().min(1), price: z.number().positive() });
const ItemPatch = Item.omit({ id: true }).partial();
const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
const order: string[] = [];
const page = dependency(
  { query: { limit: z.int().min(1).max(100).default(20), offset: z.int().min(0).default(0) } },
  ({ limit, offset }) => ({ limit, offset }),
);
const db = dependency({ scope: "app" }, async function* db() {
  order.push("open");
  yield { items: [{ id: 1, name: "a", price: 2, secret: "x" }] };
  order.push("close");
});
const currentUser = dependency(
  { security: { token: bearer() }, throws: [Unauthorized] },
  ({ token }) => (token === "good" ? { name: "ann" } : new Unauthorized({})),
);
const list = get("/", { use: { page, db }, returns: z.array(Item) }, ({ page, db }) =>
  db.items.slice(page.offset, page.limit),
);
const update = patch(
  "/{id}",
  {
    path: { id: z.int().positive() },
    body: ItemPatch,
    use: { user: currentUser, db },
    returns: Item,
    throws: [ItemNotFound],
  },
  async ({ id, body, user, db }) => {
    expectTypeOf(user).toEqualTypeOf<{ name: string }>();
    const item = db.items.find((each) => each.id === id);
    return item === undefined ? new ItemNotFound({ id }) : { ...item, ...body };
  },
);
const create = post("/", { body: Item, returns: Item, status: 201 }, ({ body }) => body);
const app = martlet({ items: router("/items", { list, update, create }) }, { title: "Shop" });
const call = async (
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
) => {
  const response = await app.fetch(
    new Request(`http://localhost${path}`, {
      method,
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      headers: { "content-type": "application/json", ...options.headers },
    }),
  );
  const text = await response.text();
  return {
    status: response.status,
    json: text === "" ? undefined : JSON.parse(text),
    headers: response.headers,
  };
};

describe("an application", () => {
  it("answers", async () => {
    console.log(await call("GET", "/items?limit=5"));
    console.log(JSON.stringify(await call("GET", "/items?limit=x&offset=-1")));
    console.log(await call("PATCH", "/items/1", { body: { price: "x" } }));
    console.log(
      JSON.stringify(
        await call("PATCH", "/items/1", {
          body: { price: "x" },
          headers: { authorization: "Bearer good" },
        }),
      ),
    );
    console.log(
      await call("PATCH", "/items/2", {
        body: { price: 3 },
        headers: { authorization: "Bearer good" },
      }),
    );
    console.log(
      await call("PATCH", "/items/1", {
        body: { price: 3 },
        headers: { authorization: "Bearer good" },
      }),
    );
    console.log(
      await call("DELETE", "/items/1"),
      await call("HEAD", "/items"),
      await call("OPTIONS", "/items"),
      await call("GET", "/items/"),
      await call("GET", "/nope"),
    );
    console.log(await call("POST", "/items", { body: { id: 1, name: "\ud800", price: 1 } }));
    console.log(JSON.stringify(app.openapi(), null, 1));
    await app.stop();
    console.log(order);
  });
});
