/**
 * Who may call what: every operation, with every kind of caller.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { app } from "../src/app.ts";
import { Tokens } from "../src/users/token.ts";
import { type Answered, type Call, send } from "./call.ts";
import { type RunningConduit, startConduit } from "./conduit.ts";
import { expectContract } from "./contract.ts";
import { known, newcomer, type Person } from "./people.ts";

let conduit: RunningConduit;
let mira: Person;
beforeAll(async () => {
  conduit = await startConduit();
  mira = await known(conduit, "mira");
});
afterAll(() => conduit.stop());

/** The operations, by whether they need a token, take one, or do not look at it. */
const by = Object.groupBy(
  Object.entries(app.openapi().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      operation: `${method.toUpperCase()} ${path.replace(/^\/api/, "")}`,
      ways: Array.isArray(operation.security) ? operation.security.length : 0,
    })),
  ),
  ({ ways }) => (["open", "needed", "optional"] as const)[ways] ?? "needed",
);
const named = (kind: keyof typeof by): string[] => (by[kind] ?? []).map((each) => each.operation);

/** What each operation takes, wherever it is asked what it makes of a caller. */
const bodies: Readonly<Record<string, object>> = {
  "POST /articles": { article: { title: "Mine", description: "A test.", body: "Nothing." } },
  "PUT /articles/{slug}": { article: { title: "Mine" } },
  "POST /articles/{slug}/comments": { comment: { body: "Mine." } },
  "PUT /user": { user: { bio: "Me." } },
};

/** Calls an operation on what belongs to Mira, and holds the answer against the contract. */
async function call(operation: string, more: Call = {}): Promise<Answered> {
  const [method = "", template = ""] = operation.split(" ");
  const path = template
    .replace("{slug}", "the-bird-that-never-lands")
    .replace("{username}", "mira")
    .replace("{id}", "1");
  const json = bodies[operation];
  const answer = await send(`${conduit.url}/api${path}`, {
    method,
    ...(json !== undefined && { json }),
    ...more,
  });
  expectContract(operation, answer);
  return answer;
}

const lifetime = 3600;
const bad: Readonly<Record<string, () => string>> = {
  garbage: () => "garbage",
  "a token that has expired": () => {
    const before = (): number => Date.now() - 2 * lifetime * 1000;
    return new Tokens(conduit.appKey, { lifetime, now: before }).issue(1);
  },
  "a token of another key": () => new Tokens("another key", { lifetime }).issue(1),
};

describe.each(named("needed"))("%s", (operation) => {
  test("asks a stranger for a token", async () => {
    const { status, body, headers } = await call(operation);
    expect(status).toBe(401);
    expect(body).toEqual({ errors: { token: ["is missing"] } });
    expect(headers.get("www-authenticate")).toBe("Token");
  });

  test.each(Object.keys(bad))("refuses %s", async (name) => {
    const { status, body } = await call(operation, { token: bad[name]?.() ?? "" });
    expect(status).toBe(401);
    expect(body).toEqual({ errors: { token: ["is invalid"] } });
  });

  test("takes no other scheme", async () => {
    const headers = { authorization: "Basic bWlyYTptYXJ0bGV0LWRlbW8=" };
    expect((await call(operation, { headers })).status).toBe(401);
  });
});

describe.each(named("optional"))("%s", (operation) => {
  test("answers a stranger", async () => {
    expect((await call(operation)).status).toBe(200);
  });

  test("answers somebody", async () => {
    expect((await call(operation, { token: mira.token })).status).toBe(200);
  });

  test.each(Object.keys(bad))(
    "refuses %s, rather than take its sender for a stranger",
    async (name) => {
      const { status, body } = await call(operation, { token: bad[name]?.() ?? "" });
      expect(status).toBe(401);
      expect(body).toEqual({ errors: { token: ["is invalid"] } });
    },
  );
});

test.each(Object.keys(bodies))(
  "%s says nothing of the body before it knows who calls",
  async (operation) => {
    expect((await call(operation, { json: {} })).status).toBe(401);
    expect((await call(operation, { json: {}, token: mira.token })).status).toBe(422);
  },
);

test("what is open to everybody does not look at tokens", async () => {
  expect(named("open").toSorted()).toEqual(["GET /tags", "POST /users", "POST /users/login"]);
  expect((await call("GET /tags", { token: "garbage" })).status).toBe(200);
  const user = { email: mira.email, password: mira.password };
  const login = await call("POST /users/login", { token: "garbage", json: { user } });
  expect(login.status).toBe(200);
});

describe("what is Mira's", () => {
  test.each([
    ["PUT /articles/{slug}", { article: ["is not yours"] }],
    ["DELETE /articles/{slug}", { article: ["is not yours"] }],
  ])("answers others 403 to %s", async (operation, errors) => {
    const { token } = await newcomer(conduit);
    const { status, body } = await call(operation, { token });
    expect([status, body]).toEqual([403, { errors }]);
    expect((await call("GET /articles/{slug}")).body).toMatchObject({
      article: { title: "The bird that never lands" },
    });
  });

  test("a comment under it is its author's alone to delete, not even Mira's", async () => {
    const anna = await newcomer(conduit);
    const json = { comment: { body: "Mine." } };
    const { body } = await call("POST /articles/{slug}/comments", { token: anna.token, json });
    const { id } = (body as { comment: { id: number } }).comment;
    const url = `${conduit.url}/api/articles/the-bird-that-never-lands/comments/${id}`;
    const hers = await send(url, { method: "DELETE", token: mira.token });
    expect([hers.status, hers.body]).toEqual([403, { errors: { comment: ["is not yours"] } }]);
    expect((await send(url, { method: "DELETE", token: anna.token })).status).toBe(204);
  });

  test("speaks of whoever calls, each time", async () => {
    const [sam, anna] = [await known(conduit, "sam"), await newcomer(conduit)];
    const seen = async (person?: Person): Promise<unknown> => {
      const { body } = await call("GET /articles/{slug}", person && { token: person.token });
      const { favorited, author } = (
        body as { article: { favorited: boolean; author: { following: boolean } } }
      ).article;
      return [favorited, author.following];
    };
    expect(await Promise.all([seen(sam), seen(anna), seen(), seen(mira)])).toEqual([
      [true, true],
      [false, false],
      [false, false],
      [false, false],
    ]);
  });
});
