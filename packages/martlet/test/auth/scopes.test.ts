import { dependency, get, martlet, scopes } from "martlet";
import { InsufficientScope, InvalidToken, oauth2Password } from "martlet/auth";
import { override, testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { objections } from "../openapi/validity.ts";

const info = { servers: [{ url: "/" }], license: { name: "MIT", identifier: "MIT" } };
const token = oauth2Password({
  tokenUrl: "/token",
  scopes: { me: "Read who you are", items: "Read items" },
});
const users = new Map([
  ["of-ann", { name: "ann", scopes: ["me", "items"] }],
  ["of-bob", { name: "bob", scopes: ["me"] }],
]);
const currentUser = dependency(
  { security: { token }, use: { needed: scopes }, throws: [InvalidToken, InsufficientScope] },
  ({ token: sent, needed }) => {
    const user = users.get(sent);
    if (user === undefined) return token.refuse();
    const missing = needed.filter((each) => !user.scopes.includes(each));
    return missing.length > 0 ? token.forbid(needed) : { ...user, asked: needed };
  },
);
const activeUser = dependency({ use: { user: currentUser.scopes("me") } }, ({ user }) => user);
const routes = {
  me: get("/me", { use: { user: activeUser } }, ({ user }) => user),
  items: get("/items", { use: { user: activeUser.scopes("items") } }, ({ user }) => user),
  status: get("/status", { use: { user: currentUser } }, ({ user }) => user),
};
const app = martlet(routes);

async function ask(path: string, sent?: string) {
  const headers: Record<string, string> =
    sent === undefined ? {} : { authorization: `Bearer ${sent}` };
  const response = await testClient(app).get(path, { headers });
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    body: await response.json(),
  };
}

describe("scopes", () => {
  test("are gathered from the outside in", async () => {
    expect(await ask("/items", "of-ann")).toMatchObject({ body: { asked: ["items", "me"] } });
    expect(await ask("/me", "of-ann")).toMatchObject({ body: { asked: ["me"] } });
    expect(await ask("/status", "of-ann")).toMatchObject({ body: { asked: [] } });
  });

  test("that a caller lacks are 403, and told in that order", async () => {
    expect(await ask("/items", "of-bob")).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="items me"',
    });
    expect(await ask("/me", "of-bob")).toMatchObject({ status: 200 });
  });

  test("are of no interest while nobody is known", async () => {
    expect(await ask("/items")).toMatchObject({ status: 401, challenge: "Bearer" });
    expect(await ask("/items", "of-eve")).toMatchObject({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
    });
  });

  test("stand at each operation of the document", async () => {
    const { paths } = app.openapi();
    const told = (path: string) => paths[path]?.["get"]?.security;
    expect(told("/items")).toEqual([{ oauth2: ["items", "me"] }]);
    expect(told("/me")).toEqual([{ oauth2: ["me"] }]);
    expect(told("/status")).toEqual([{ oauth2: [] }]);
    const statuses = Object.keys(paths["/items"]?.["get"]?.responses ?? {});
    expect(statuses).toEqual(["200", "401", "403"]);
    expect(await objections(app.with(info).openapi())).toEqual([]);
  });

  test("are asked in vain of what stands in for the dependency", async () => {
    const stub = dependency({}, () => ({ name: "test", scopes: [], asked: [] }));
    const overrides = [override(currentUser, stub)];
    for (const path of ["/items", "/me", "/status"]) {
      const answer = await testClient(app, { overrides }).get(path);
      expect(await answer.json()).toMatchObject({ name: "test" });
    }
    expect(app.with({ overrides }).openapi().paths["/items"]?.["get"]?.security).toBeUndefined();
  });
});
