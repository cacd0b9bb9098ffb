/**
 * How PostgreSQL finds what it is asked for when there is much of it: by an index, whichever the list.
 */
import { explain } from "martlet/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Asked, type Asking, listenTo } from "./asked.ts";
import { openDatabase, type OpenedDatabase, type RunningConduit, startConduit } from "./conduit.ts";
import { known } from "./people.ts";

let conduit: RunningConduit;
let asking: Asking;
let opened: OpenedDatabase;
let token = "";
beforeAll(async () => {
  conduit = await startConduit();
  ({ token } = await known(conduit, "sam"));
  opened = await openDatabase(conduit.databaseUrl);
  const client = await opened.db.$client.connect();
  for (const each of much) await client.query(each);
  client.release(true);
  asking = listenTo(conduit);
});
afterAll(async () => {
  asking.stop();
  await opened.close();
  await conduit.stop();
});

/** The id of a writer, of a number that may be larger than there are writers. */
const writer = (number: string): string =>
  `(select min(id) from users where username like 'writer-%') + (${number}) % 500`;
const first = "(select min(id) from articles where slug like 'article-%')";

/** 10,000 articles by 500 writers, with 200 tags, 20,000 favourites, 10,000 follows and comments. */
const much = [
  // The rows refer to what there is: nobody has to look for it, row by row.
  "set session_replication_role = replica",
  `insert into users (email, username, password_hash)
   select 'writer-' || n || '@example.com', 'writer-' || n, 'none' from generate_series(1, 500) n`,
  `insert into articles (slug, title, description, body, author_id, created_at)
   select 'article-' || n, 'Article ' || n, 'About ' || n, repeat('Words and words. ', 60),
     ${writer("n")}, now() - n * interval '1 minute'
   from generate_series(1, 10000) n`,
  "insert into tags (name) select 'tag-' || n from generate_series(1, 200) n",
  `insert into article_tags (article_id, tag_id, position)
   select ${first} + n % 10000, (select min(id) from tags where name like 'tag-%') + n % 199, 0
   from generate_series(0, 19999) n`,
  `insert into favorites (user_id, article_id)
   select ${writer("n * 7 + n / 10000")}, ${first} + n % 10000 from generate_series(0, 19999) n`,
  `insert into follows (follower_id, followed_id)
   select ${writer("n")}, ${writer("n + 1 + n / 500")} from generate_series(0, 9999) n
   union select id, ${writer("n")} from users, generate_series(1, 20) n where username = 'sam'`,
  `insert into comments (article_id, author_id, body)
   select ${first} + n % 1000, ${writer("n")}, 'So it is.' from generate_series(0, 9999) n`,
  "vacuum analyze",
];

/** What fits into a few pages is read fastest as a whole. */
const small: ReadonlySet<string> = new Set(["tags", "users"]);

/** The large tables that a statement reads from end to end. */
async function readWhole(asked: Asked): Promise<readonly string[]> {
  const { sequentialScans } = await explain(opened.db, asked);
  return sequentialScans.filter((each) => !small.has(each));
}

test.each([
  "/api/articles?tag=tag-7",
  "/api/articles?author=writer-7",
  "/api/articles?favorited=writer-7",
  "/api/articles?author=writer-7&tag=tag-7&favorited=writer-8",
  "/api/articles/feed",
  "/api/articles/article-7",
  "/api/articles/article-7/comments",
  "/api/profiles/writer-7",
])("%s reads no large table whole", async (path) => {
  const { answer, asked } = await asking.ask(path, { token });
  expect(answer.status).toBe(200);
  expect(asked.length).toBeGreaterThan(0);
  const whole = await Promise.all(asked.map(readWhole));
  expect(whole.flat()).toEqual([]);
});

test("of all articles, the page is read by an index, and only to count them all are looked at", async () => {
  const { asked } = await asking.ask("/api/articles?offset=100", { token });
  const pages = asked.filter(({ text }) => !text.startsWith("select count("));
  expect([asked.length, pages.length]).toEqual([2, 1]);
  expect((await Promise.all(pages.map(readWhole))).flat()).not.toContain("articles");
});
