import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, send } from "../call.ts";
import { type RunningConduit, startConduit } from "../conduit.ts";
import { known, newcomer, type Person } from "../people.ts";

/** An article as it is answered. */
interface Article {
  readonly slug: string;
  readonly title: string;
  readonly tagList: readonly string[];
  readonly createdAt: string;
  readonly favorited: boolean;
  readonly favoritesCount: number;
  readonly author: { readonly username: string; readonly following: boolean };
}

let conduit: RunningConduit;
let author: Person;
beforeAll(async () => {
  conduit = await startConduit();
  author = await newcomer(conduit);
});
afterAll(() => conduit.stop());

const api = (path: string): string => `${conduit.url}/api${path}`;

/** A page of articles, and how many there are. */
async function list(
  query = "",
  token?: string,
): Promise<{ readonly articles: readonly Article[]; readonly articlesCount: number }> {
  const { status, body } = await send(
    api(`/articles${query}`),
    token === undefined ? {} : { token },
  );
  expect(status).toBe(200);
  return body as Awaited<ReturnType<typeof list>>;
}

const create = (article: unknown, token = author.token): Promise<Answered> =>
  send(api("/articles"), { method: "POST", token, json: { article } });

const text = { description: "A test.", body: "Nothing to read." };

function articleOf({ body }: Answered): Article {
  return (body as { article: Article }).article;
}

describe("a list of articles", () => {
  test("has twenty, the most recent first, and counts all", async () => {
    const { articles, articlesCount } = await list();
    expect(articles).toHaveLength(20);
    expect(articlesCount).toBeGreaterThanOrEqual(25);
    const dates = articles.map((each) => each.createdAt);
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(articles.every((each) => !("body" in each))).toBe(true);
  });

  test("goes on where the page before has ended", async () => {
    const all = (await list("?limit=12")).articles.map((each) => each.slug);
    const pages = await Promise.all([0, 4, 8].map((offset) => list(`?limit=4&offset=${offset}`)));
    expect(pages.flatMap((page) => page.articles.map((each) => each.slug))).toEqual(all);
  });

  test("is empty behind its end, and still counts", async () => {
    for (const offset of [10_000, Number.MAX_SAFE_INTEGER]) {
      const { articles, articlesCount } = await list(`?author=mira&offset=${offset}`);
      expect({ articles, articlesCount }).toEqual({ articles: [], articlesCount: 4 });
    }
  });

  test.each([
    ["limit=0", { limit: ["must be at least 1"] }],
    ["limit=101", { limit: ["must be at most 100"] }],
    ["limit=ten", { limit: ["must be a whole number"] }],
    ["limit=1.5", { limit: ["must be a whole number"] }],
    ["offset=-1", { offset: ["must be at least 0"] }],
    ["limit=-1&offset=x", { limit: ["must be at least 1"], offset: ["must be a whole number"] }],
    ["tag=%00", { tag: [expect.any(String)] }],
  ])("refuses %s", async (query, errors) => {
    const { status, body } = await send(api(`/articles?${query}`));
    expect(status).toBe(422);
    expect(body).toEqual({ errors });
  });

  test("narrows to an author, a tag, a favourite, and all of them together", async () => {
    const authored = await list("?author=MIRA&limit=100");
    expect(authored.articlesCount).toBe(4);
    expect(authored.articles.every((each) => each.author.username === "mira")).toBe(true);
    const tagged = await list("?tag=birds&limit=100");
    expect(tagged.articlesCount).toBe(5);
    expect(tagged.articles.every((each) => each.tagList.includes("birds"))).toBe(true);
    const liked = await list("?favorited=sam&limit=100");
    expect(liked.articlesCount).toBe(7);
    const together = await list("?author=mira&tag=birds&favorited=sam");
    expect(together.articles.map((each) => each.slug)).toEqual([
      "learning-birdsong-by-its-rhythm",
      "the-bird-that-never-lands",
    ]);
    expect(together.articlesCount).toBe(2);
  });

  test("is empty for what nobody has", async () => {
    for (const query of ["?author=nobody", "?tag=nothing", "?favorited=nobody", "?tag=%25"]) {
      expect(await list(query)).toEqual({ articles: [], articlesCount: 0 });
    }
  });

  test("speaks of the caller", async () => {
    const sam = await known(conduit, "sam");
    const bySlug = new Map(
      (await list("?limit=100", sam.token)).articles.map((each) => [each.slug, each]),
    );
    expect(bySlug.get("the-bird-that-never-lands")).toMatchObject({
      favorited: true,
      favoritesCount: 3,
      author: { username: "mira", following: true },
    });
    expect(bySlug.get("port-already-in-use")).toMatchObject({
      favorited: false,
      favoritesCount: 1,
      author: { username: "tomas", following: false },
    });
    const { articles } = await list("?favorited=sam");
    expect(articles.some((each) => each.favorited || each.author.following)).toBe(false);
  });
});

describe("an article", () => {
  test("speaks of the caller, too", async () => {
    const sam = await known(conduit, "sam");
    const url = api("/articles/the-bird-that-never-lands");
    expect(articleOf(await send(url, sam))).toMatchObject({
      favorited: true,
      author: { following: true },
    });
    expect(articleOf(await send(url))).toMatchObject({
      favorited: false,
      favoritesCount: 3,
      author: { following: false },
    });
    const profile = await send(api("/profiles/mira"), sam);
    expect(profile.body).toMatchObject({ profile: { following: true } });
  });

  test("keeps its tags in the order given, each once", async () => {
    const tagList = ["zebra", "ape", " zebra ", "mole", "Ape"];
    const created = articleOf(await create({ title: "Animals", ...text, tagList }));
    expect(created.tagList).toEqual(["zebra", "ape", "mole", "Ape"]);
    const read = articleOf(await send(api(`/articles/${created.slug}`)));
    expect(read).toEqual(created);
  });

  test.each([
    ["速い鳥の話", "速い鳥の話"],
    ["Crème brûlée, à la maison!", "creme-brulee-a-la-maison"],
    ["Что такое REST?", "что-такое-rest"],
    ["हिन्दी में लेख", "हिन्दी-में-लेख"],
    ["🦜 🦜", "article"],
    ["Feed", "feed-article"],
    ["../../etc/passwd", "etc-passwd"],
  ])("called %j has a slug that leads back to it", async (title, slug) => {
    const created = articleOf(await create({ title, ...text }));
    expect(created).toMatchObject({ title, slug });
    const url = api(`/articles/${encodeURIComponent(created.slug)}`);
    expect(articleOf(await send(url))).toMatchObject({ title, slug });
  });

  test("has a slug of its own among many that are written at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        create({ title: "Same title", ...text, tagList: ["new", `new-${index % 3}`, "newer"] }),
      ),
    );
    expect(answers.map((each) => each.status)).toEqual(answers.map(() => 201));
    const slugs = answers.map((each) => articleOf(each).slug);
    expect(new Set(slugs).size).toBe(12);
    expect(slugs.every((each) => /^same-title(?:-[0-9a-z]{6})?$/.test(each))).toBe(true);
    const { articlesCount } = await list("?tag=newer");
    expect(articlesCount).toBe(12);
  });

  test("gets another slug when its new title's is taken", async () => {
    const [one, other] = [
      articleOf(await create({ title: "First come", ...text })),
      articleOf(await create({ title: "Second come", ...text })),
    ];
    const change = (slug: string, title: string): Promise<Answered> =>
      send(api(`/articles/${slug}`), { method: "PUT", ...author, json: { article: { title } } });
    const renamed = articleOf(await change(other.slug, "First come"));
    expect(renamed.slug).toMatch(/^first-come-[0-9a-z]{6}$/);
    // Its own title again is no change.
    expect(articleOf(await change(one.slug, "First come")).slug).toBe("first-come");
  });

  test("is refused with every field that is wrong", async () => {
    const { status, body } = await create({
      title: "t".repeat(201),
      description: "",
      body: " \n ",
      tagList: ["a".repeat(41), 3, "fine"],
    });
    expect(status).toBe(422);
    expect(body).toEqual({
      errors: {
        title: ["is too long (maximum is 200 characters)"],
        description: ["can't be blank"],
        body: ["can't be blank"],
        tagList: ["is too long (maximum is 40 characters)", "is invalid"],
      },
    });
  });

  test("is not changed by what it does not have, or by nothing", async () => {
    const { slug } = articleOf(await create({ title: "Steady", ...text }));
    const put = (article: unknown): Promise<Answered> =>
      send(api(`/articles/${slug}`), { method: "PUT", token: author.token, json: { article } });
    expect((await put({})).body).toEqual({ errors: { article: ["needs at least one field"] } });
    const answer = await put({ description: "Still.", slug: "mine", favoritesCount: 99 });
    expect(articleOf(answer)).toMatchObject({ slug, favoritesCount: 0, description: "Still." });
  });

  test("that is not there is 404 for everybody who may ask", async () => {
    const nothing = { errors: { article: ["not found"] } };
    const url = api("/articles/no-such-article");
    expect((await send(url)).body).toEqual(nothing);
    expect((await send(url, { method: "DELETE", token: author.token })).body).toEqual(nothing);
    const json = { article: { title: "New" } };
    expect((await send(url, { method: "PUT", token: author.token, json })).status).toBe(404);
    expect((await send(url, { method: "DELETE" })).status).toBe(401);
  });
});

test("tags are those of articles that there are, the most used first", async () => {
  const { slug } = articleOf(await create({ title: "Gone", ...text, tagList: ["gone", "birds"] }));
  const tags = async (): Promise<string[]> => {
    const { body } = await send(api("/tags"));
    return (body as { tags: string[] }).tags;
  };
  expect(await tags()).toContain("gone");
  await send(api(`/articles/${slug}`), { method: "DELETE", token: author.token });
  const left = await tags();
  expect(left).not.toContain("gone");
  expect(left.indexOf("birds")).toBeLessThan(left.indexOf("soil"));
});
