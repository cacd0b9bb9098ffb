/**
 * What is asked of the database about articles.
 *
 * @module
 */
import { and, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { databaseError } from "martlet/db";
import type { Database } from "../database.ts";
import { favorites } from "../favorites/table.ts";
import { profileColumns } from "../profiles/queries.ts";
import { follows } from "../profiles/table.ts";
import { tagArticle } from "../tags/queries.ts";
import { articleTags, tags } from "../tags/table.ts";
import { type Account, isUsername } from "../users/queries.ts";
import { users } from "../users/table.ts";
import { slugsOf } from "./slug.ts";
import { articles } from "./table.ts";

/** Which articles are listed, and which page of them. */
export interface ArticleFilter {
  readonly tag?: string | undefined;
  /** The name of a user: by whom they are, and whose favourites they are. */
  readonly author?: string | undefined;
  readonly favorited?: string | undefined;
  /** The id of a user who follows their authors. */
  readonly follower?: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** What an author writes. */
export interface ArticleText {
  readonly title: string;
  readonly description: string;
  readonly body: string;
}

/** An article as its author's routes need it. */
export interface OwnedArticle {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  readonly authorId: number;
}

/** A page of articles, most recent first, and how many there are. Two statements, however many. */
export async function listArticles(
  db: Database,
  filter: ArticleFilter,
  viewer: number | undefined,
) {
  const matching = and(...conditions(db, filter));
  // Chosen first, lest tags and favourites are looked up for what a far page skips.
  const chosen = db
    .select({ id: articles.id })
    .from(articles)
    .where(matching)
    .orderBy(...recentFirst)
    .limit(filter.limit)
    .offset(filter.offset)
    .as("chosen");
  const page = db
    .select(previewColumns(db, viewer))
    .from(chosen)
    .innerJoin(articles, eq(articles.id, chosen.id))
    .innerJoin(users, eq(users.id, articles.authorId))
    .orderBy(...recentFirst);
  const [rows, articlesCount] = await Promise.all([page, db.$count(articles, matching)]);
  return { articles: rows, articlesCount };
}

/** An article, by its slug or its id, as a viewer sees it. One statement. */
export async function findArticle(
  db: Database,
  which: { readonly slug: string } | { readonly id: number },
  viewer: number | undefined,
) {
  const [found] = await db
    .select({ ...previewColumns(db, viewer), body: articles.body })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where("id" in which ? eq(articles.id, which.id) : eq(articles.slug, which.slug));
  return found;
}

/**
 * The article that something is written beside: for as long as that takes, nobody deletes it or gives
 * it another slug.
 */
export function heldArticle(db: Database, slug: string) {
  return db
    .select({ id: articles.id })
    .from(articles)
    .where(eq(articles.slug, slug))
    .for("key share");
}

/** Whose the article with a slug is. Until the transaction ends, nobody else changes it. */
export async function findOwned(db: Database, slug: string): Promise<OwnedArticle | undefined> {
  const { id, title, authorId } = articles;
  const [found] = await db
    .select({ id, slug: articles.slug, title, authorId })
    .from(articles)
    .where(eq(articles.slug, slug))
    .for("update");
  return found;
}

/** The id of the article with a slug. */
export async function findArticleId(db: Database, slug: string): Promise<number | undefined> {
  const [found] = await db
    .select({ id: articles.id })
    .from(articles)
    .where(eq(articles.slug, slug));
  return found?.id;
}

/** Publishes an article, in a transaction. A tag that is given twice counts once. */
export async function createArticle(
  db: Database,
  author: Account,
  { tagList, ...text }: ArticleText & { readonly tagList: readonly string[] },
) {
  const names = [...new Set(tagList)];
  const row = await withSlug(text.title, async (slug) => {
    const values = { ...text, slug, authorId: author.id };
    const target = articles.slug;
    const [row] = await db
      .insert(articles)
      .values(values)
      .onConflictDoNothing({ target })
      .returning();
    return row;
  });
  await tagArticle(db, row.id, names);
  const untouched = { tagList: names, favorited: false, favoritesCount: 0 };
  return { ...row, ...untouched, author: { ...author, following: false } };
}

/** Changes an article, in a transaction; another title brings another slug. */
export async function updateArticle(
  db: Database,
  { id, title }: OwnedArticle,
  changes: Partial<{ readonly [K in keyof ArticleText]: ArticleText[K] | undefined }>,
): Promise<void> {
  const write = async (renamed: { readonly slug?: string }): Promise<true> => {
    const values = { ...changes, ...renamed, updatedAt: sql`now()` };
    await db.update(articles).set(values).where(eq(articles.id, id));
    return true;
  };
  const isRenamed = changes.title !== undefined && changes.title !== title;
  if (!isRenamed) await write({});
  // A savepoint, for an update knows no `on conflict`.
  else await withSlug(changes.title, (slug) => unlessTaken(db.transaction(() => write({ slug }))));
}

/** Deletes an article, with all that hangs on it. */
export async function deleteArticle(db: Database, id: number): Promise<void> {
  await db.delete(articles).where(eq(articles.id, id));
}

/** Writes with the first slug that is free: only the database knows, for others write too. */
async function withSlug<T extends object | true>(
  title: string,
  write: (slug: string) => Promise<T | undefined>,
): Promise<T> {
  for (const slug of slugsOf(title)) {
    const written = await write(slug);
    if (written !== undefined) return written;
  }
  throw new Error(`No slug was free for a title of ${title.length} characters`);
}

/** What was written; `undefined` when the slug is another article's. */
async function unlessTaken<T>(writing: Promise<T>): Promise<T | undefined> {
  try {
    return await writing;
  } catch (error) {
    if (databaseError(error)?.constraint === "articles_slug_key") return undefined;
    throw error;
  }
}

/** The order of every list: one of two that came at once is always before the other. */
const recentFirst = [desc(articles.createdAt), desc(articles.id)];

/** The columns of an article without its body, of a statement that has its author in it. */
function previewColumns(db: Database, viewer: number | undefined) {
  const { slug, title, description, createdAt, updatedAt } = articles;
  return {
    slug,
    title,
    description,
    createdAt,
    updatedAt,
    tagList: sql<string[]>`array(
      select ${tags.name} from ${articleTags} join ${tags} on ${tags.id} = ${articleTags.tagId}
      where ${articleTags.articleId} = ${articles.id} order by ${articleTags.position}
    )`,
    favorited: isFavorite(viewer),
    favoritesCount: sql<number>`(
      select count(*)::int from ${favorites} where ${favorites.articleId} = ${articles.id}
    )`,
    author: profileColumns(db, viewer),
  };
}

/** Whether the viewer likes the article of the statement. A stranger likes nothing. */
function isFavorite(viewer: number | undefined): SQL<boolean> {
  if (viewer === undefined) return sql<boolean>`false`;
  return sql<boolean>`exists (
    select from ${favorites}
    where ${favorites.articleId} = ${articles.id} and ${favorites.userId} = ${viewer}
  )`;
}

/** What the articles of a list have to be. Each is looked up by an index. */
function conditions(db: Database, filter: ArticleFilter): SQL[] {
  const { tag, author, favorited, follower } = filter;
  const found: SQL[] = [];
  if (author !== undefined) found.push(eq(articles.authorId, idOfUser(author)));
  if (follower !== undefined) {
    const followed = db
      .select({ id: follows.followedId })
      .from(follows)
      .where(eq(follows.followerId, follower));
    found.push(inArray(articles.authorId, followed));
  }
  if (tag !== undefined) {
    const tagged = db
      .select({ id: articleTags.articleId })
      .from(articleTags)
      .where(
        eq(articleTags.tagId, sql`(select ${tags.id} from ${tags} where ${tags.name} = ${tag})`),
      );
    found.push(inArray(articles.id, tagged));
  }
  if (favorited !== undefined) {
    const liked = db
      .select({ id: favorites.articleId })
      .from(favorites)
      .where(eq(favorites.userId, idOfUser(favorited)));
    found.push(inArray(articles.id, liked));
  }
  return found;
}

/** The id of the user with a name, within a statement: looked up before all else, and once. */
function idOfUser(username: string): SQL {
  return sql`(select ${users.id} from ${users} where ${isUsername(username)})`;
}
