import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, type Call, send } from "../call.ts";
import { openPool, type RunningConduit, startConduit } from "../conduit.ts";
import { known, newcomer, type Person } from "../people.ts";

/** A comment as it is answered. */
interface Comment {
  readonly id: number;
  readonly body: string;
  readonly createdAt: string;
  readonly author: { readonly username: string; readonly following: boolean };
}

let conduit: RunningConduit;
let author: Person;
beforeAll(async () => {
  conduit = await startConduit();
  author = await newcomer(conduit);
});
afterAll(() => conduit.stop());

const commentsOf = (slug: string, call?: Call): Promise<Answered> =>
  send(`${conduit.url}/api/articles/${slug}/comments`, call);

const say = (slug: string, body: unknown, token = author.token): Promise<Answered> =>
  commentsOf(slug, { method: "POST", token, json: { comment: { body } } });

const remove = (slug: string, id: number | string, token = author.token): Promise<Answered> =>
  send(`${conduit.url}/api/articles/${slug}/comments/${id}`, { method: "DELETE", token });

/** Publishes an article of the author's, and gives its slug. */
async function publish(title: string): Promise<string> {
  const article = { title, description: "A test.", body: "Nothing to read." };
  const call = { method: "POST", token: author.token, json: { article } };
  const { body } = await send(`${conduit.url}/api/articles`, call);
  return (body as { article: { slug: string } }).article.slug;
}

function listed({ body }: Answered): readonly Comment[] {
  return (body as { comments: readonly Comment[] }).comments;
}

function said({ body }: Answered): Comment {
  return (body as { comment: Comment }).comment;
}

describe("comments", () => {
  test("are listed with the last one first, of this article alone", async () => {
    const [one, other] = [await publish("Much discussed"), await publish("Not discussed")];
    const bodies = ["first", "second", "third"];
    for (const body of bodies) expect((await say(one, body)).status).toBe(200);
    const answer = await commentsOf(one);
    expect(listed(answer).map((each) => each.body)).toEqual(bodies.toReversed());
    expect(listed(await commentsOf(other))).toEqual([]);
  });

  test("tell the caller whom of their authors they follow", async () => {
    const sam = await known(conduit, "sam");
    const seen = async (token?: string): Promise<readonly (string | boolean)[][]> =>
      listed(
        await commentsOf("the-bird-that-never-lands", token === undefined ? {} : { token }),
      ).map(({ author }) => [author.username, author.following]);
    expect(await seen(sam.token)).toEqual([
      ["ines", false],
      ["mira", true],
      ["jonas", false],
    ]);
    expect((await seen()).every(([, following]) => following === false)).toBe(true);
  });

  test("are kept as they were written", async () => {
    const slug = await publish("Kept");
    const bodies = [
      "  two\n\nparagraphs ",
      "間 🦜 a\u0301",
      "<script>alert(1)</script>",
      "x".repeat(10_000),
    ];
    for (const body of bodies) expect(said(await say(slug, body)).body).toBe(body);
    expect(listed(await commentsOf(slug)).map((each) => each.body)).toEqual(bodies.toReversed());
  });

  test.each([
    ["nothing", undefined, "can't be blank"],
    ["an empty text", "", "can't be blank"],
    ["blanks", " \n\t ", "can't be blank"],
    ["a number", 7, "is invalid"],
    ["null", null, "is invalid"],
    ["too much", "x".repeat(10_001), "is too long (maximum is 10000 characters)"],
    ["NUL", "a\0b", "This holds a NUL character."],
  ])("cannot be %s", async (_name, body, message) => {
    const { status, body: answer } = await say("the-bird-that-never-lands", body);
    expect([status, answer]).toEqual([422, { errors: { body: [message] } }]);
  });

  test("need an article", async () => {
    const nothing = { errors: { article: ["not found"] } };
    const answers = [
      await commentsOf("no-such-article"),
      await say("no-such-article", "To nobody."),
      await remove("no-such-article", 1),
    ];
    for (const { status, body } of answers) expect([status, body]).toEqual([404, nothing]);
  });

  test("are found under their own article alone", async () => {
    const [one, other] = [await publish("Here"), await publish("There")];
    const { id } = said(await say(one, "Here."));
    const astray = await remove(other, id);
    expect([astray.status, astray.body]).toEqual([404, { errors: { comment: ["not found"] } }]);
    expect((await remove(one, id)).status).toBe(204);
  });

  test.each([
    ["0", "must be at least 1"],
    ["-1", "must be at least 1"],
    ["1.5", "must be a whole number"],
    ["first", "must be a whole number"],
    ["99999999999", "must be at most 2147483647"],
  ])("have no id %s", async (id, message) => {
    const { status, body } = await remove("the-bird-that-never-lands", id);
    expect([status, body]).toEqual([422, { errors: { id: [message] } }]);
  });

  test("that there are not are not found", async () => {
    const { status, body } = await remove("the-bird-that-never-lands", 2_147_483_647);
    expect([status, body]).toEqual([404, { errors: { comment: ["not found"] } }]);
  });

  test("are a thousand at the most, the last ones", async () => {
    const slug = await publish("Endlessly discussed");
    const pool = openPool(conduit.databaseUrl);
    await pool.query(
      `insert into comments (article_id, author_id, body)
       select id, author_id, 'number ' || n from articles, generate_series(1, 1005) n
       where slug = $1 order by n`,
      [slug],
    );
    await pool.end();
    const all = listed(await commentsOf(slug));
    expect(all).toHaveLength(1000);
    expect([all[0]?.body, all[999]?.body]).toEqual(["number 1005", "number 6"]);
  });
});

test("what hangs on an article goes with it", async () => {
  const slug = await publish("Soon gone");
  const { id } = said(await say(slug, "Enjoy it while it lasts."));
  const url = `${conduit.url}/api/articles/${slug}`;
  await send(`${url}/favorite`, { method: "POST", token: author.token });
  expect((await send(url, { method: "DELETE", token: author.token })).status).toBe(204);
  const pool = openPool(conduit.databaseUrl);
  const { rows } = await pool.query("select from comments where id = $1", [id]);
  const left = await pool.query(
    "select from favorites where article_id not in (select id from articles)",
  );
  await pool.end();
  expect([rows, left.rows]).toEqual([[], []]);
  // Another of the same title begins anew.
  expect(await publish("Soon gone")).toBe(slug);
  expect(listed(await commentsOf(slug))).toEqual([]);
});
