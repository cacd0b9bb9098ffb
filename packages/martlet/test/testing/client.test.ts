import { describe, expect, expectTypeOf, it } from "vitest";
import { background, dependency, get, martlet, post, problem, response, router } from "martlet";
import { override, testClient } from "martlet/testing";
import { z } from "zod";

const Item = z.object({ id: z.int(), name: z.string() });
const ItemNotFound = problem(404, "item-not-found", { id: z.int() });
const Closed = problem(503, "closed");
const guard = dependency(
  { header: { xTenant: z.string().optional() }, throws: [Closed] },
  () => undefined,
);
const names = dependency({}, () => new Map([[1, "kettle"]]));
const read = get(
  "/{id}",
  { path: { id: z.int() }, use: { names }, returns: Item, throws: [ItemNotFound] },
  ({ id, names }) => {
    const name = names.get(id);
    return name === undefined ? new ItemNotFound({ id }) : { id, name };
  },
);
const login = post("/login", { use: { response } }, ({ response }) => {
  response.cookie("session", "s 1");
  return null;
});
const me = get("/me", { cookie: { session: z.string() } }, ({ session }) => session);
const app = martlet({ items: router("/items", { read }), login, me }, { use: { guard } });

describe("the test client", () => {
  it("calls routes by their names, typed", async () => {
    const { api } = testClient(app);
    const found = await api.items.read({ id: 1 });
    expect(found).toMatchObject({ ok: true, status: 200, data: { id: 1, name: "kettle" } });
    const missing = await api.items.read({ id: 2, xTenant: "t" });
    expect(missing.ok).toBe(false);
    if (missing.ok || missing.error.code !== "item-not-found") throw new Error("unexpected");
    expectTypeOf(missing.error.id).toEqualTypeOf<number>();
    expect(missing.error.id).toBe(2);
  });

  it("knows what the application itself may answer", async () => {
    const answer = await testClient(app).api.items.read({ id: 1 });
    if (!answer.ok) {
      expectTypeOf<"closed">().toExtend<typeof answer.error.code>();
    }
    expect(answer.ok).toBe(true);
  });

  it("uses overrides in both ways of calling", async () => {
    const client = testClient(app, { overrides: [override(names, () => new Map([[7, "cup"]]))] });
    expect(await (await client.get("/items/7")).json()).toEqual({ id: 7, name: "cup" });
    expect(await client.api.items.read({ id: 7 })).toMatchObject({ data: { name: "cup" } });
  });

  it("keeps cookies", async () => {
    const client = testClient(app);
    expect((await client.get("/me")).status).toBe(422);
    await client.api.login();
    expect(client.cookies.get("session")).toBe("s%201");
    expect(await (await client.get("/me")).json()).toBe("s 1");
    expect(await client.api.me()).toMatchObject({ data: "s 1" });
  });

  it("fails for what an operator would be told", async () => {
    const task = get("/task", { use: { background } }, ({ background }) => {
      background(() => Promise.reject(new Error("the mail server is away")));
      return "sent";
    });
    const broken = dependency({}, function* () {
      yield 1;
      throw new Error("cannot close");
    });
    const close = get("/close", { use: { broken } }, () => "closed");
    const tested = martlet({ task, close });
    await expect(testClient(tested).get("/task")).rejects.toThrow("the mail server is away");
    await expect(testClient(tested).api.close()).rejects.toThrow("cannot close");
    const real = testClient(tested, { raise: false });
    expect(await (await real.get("/task")).json()).toBe("sent");
    expect(real.reports).toMatchObject([{ kind: "background", route: "GET /task" }]);
  });
});
