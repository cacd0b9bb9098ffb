/**
 * What happens when two do the same, or one what another undoes, at the same time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, type Call, send } from "./call.ts";
import { openPool, type RunningConduit, startConduit } from "./conduit.ts";
import { newcomer, type Person } from "./people.ts";

let conduit: RunningConduit;
let pool: Pool;
let author: Person;
let crowd: readonly Person[];
beforeAll(async () => {
  conduit = await startConduit();
  pool = openPool(conduit.databaseUrl);
  author = await newcomer(conduit);
  crowd = await Promise.all(Array.from({ length: 8 }, () => newcomer(conduit)));
});
afterAll(async () => {
  await pool.end();
  // It throws what was reported: none of all these requests has failed.
  await conduit.stop();
});

const api = (method: string, path: string, call: Call = {}): Promise<Answered> =>
  send(`${conduit.url}/api${path}`, { method, token: author.token, ...call });

const text = { description: "A test.", body: "Nothing to read." };

/** Publishes an article of the author's, and gives its slug. */
async function publish(title: string): Promise<string> {
  const { body } = await api("POST", "/articles", { json: { article: { title, ...text } } });
  return (body as { article: { slug: string } }).article.slug;
}

const rename = (slug: string, title: string): Promise<Answered> =>
  api("PUT", `/articles/${slug}`, { json: { article: { title } } });
const say = (slug: string, { token } = author): Promise<Answered> =>
  api("POST", `/articles/${slug}/comments`, { token, json: { comment: { body: "Yes." } } });
const like = (slug: string, { token } = author): Promise<Answered> =>
  api("POST", `/articles/${slug}/favorite`, { token });

function statuses(answers: readonly Answered[]): readonly number[] {
  return answers.map((each) => each.status).toSorted((one, other) => one - other);
}

function articleOf({ body }: Answered): Record<string, unknown> {
  return (body as { article: Record<string, unknown> }).article;
}

async function favoritesOf(slug: string): Promise<number> {
  return Number(articleOf(await api("GET", `/articles/${slug}`))["favoritesCount"]);
}

/** Begins a transaction with a statement, and leaves it open. */
async function begin(sql: string, values: readonly unknown[]): Promise<PoolClient> {
  const client = await pool.connect();
  await client.query("begin");
  await client.query(sql, [...values]);
  return client;
}

async function end(client: PoolClient, how: "commit" | "rollback"): Promise<void> {
  await client.query(how);
  client.release();
}

/** Waits until somebody in the database waits for a lock. */
async function somebodyWaits(): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const { rows } = await pool.query(
      `select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await sleep(10);
  }
  throw new Error("Nobody waits for a lock");
}

describe("an article that is being deleted", () => {
  const acts: readonly [string, (slug: string) => Promise<Answered>][] = [
    ["a comment", (slug) => say(slug, crowd[0])],
    ["a favourite", (slug) => like(slug, crowd[0])],
    ["a favourite taken back", (slug) => api("DELETE", `/articles/${slug}/favorite`)],
    ["a new title", (slug) => rename(slug, `${slug} anew`)],
    ["its deletion", (slug) => api("DELETE", `/articles/${slug}`)],
  ];

  test.each(acts)("makes %s wait, and is not found once it is gone", async (name, act) => {
    const slug = await publish(`Deleted under ${name}`);
    const deleting = await begin("delete from articles where slug = $1", [slug]);
    const acting = act(slug);
    await somebodyWaits();
    await end(deleting, "commit");
    const { status, body } = await acting;
    expect([status, body]).toEqual([404, { errors: { article: ["not found"] } }]);
  });

  test.each(acts)("takes %s when it stays after all", async (name, act) => {
    const slug = await publish(`Kept under ${name}`);
    const deleting = await begin("delete from articles where slug = $1", [slug]);
    const acting = act(slug);
    await somebodyWaits();
    await end(deleting, "rollback");
    expect((await acting).status).toBeLessThan(300);
  });

  test("leaves nothing behind of a crowd that writes to it", async () => {
    const slug = await publish("Crowded");
    const writing = crowd.flatMap((each) => [say(slug, each), like(slug, each)]);
    const [deleted, ...written] = await Promise.all([
      api("DELETE", `/articles/${slug}`),
      ...writing,
      ...crowd.map((each) => say(slug, each)),
    ]);
    expect(deleted?.status).toBe(204);
    expect(new Set([...statuses(written), 200, 404])).toEqual(new Set([200, 404]));
    const { rows } = await pool.query(
      `select article_id from comments union select article_id from favorites
       except select id from articles`,
    );
    expect(rows).toEqual([]);
  });
});

describe("a favourite", () => {
  test("that somebody adds many times at once is one", async () => {
    const slug = await publish("Liked at once");
    const answers = await Promise.all(Array.from({ length: 8 }, () => like(slug)));
    expect(statuses(answers)).toEqual(answers.map(() => 200));
    expect(answers.every((each) => articleOf(each)["favorited"] === true)).toBe(true);
    expect(await favoritesOf(slug)).toBe(1);
  });

  test("of each of many is counted", async () => {
    const slug = await publish("Liked by many");
    await Promise.all(crowd.map((each) => like(slug, each)));
    expect(await favoritesOf(slug)).toBe(crowd.length);
  });

  test("that is added and taken back at once is there or not, and nothing fails", async () => {
    const slug = await publish("Liked and not");
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        api(index % 2 === 0 ? "POST" : "DELETE", `/articles/${slug}/favorite`),
      ),
    );
    expect(statuses(answers)).toEqual(answers.map(() => 200));
    expect([0, 1]).toContain(await favoritesOf(slug));
  });

  test("reaches an article that gets another slug in between, or says that it is gone", async () => {
    const slug = await publish("Renamed while liked");
    const renaming = await begin("update articles set slug = $2 where slug = $1", [
      slug,
      `${slug}-2`,
    ]);
    const liking = like(slug);
    await somebodyWaits();
    await end(renaming, "commit");
    expect((await liking).status).toBe(404);
    expect(await favoritesOf(`${slug}-2`)).toBe(0);
  });
});

test("following somebody many times at once is following once", async () => {
  const [one, other] = crowd as [Person, Person];
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      api(index % 3 === 2 ? "DELETE" : "POST", `/profiles/${other.username}/follow`, one),
    ),
  );
  expect(statuses(answers)).toEqual(answers.map(() => 200));
  await api("POST", `/profiles/${other.username}/follow`, one);
  const { rows } = await pool.query(
    `select from follows join users on users.id = follower_id where username = $1`,
    [one.username],
  );
  expect(rows).toHaveLength(1);
});

describe("a slug", () => {
  test("is one article's, however many are renamed to it at once", async () => {
    const slugs = await Promise.all(
      Array.from({ length: 6 }, (_, index) => publish(`Before ${index}`)),
    );
    const answers = await Promise.all(slugs.map((slug) => rename(slug, "Wanted by all")));
    expect(statuses(answers)).toEqual(answers.map(() => 200));
    const renamed = answers.map((each) => String(articleOf(each)["slug"]));
    expect(new Set(renamed).size).toBe(6);
    expect(renamed.filter((each) => each === "wanted-by-all")).toHaveLength(1);
    expect(renamed.every((each) => /^wanted-by-all(?:-[0-9a-z]{6})?$/.test(each))).toBe(true);
  });

  test("goes with the title, whatever order two changes come in", async () => {
    const slug = await publish("Contested");
    const answers = await Promise.all([
      rename(slug, "Contested by one"),
      rename(slug, "Contested by another"),
      api("PUT", `/articles/${slug}`, { json: { article: { title: "Contested", body: "New." } } }),
    ]);
    expect(answers.every(({ status }) => status === 200 || status === 404)).toBe(true);
    const { rows } = await pool.query<{ title: string; slug: string }>(
      "select title, slug from articles where title like 'Contested%'",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.slug).toBe(rows[0]?.title.toLowerCase().replaceAll(" ", "-"));
  });

  test("of new articles waits for one that may come, and takes another if it does", async () => {
    const values = "select 'in-the-air', 'In the air', '', '', id from users limit 1";
    const columns = "(slug, title, description, body, author_id)";
    const inserting = await begin(`insert into articles ${columns} ${values}`, []);
    const publishing = publish("In the air");
    await somebodyWaits();
    await end(inserting, "commit");
    expect(await publishing).toMatch(/^in-the-air-[0-9a-z]{6}$/);
  });
});

describe("a comment", () => {
  test("that is deleted twice at once is deleted", async () => {
    const slug = await publish("Said once");
    const { id } = ((await say(slug)).body as { comment: { id: number } }).comment;
    const answers = await Promise.all(
      [1, 2, 3].map(() => api("DELETE", `/articles/${slug}/comments/${id}`)),
    );
    expect(statuses(answers)[0]).toBe(204);
    expect(answers.every(({ status }) => status === 204 || status === 404)).toBe(true);
  });
});

describe("a name", () => {
  test("is one user's, of two who take it at once", async () => {
    const [one, other] = crowd as [Person, Person];
    const json = { user: { username: "the-one-and-only" } };
    const answers = await Promise.all(
      [one, other].map(({ token }) => api("PUT", "/user", { token, json })),
    );
    expect(statuses(answers)).toEqual([200, 422]);
    expect(answers.find((each) => each.status === 422)?.body).toEqual({
      errors: { username: ["has already been taken"] },
    });
  });

  test("that the index alone finds taken is told in the same words", async () => {
    const inserting = await begin(
      "insert into users (email, username, password_hash) values ($1, $2, 'none')",
      ["late@example.com", "late"],
    );
    const user = { username: "Late", email: "other@example.com", password: "one two three" };
    const registering = api("POST", "/users", { json: { user } });
    await somebodyWaits();
    await end(inserting, "commit");
    const { status, body } = await registering;
    expect([status, body]).toEqual([422, { errors: { username: ["has already been taken"] } }]);
  });
});

test("tags that many new articles bring at once are made once", async () => {
  const tagList = Array.from({ length: 10 }, (_, index) => `fresh-${index}`);
  const answers = await Promise.all(
    crowd.map(({ token }, index) => {
      const turned = [...tagList.slice(index), ...tagList.slice(0, index)];
      const json = { article: { title: `Tagged ${index}`, ...text, tagList: turned } };
      return api("POST", "/articles", { token, json });
    }),
  );
  expect(statuses(answers)).toEqual(answers.map(() => 201));
  const { rows } = await pool.query("select from tags where name like 'fresh-%'");
  expect(rows).toHaveLength(10);
});
