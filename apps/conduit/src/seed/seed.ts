/**
 * Fills an empty database with example data, the same each time.
 *
 * @module
 */
import type { Database } from "martlet/db";
import { slugOf } from "../articles/slug.ts";
import { articles } from "../articles/table.ts";
import { comments } from "../comments/table.ts";
import { favorites } from "../favorites/table.ts";
import { follows } from "../profiles/table.ts";
import { articleTags, tags } from "../tags/table.ts";
import { hashPassword } from "../users/password.ts";
import { users } from "../users/table.ts";
import { readArticles, type SeedArticle } from "./articles.ts";
import { password, people } from "./people.ts";

/** What the example data are written with: a transaction. */
type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** Ids by name. */
type Ids = ReadonlyMap<string, number>;

/** Writes the example data, unless somebody has an account already. */
export async function seed(db: Database): Promise<void> {
  if ((await db.$count(users)) > 0) return;
  await db.transaction(async (tx) => {
    // Two processes may start at once; the one that comes second finds users.
    await tx.execute("lock table users in share row exclusive mode");
    if ((await tx.$count(users)) > 0) return;
    const ids = await writePeople(tx);
    await writeArticles(tx, ids);
  });
}

async function writePeople(tx: Transaction): Promise<Ids> {
  const passwordHash = await hashPassword(password);
  const values = people.map(({ username, bio }) => ({
    username,
    bio,
    email: `${username}@example.com`,
    passwordHash,
  }));
  const written = await tx
    .insert(users)
    .values(values)
    .returning({ id: users.id, name: users.username });
  const ids = byName(written);
  const pairs = people.flatMap(({ username, follows }) =>
    follows.map((each) => ({ followerId: idOf(ids, username), followedId: idOf(ids, each) })),
  );
  await tx.insert(follows).values(pairs);
  return ids;
}

async function writeArticles(tx: Transaction, people: Ids): Promise<void> {
  const all = await readArticles();
  const rows = all.map(({ title, description, body, author, date }) => ({
    slug: slugOf(title),
    title,
    description,
    body,
    authorId: idOf(people, author),
    createdAt: date,
    updatedAt: date,
  }));
  const written = byName(
    await tx.insert(articles).values(rows).returning({ id: articles.id, name: articles.title }),
  );
  await writeTags(tx, all, written);
  const liked = all.flatMap(({ title, favorites }) =>
    favorites.map((each) => ({ articleId: idOf(written, title), userId: idOf(people, each) })),
  );
  await tx.insert(favorites).values(liked);
  const said = all.flatMap(({ title, comments }) =>
    comments.map(({ author, body, date }) => ({
      articleId: idOf(written, title),
      authorId: idOf(people, author),
      body,
      createdAt: date,
      updatedAt: date,
    })),
  );
  await tx.insert(comments).values(said);
}

async function writeTags(
  tx: Transaction,
  all: readonly SeedArticle[],
  written: Ids,
): Promise<void> {
  const names = [...new Set(all.flatMap((each) => each.tags))].map((name) => ({ name }));
  const known = byName(await tx.insert(tags).values(names).returning());
  const tagged = all.flatMap(({ title, tags }) =>
    tags.map((each, position) => ({
      articleId: idOf(written, title),
      tagId: idOf(known, each),
      position,
    })),
  );
  await tx.insert(articleTags).values(tagged);
}

function byName(rows: readonly { readonly id: number; readonly name: string }[]): Ids {
  return new Map(rows.map(({ id, name }) => [name, id]));
}

function idOf(ids: Ids, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The example data speak of "${name}", who is not there`);
  return id;
}
