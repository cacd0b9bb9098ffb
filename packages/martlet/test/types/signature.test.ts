import {
  dependency,
  file,
  files,
  get,
  type BodySource,
  martlet,
  patch,
  post,
  problem,
  reply,
  request,
  router,
  scopes,
  signal,
  Unauthorized,
  type UploadedFile,
  type ValueOf,
} from "martlet";
import { apiKey, bearer, optional } from "martlet/auth";
import type { Client, ProblemOf } from "martlet/client";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";

const Item = z.object({ id: z.int(), name: z.string() });
const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
const OutOfStock = problem(409, "out-of-stock", { left: z.int() });
const Teapot = problem(418, "teapot");

const currentUser = dependency(
  { security: { token: bearer() }, throws: [Unauthorized] },
  ({ token }) => ({ name: token }),
);
const page = dependency(
  { query: { limit: z.int().default(20), after: z.string() } },
  ({ limit, after }) => ({ limit, after }),
);
const org = dependency(
  { path: { orgId: z.string() }, use: { user: currentUser }, throws: [Teapot] },
  ({ orgId, user }) => ({ id: orgId, owner: user.name }),
);

describe("the arguments of a handler", () => {
  test("are flat, read-only and what validation gives", () => {
    patch(
      "/items/{id}",
      {
        path: { id: z.int() },
        query: { notify: z.stringbool().default(false), search: z.string().optional() },
        header: { ifMatch: z.string() },
        cookie: { theme: z.enum(["light", "dark"]) },
        body: z.object({ price: z.string().transform(Number) }),
        security: { key: apiKey({ header: "x-key" }) },
        use: { user: currentUser },
      },
      (args) => {
        expectTypeOf(args).toEqualTypeOf<{
          readonly id: number;
          readonly notify: boolean;
          readonly search: string | undefined;
          readonly ifMatch: string;
          readonly theme: "light" | "dark";
          readonly body: { price: number };
          readonly key: string;
          readonly user: { name: string };
        }>();
        // @ts-expect-error -- arguments are not for writing
        args.id = 7;
      },
    );
  });

  test("are none when nothing is declared", () => {
    get("/", {}, (args) => {
      expectTypeOf(args).toEqualTypeOf<{}>();
    });
  });

  test("may be taken by a function with types of its own, which may ask for less", () => {
    interface Wanted {
      readonly id: number;
      readonly user: { readonly name: string };
    }
    const read = ({ id, user }: Wanted): string => `${id} ${user.name}`;
    const signature = {
      path: { id: z.int() },
      query: { limit: z.int() },
      use: { user: currentUser },
    };
    const route = get("/items/{id}", signature, read);
    expectTypeOf<(typeof route)["~w"]>().toEqualTypeOf<{ id: number; limit: number }>();
    const value = dependency(signature, read);
    expectTypeOf<ValueOf<typeof value>>().toEqualTypeOf<string>();
    // @ts-expect-error -- 'limit' is a number
    get("/items/{id}", signature, ({ limit }: { readonly limit: string }) => limit);
    // @ts-expect-error -- 'text' is not declared
    get("/items/{id}", signature, ({ text }: { readonly text: string }) => text);
  });

  test("take what the framework offers", () => {
    get("/", { use: { request, signal, scopes } }, (args) => {
      expectTypeOf(args).toEqualTypeOf<{
        readonly request: BodySource;
        readonly signal: AbortSignal;
        readonly scopes: readonly string[];
      }>();
    });
  });

  test("give a credential that may be missing as `undefined`", () => {
    get("/", { security: { token: optional(bearer()) } }, ({ token }) => {
      expectTypeOf(token).toEqualTypeOf<string | undefined>();
    });
  });

  test("give files as they were uploaded", () => {
    const upload = post(
      "/photos",
      {
        form: { title: z.string() },
        files: { photo: file(), cover: file({ optional: true }), more: files({ maxCount: 3 }) },
      },
      (args) => {
        expectTypeOf(args).toEqualTypeOf<{
          readonly title: string;
          readonly photo: UploadedFile;
          readonly cover: UploadedFile | undefined;
          readonly more: readonly UploadedFile[];
        }>();
      },
    );
    expectTypeOf<(typeof upload)["~w"]>().toEqualTypeOf<{
      title: string;
      photo: Blob;
      cover?: Blob | undefined;
      more: readonly Blob[];
    }>();
  });
});

describe("what a caller sends", () => {
  test("is what validation takes: a default or an optional value may be left out", () => {
    const list = get(
      "/items/{id}",
      {
        path: { id: z.int() },
        query: { limit: z.int().default(20), search: z.string().optional(), sort: z.string() },
      },
      () => [],
    );
    expectTypeOf<(typeof list)["~w"]>().toEqualTypeOf<{
      id: number;
      limit?: number | undefined;
      search?: string | undefined;
      sort: string;
    }>();
  });

  test("has the body as it is before validation", () => {
    const create = post(
      "/items",
      {
        body: z.object({
          price: z.string().transform(Number),
          tags: z.array(z.string()).default([]),
        }),
      },
      () => null,
    );
    expectTypeOf<(typeof create)["~w"]>().toEqualTypeOf<{
      body: { price: string; tags?: string[] | undefined };
    }>();
  });

  test("has the parameters of dependencies, and of what these use", () => {
    const paged = dependency({ use: { page }, header: { tenant: z.string() } }, ({ page }) => page);
    const list = get("/orgs/{orgId}/items", { use: { org, paged } }, () => []);
    expectTypeOf<(typeof list)["~w"]>().toEqualTypeOf<{
      orgId: string;
      after: string;
      tenant: string;
      limit?: number | undefined;
    }>();
  });

  test("has neither credentials nor cookies nor what dependencies give", () => {
    const read = get(
      "/me",
      {
        cookie: { theme: z.string() },
        security: { key: apiKey({ query: "key" }), token: optional(bearer()) },
        use: { user: currentUser, request },
      },
      () => null,
    );
    expectTypeOf<(typeof read)["~w"]>().toEqualTypeOf<{}>();
  });
});

describe("what comes back", () => {
  test("may have literals, as the model says", () => {
    const Shape = z.object({ kind: z.enum(["circle", "square"]), size: z.number() });
    const one = get("/one", { returns: Shape }, () => ({ kind: "circle", size: 1 }));
    expectTypeOf<(typeof one)["~o"][200]["kind"]>().toEqualTypeOf<"circle" | "square">();
    get("/all", { returns: z.array(Shape), query: { size: z.number() } }, async ({ size }) => {
      return [{ kind: "square", size }];
    });
    // @ts-expect-error -- no such kind
    get("/one", { returns: Shape }, () => ({ kind: "line", size: 1 }));
  });

  test("is the response model, under the status that is declared", () => {
    const create = post("/items", { returns: Item, status: 201 }, () => ({ id: 1, name: "Swift" }));
    expectTypeOf<(typeof create)["~o"]>().toEqualTypeOf<{ 201: { id: number; name: string } }>();
  });

  test("is 200 when no status is declared", () => {
    const read = get("/items", { returns: z.array(Item) }, () => []);
    expectTypeOf<(typeof read)["~o"]>().toEqualTypeOf<{ 200: { id: number; name: string }[] }>();
  });

  test("is unknown without a response model", () => {
    const read = get("/items", {}, () => []);
    expectTypeOf<(typeof read)["~o"]>().toEqualTypeOf<{ 200: unknown }>();
  });

  test("is one of several models, each with its status, by `reply()`", () => {
    const create = post(
      "/items",
      { returns: { 200: Item, 202: z.object({ position: z.int() }), 204: null } },
      () => {
        if (Math.random() > 0.6) return reply(200, { id: 1, name: "Swift" });
        if (Math.random() > 0.3) return reply(202, { position: 3 });
        return reply(204);
      },
    );
    expectTypeOf<(typeof create)["~o"]>().toEqualTypeOf<{
      200: { id: number; name: string };
      202: { position: number };
      204: undefined;
    }>();
    // @ts-expect-error -- the model of 202 is another
    post("/items", { returns: { 200: Item, 202: z.string() } }, () => reply(202, { id: 1 }));
    // @ts-expect-error -- 204 has no model
    post("/items", { returns: { 200: Item, 204: null } }, () => reply(204, { id: 1 }));
  });
});

describe("the problems of a route", () => {
  test("are its own, its dependencies' and theirs", () => {
    const read = get(
      "/orgs/{orgId}",
      { use: { org }, throws: [ItemNotFound, OutOfStock] },
      () => null,
    );
    expectTypeOf<(typeof read)["~e"]>().toEqualTypeOf<
      typeof ItemNotFound | typeof OutOfStock | typeof Teapot | typeof Unauthorized
    >();
  });

  test("may be returned if the route declares them, also later", () => {
    const signature = { returns: Item, throws: [ItemNotFound] };
    get("/items", signature, () => new ItemNotFound({ id: 1 }));
    const read = get("/items", signature, async () => new ItemNotFound({ id: 1 }));
    expectTypeOf<(typeof read)["~e"]>().toEqualTypeOf<typeof ItemNotFound>();
    // @ts-expect-error -- another one is not declared
    get("/items", signature, () => new OutOfStock({ left: 1 }));
    // @ts-expect-error -- nor later
    get("/items", signature, async () => new OutOfStock({ left: 1 }));
    // @ts-expect-error -- nor is a dependency's own
    get("/items", { ...signature, use: { user: currentUser } }, () => new Unauthorized({}));
  });

  test("reach the client, with those of the routers and of the application", () => {
    const read = get("/{id}", { path: { id: z.int() }, throws: [ItemNotFound] }, () => null);
    const inner = router("/items", { read }, { use: { user: currentUser } });
    const outer = router("/shop", { inner }, { throws: [OutOfStock] });
    const app = martlet({ outer }, { throws: [Teapot] });
    type Codes = ProblemOf<Client<typeof app>["outer"]["inner"]["read"]>["code"];
    expectTypeOf<"item-not-found" | "out-of-stock" | "teapot" | "unauthorized">().toExtend<Codes>();
    expectTypeOf<"gone">().not.toExtend<Codes>();
  });
});

describe("the value of a dependency", () => {
  test("is what its function returns, now or later", () => {
    const now = dependency({}, () => ({ size: 3 }));
    const later = dependency({ use: { now } }, async ({ now }) => now.size);
    expectTypeOf<ValueOf<typeof now>>().toEqualTypeOf<{ size: number }>();
    expectTypeOf<ValueOf<typeof later>>().toEqualTypeOf<number>();
  });

  test("is what a generator yields", () => {
    const session = dependency({}, async function* () {
      yield { open: true };
    });
    const counter = dependency({}, function* () {
      yield 7;
    });
    expectTypeOf<ValueOf<typeof session>>().toEqualTypeOf<{ open: boolean }>();
    expectTypeOf<ValueOf<typeof counter>>().toEqualTypeOf<number>();
  });

  test("is never a problem that it returns", () => {
    const user = dependency(
      { security: { token: bearer() }, throws: [Unauthorized] },
      ({ token }) => (token === "" ? new Unauthorized({}) : { name: token }),
    );
    const later = dependency({ throws: [Teapot] }, async () =>
      Math.random() > 0.5 ? new Teapot({}) : { name: "tea" },
    );
    expectTypeOf<ValueOf<typeof user>>().toEqualTypeOf<{ name: string }>();
    expectTypeOf<ValueOf<typeof later>>().toEqualTypeOf<{ name: string }>();
  });

  test("stays the same when scopes are asked of it", () => {
    const admin = currentUser.scopes("admin");
    expectTypeOf(admin).toEqualTypeOf<typeof currentUser>();
  });
});

describe("the placeholders of a path", () => {
  const list = get("/items", { use: { org } }, ({ org }) => org.id);

  test("may be those of a dependency", () => {
    const read = get("/orgs/{orgId}", { use: { org } }, ({ org }) => org.id);
    expectTypeOf<(typeof read)["~up"]>().toEqualTypeOf<never>();
    expectTypeOf<(typeof list)["~up"]>().toEqualTypeOf<"orgId">();
  });

  test("may span the rest of the path", () => {
    get("/files/{file*}", { path: { file: z.string() } }, ({ file }) => {
      expectTypeOf(file).toEqualTypeOf<string>();
    });
  });

  test("are found in the prefix of any router around", () => {
    const inner = router("/shop", { list });
    const outer = router("/orgs/{orgId}", { inner });
    expectTypeOf<(typeof inner)["~up"]>().toEqualTypeOf<"orgId">();
    expectTypeOf<(typeof outer)["~up"]>().toEqualTypeOf<never>();
    martlet({ outer });
  });

  test("may be asked for by a router's own dependencies", () => {
    const read = get("/", {}, () => null);
    const guarded = router("/shop", { read }, { use: { org } });
    expectTypeOf<(typeof guarded)["~up"]>().toEqualTypeOf<"orgId">();
    martlet({ orgs: router("/orgs/{orgId}", { guarded }) });
    // @ts-expect-error -- 'orgId' is in no prefix
    martlet({ guarded });
  });

  test("are missed by the application, by name", () => {
    const items = router("/orgs/{org}", { list });
    expectTypeOf<(typeof items)["~up"]>().toEqualTypeOf<"orgId">();
    // @ts-expect-error -- the placeholder '{orgId}' is in neither the route's path nor a prefix
    martlet({ items });
    // @ts-expect-error -- nor here
    martlet({ list });
  });

  test("are all declared, in one place", () => {
    const read = get("/items/{id}", { path: { id: z.int() } }, () => null);
    expectTypeOf<(typeof read)["~up"]>().toEqualTypeOf<never>();
    // @ts-expect-error -- 'id' is not declared
    get("/items/{id}", {}, () => null);
    // @ts-expect-error -- '{id}' is not in the path
    get("/items", { path: { id: z.int() } }, () => null);
    // @ts-expect-error -- 'id' is declared twice
    get("/items/{id}", { path: { id: z.int() }, query: { id: z.int() } }, () => null);
    // @ts-expect-error -- 'body' is declared twice
    post("/items", { body: Item, query: { body: z.int() } }, () => null);
  });
});
