/**
 * How many statements each operation makes: the same, however much it reads.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asked, type Asking, listenTo } from "./asked.ts";
import type { Call } from "./call.ts";
import { type RunningConduit, startConduit } from "./conduit.ts";
import { operationOf, operations } from "./contract.ts";
import { known, newcomer, type Person } from "./people.ts";

let conduit: RunningConduit;
let asking: Asking;
let sam: Person;
beforeAll(async () => {
  conduit = await startConduit();
  sam = await known(conduit, "sam");
  asking = listenTo(conduit);
});
afterAll(async () => {
  asking.stop();
  await conduit.stop();
});

/** Statements that only say where a transaction begins and ends. */
function isControl({ text }: Asked): boolean {
  return /^(?:begin|commit|rollback|savepoint|release)\b/i.test(text);
}

/** How many statements a request makes, and those of transactions. */
async function count(operation: string, call: Call): Promise<readonly [number, string]> {
  const [method = "", path = ""] = operation.split(" ");
  const { answer, asked } = await asking.ask(`/api${path}`, { method, ...call });
  expect(answer.status).toBeLessThan(300);
  const control = asked.filter(isControl).map(({ text }) => text.split(" ")[0]);
  return [asked.length - control.length, control.join(" ")];
}

const text = { description: "A test.", body: "Nothing to read." };
const own = "/articles/of-his-own";

/** In an order in which each finds what it needs. Those with a token look its account up, to write. */
const expected: readonly (readonly [
  operation: string,
  json: object | undefined,
  statements: number,
  control: string,
])[] = [
  ["GET /tags", undefined, 1, ""],
  ["GET /articles", undefined, 2, ""],
  ["GET /articles?limit=100", undefined, 2, ""],
  ["GET /articles?tag=birds&author=mira&favorited=sam", undefined, 2, ""],
  ["GET /articles/feed", undefined, 2, ""],
  ["GET /articles/the-bird-that-never-lands", undefined, 1, ""],
  ["GET /articles/the-bird-that-never-lands/comments", undefined, 2, ""],
  ["GET /profiles/mira", undefined, 1, ""],
  ["POST /profiles/jonas/follow", undefined, 3, ""],
  ["DELETE /profiles/jonas/follow", undefined, 3, ""],
  ["POST /articles/port-already-in-use/favorite", undefined, 3, ""],
  ["DELETE /articles/port-already-in-use/favorite", undefined, 3, ""],
  ["POST /articles/port-already-in-use/comments", { comment: { body: "Ah." } }, 2, ""],
  [
    "POST /articles",
    { article: { title: "Of his own", ...text, tagList: ["a", "b", "c"] } },
    4,
    "begin commit",
  ],
  [`PUT ${own}`, { article: { body: "Little to read." } }, 4, "begin commit"],
  [`PUT ${own}`, { article: { title: "All of his own" } }, 4, "begin savepoint release commit"],
  ["DELETE /articles/all-of-his-own", undefined, 3, "begin commit"],
  ["GET /user", undefined, 1, ""],
  ["PUT /user", { user: { bio: "Cellist." } }, 3, ""],
  ["POST /users/login", { user: { email: "sam@example.com", password: "martlet-demo" } }, 1, ""],
  [
    "POST /users",
    { user: { username: "counted", email: "counted@example.com", password: "one two three" } },
    2,
    "",
  ],
];

describe("of statements", () => {
  test.each(expected)("%s with %j makes %i", async (operation, json, statements, control) => {
    const call = { token: sam.token, ...(json !== undefined && { json }) };
    expect(await count(operation, call)).toEqual([statements, control]);
  });

  test("DELETE /articles/{slug}/comments/{id} makes 3", async () => {
    const { token } = await newcomer(conduit);
    const path = "/articles/compost-is-a-fire/comments";
    const json = { comment: { body: "Hot." } };
    const { answer } = await asking.ask(`/api${path}`, { method: "POST", token, json });
    const { id } = (answer.body as { comment: { id: number } }).comment;
    expect(await count(`DELETE ${path}/${id}`, { token })).toEqual([3, ""]);
  });

  test("no operation is left uncounted", () => {
    const counted = expected.map(([operation]) => {
      const [method = "", path = ""] = operation.split(" ");
      return operationOf(method, path.replace(/\?.*/, ""));
    });
    const all = new Set([...counted, "DELETE /articles/{slug}/comments/{id}"]);
    expect([...all].toSorted()).toEqual(operations.toSorted());
  });
});

test("more articles, comments and fans take no more statements", async () => {
  const { token } = await newcomer(conduit);
  const few = await asking.ask("/api/articles?limit=1", { token });
  const many = await asking.ask("/api/articles?limit=100", { token });
  const lengths = [few, many].map(
    ({ answer }) => (answer.body as { articles: unknown[] }).articles.length,
  );
  expect(lengths[0]).toBe(1);
  expect(lengths[1]).toBeGreaterThan(20);
  expect(many.asked.map(({ text }) => text)).toEqual(few.asked.map(({ text }) => text));
});
