/**
 * How PostgreSQL finds what it is asked for when there is much of it: by an index, whichever the list.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "pg";
import { type Asked, type Asking, listenTo } from "./asked.ts";
import { openPool, type RunningConduit, startConduit } from "./conduit.ts";
import { known } from "./people.ts";

/** A node of a plan, as `explain (format json)` tells it. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

let conduit: RunningConduit;
let asking: Asking;
let pool: Pool;
let token = "";
beforeAll(async () => {
  conduit = await startConduit();
  ({ token } = await known(conduit, "sam"));
  pool = openPool(conduit.databaseUrl);
  for (const each of much) await pool.query(each);
  asking = listenTo(conduit);
});
afterAll(async () => {
  asking.stop();
  await pool.end();
  await conduit.stop();
});

/** 10,000 articles of 500 authors, with 200 tags, and twenty to a hundred thousand of the rest. */
const much = [
  `insert into users (email, username, password_hash)
   select 'writer-' || n || '@example.com', 'writer-' || n, 'none' from generate_series(1, 500) n`,
  `insert into articles (slug, title, description, body, author_id, created_at)
   select 'article-' || n, 'Article ' || n, 'About ' || n, repeat('Words and words. ', 60),
     (select min(id) from users where username like 'writer-%') + n % 500,
     now() - n * interval '1 minute'
   from generate_series(1, 10000) n`,
  "insert into tags (name) select 'tag-' || n from generate_series(1, 200) n",
  `insert into article_tags (article_id, tag_id, position)
   select a.id, t.id, 0 from articles a
   join tags t on t.name in ('tag-' || a.id % 200 + 1, 'tag-' || a.id % 199 + 1)
   where a.slug like 'article-%'`,
  `insert into favorites (user_id, article_id)
   select u.id, a.id from articles a join users u on (u.id * 31 + a.id) % 97 = 0
   where a.slug like 'article-%' on conflict do nothing`,
  `insert into follows (follower_id, followed_id)
   select a.id, b.id from users a join users b on (a.id * 7 + b.id) % 20 = 0 and a.id <> b.id
   on conflict do nothing`,
  `insert into comments (article_id, author_id, body)
   select a.id, a.author_id, 'So it is.' from articles a, generate_series(1, 3)
   where a.slug like 'article-%'`,
  "vacuum analyze",
];

/** The tables that a statement reads from end to end. */
async function readWhole({ text, values }: Asked): Promise<string[]> {
  const { rows } = await pool.query<{ "QUERY PLAN": readonly { Plan: PlanNode }[] }>(
    `explain (format json) ${text}`,
    [...values],
  );
  const whole = (node: PlanNode): string[] => [
    ...(node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : []),
    ...(node.Plans ?? []).flatMap(whole),
  ];
  return rows.flatMap((row) => row["QUERY PLAN"].flatMap((each) => whole(each.Plan)));
}

/** What fits into a page or two is read fastest as a whole. */
const small = new Set(["tags", "users"]);

test.each([
  "/api/articles",
  "/api/articles?offset=9000",
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
  expect(whole.flat().filter((each) => !small.has(each))).toEqual([]);
});
