import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, type Call, send } from "../call.ts";
import { type RunningConduit, startConduit } from "../conduit.ts";
import { known, newcomer, type Person } from "../people.ts";

let conduit: RunningConduit;
let anna: Person;
beforeAll(async () => {
  conduit = await startConduit();
  anna = await newcomer(conduit);
});
afterAll(() => conduit.stop());

const profile = (name: string, call?: Call): Promise<Answered> =>
  send(`${conduit.url}/api/profiles/${encodeURIComponent(name)}`, call);
const follow = (method: string, name: string, { token } = anna): Promise<Answered> =>
  send(`${conduit.url}/api/profiles/${encodeURIComponent(name)}/follow`, { method, token });

/** A page of the feed, by its slugs, and how many there are. */
async function feed(query = "", { token } = anna): Promise<readonly [string[], number]> {
  const { status, body } = await send(`${conduit.url}/api/articles/feed${query}`, { token });
  expect(status).toBe(200);
  const { articles, articlesCount } = body as {
    articles: readonly { slug: string; author: { following: boolean } }[];
    articlesCount: number;
  };
  expect(articles.every((each) => each.author.following && !("body" in each))).toBe(true);
  return [articles.map((each) => each.slug), articlesCount];
}

describe("following", () => {
  test("twice is following once, and so is not following", async () => {
    const told = { username: "mira", bio: expect.any(String), image: "" };
    for (const _ of [1, 2]) {
      const { status, body } = await follow("POST", "mira");
      expect([status, body]).toEqual([200, { profile: { ...told, following: true } }]);
    }
    expect((await profile("mira", anna)).body).toMatchObject({ profile: { following: true } });
    for (const _ of [1, 2]) {
      const { status, body } = await follow("DELETE", "mira");
      expect([status, body]).toEqual([200, { profile: { ...told, following: false } }]);
    }
    expect((await profile("mira", anna)).body).toMatchObject({ profile: { following: false } });
  });

  test("takes a name in any case, and gives it as it is", async () => {
    expect((await follow("POST", "MIRA")).body).toMatchObject({
      profile: { username: "mira", following: true },
    });
    await follow("DELETE", "Mira");
  });

  test("oneself is refused, in whatever case", async () => {
    for (const name of [anna.username, anna.username.toUpperCase()]) {
      const { status, body } = await follow("POST", name);
      expect([status, body]).toEqual([422, { errors: { username: ["is your own"] } }]);
    }
  });

  test("nobody is not found", async () => {
    for (const method of ["POST", "DELETE"]) {
      const { status, body } = await follow(method, "no-such-user");
      expect([status, body]).toEqual([404, { errors: { profile: ["not found"] } }]);
    }
    expect((await profile("no-such-user")).status).toBe(404);
  });

  test.each(["a/b", "50%", "jörg ?", "ゆき", "x+y&z"])("finds somebody called %j", async (name) => {
    const user = { username: name, email: `odd-${name.length}-${name.codePointAt(0)}@example.com` };
    const json = { user: { ...user, password: "one two three" } };
    const registered = await send(`${conduit.url}/api/users`, { method: "POST", json });
    expect(registered.status).toBe(201);
    expect((await follow("POST", name)).body).toMatchObject({
      profile: { username: name, following: true },
    });
    await follow("DELETE", name);
  });
});

describe("a feed", () => {
  test("is empty for who follows nobody", async () => {
    expect(await feed("", await newcomer(conduit))).toEqual([[], 0]);
  });

  test("has what those have written whom one follows, the last one first", async () => {
    await follow("POST", "sam");
    expect(await feed()).toEqual([
      [
        "ma-the-silence-between-notes-間",
        "i-built-a-metronome-that-listens",
        "practise-slower-than-you-want-to",
      ],
      3,
    ]);
    await follow("POST", "lea");
    const [all, count] = await feed();
    expect(count).toBe(6);
    expect(all.slice(0, 2)).toEqual([
      "ma-the-silence-between-notes-間",
      "leave-the-seed-heads-standing",
    ]);
    const pages = await Promise.all([0, 2, 4, 6].map((at) => feed(`?limit=2&offset=${at}`)));
    expect(pages.flatMap(([slugs]) => slugs)).toEqual(all);
    expect(pages.map(([, count]) => count)).toEqual([6, 6, 6, 6]);
    await follow("DELETE", "sam");
    await follow("DELETE", "lea");
    expect(await feed()).toEqual([[], 0]);
  });

  test("has no article twice, and none of one's own", async () => {
    const noor = await known(conduit, "noor");
    const [slugs, count] = await feed("?limit=100", noor);
    expect(new Set(slugs).size).toBe(count);
    expect(slugs).not.toContain("unplug-your-mouse-for-a-day");
  });

  test.each([
    ["limit=0", { limit: ["must be at least 1"] }],
    ["limit=101", { limit: ["must be at most 100"] }],
    ["offset=-1", { offset: ["must be at least 0"] }],
  ])("refuses %s", async (query, errors) => {
    const { token } = anna;
    const { status, body } = await send(`${conduit.url}/api/articles/feed?${query}`, { token });
    expect([status, body]).toEqual([422, { errors }]);
  });
});
