/**
 * What is asked of the database about articles.
 *
 * @module
 */
import { and, desc, eq, exists, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { type Connection, type Database, violates } from "../database.ts";
import { favorites } from "../favorites/table.ts";
import { profileColumns } from "../profiles/queries.ts";
import { tagArticle } from "../tags/queries.ts";
import { articleTags, tags } from "../tags/table.ts";
import { type Account, isUsername } from "../users/queries.ts";
import { users } from "../users/table.ts";
import { slugsOf } from "./slug.ts";
import { articles } from "./table.ts";

/** Which articles are listed, and which page of them. */
export interface ArticleFilter {
  readonly tag?: string | undefined;
  readonly author?: string | undefined;
  readonly favorited?: string | undefined;
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
  const page = db
    .select(previewColumns(db, viewer))
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(matching)
    .orderBy(desc(articles.createdAt), desc(articles.id))
    .limit(filter.limit)
    .offset(filter.offset);
  const count = db
    .select({ all: sql<number>`count(*)::int` })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(matching);
  const [rows, [counted]] = await Promise.all([page, count]);
  return { articles: rows, articlesCount: counted?.all ?? 0 };
}

/** The article with a slug, as a viewer sees it. One statement. */
export async function findArticle(db: Database, slug: string, viewer: number | undefined) {
  const [found] = await db
    .select({ ...previewColumns(db, viewer), body: articles.body })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(eq(articles.slug, slug));
  return found;
}

/** Whose the article with a slug is. */
export async function findOwned(db: Database, slug: string): Promise<OwnedArticle | undefined> {
  const { id, title, authorId } = articles;
  const [found] = await db
    .select({ id, slug: articles.slug, title, authorId })
    .from(articles)
    .where(eq(articles.slug, slug));
  return found;
}

/** Publishes an article. A tag that is given twice counts once. */
export async function createArticle(
  db: Database,
  author: Account,
  { tagList, ...text }: ArticleText & { readonly tagList: readonly string[] },
) {
  const names = [...new Set(tagList)];
  const row = await withSlug(text.title, (slug) =>
    db.transaction(async (tx) => {
      const values = { ...text, slug, authorId: author.id };
      const [row] = await tx.insert(articles).values(values).returning();
      // One row was inserted.
      const created = row as typeof articles.$inferSelect;
      await tagArticle(tx, created.id, names);
      return created;
    }),
  );
  const untouched = { tagList: names, favorited: false, favoritesCount: 0 };
  return { ...row, ...untouched, author: { ...author, following: false } };
}

/** Changes an article; another title brings another slug. Gives its slug. */
export async function updateArticle(
  db: Database,
  { id, title, slug }: OwnedArticle,
  changes: Partial<{ readonly [K in keyof ArticleText]: ArticleText[K] | undefined }>,
): Promise<string> {
  const write = async (slug: string): Promise<string> => {
    const values = { ...changes, slug, updatedAt: sql`now()` };
    await db.update(articles).set(values).where(eq(articles.id, id));
    return slug;
  };
  const isRenamed = changes.title !== undefined && changes.title !== title;
  return isRenamed ? withSlug(changes.title, write) : write(slug);
}

/** Deletes an article, with all that hangs on it. */
export async function deleteArticle(db: Database, id: number): Promise<void> {
  await db.delete(articles).where(eq(articles.id, id));
}

/** Writes with the first slug that is free: only the database knows, for others write too. */
async function withSlug<T>(title: string, write: (slug: string) => Promise<T>): Promise<T> {
  let refused: unknown;
  for (const slug of slugsOf(title)) {
    try {
      return await write(slug);
    } catch (error) {
      if (!violates(error, "articles_slug_key")) throw error;
      refused = error;
    }
  }
  throw new Error(`No slug was free for a title of ${title.length} characters`, { cause: refused });
}

/** The columns of an article without its body, of a statement that has its author in it. */
function previewColumns(db: Database, viewer: number | undefined) {
  const { slug, title, description, createdAt, updatedAt } = articles;
  const favorited = favoriteOf(
    db,
    viewer === undefined ? sql`false` : eq(favorites.userId, viewer),
  );
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
    favorited: sql<boolean>`${favorited}`,
    favoritesCount: sql<number>`(
      select count(*)::int from ${favorites} where ${favorites.articleId} = ${articles.id}
    )`,
    author: profileColumns(db, viewer),
  };
}

/** What the articles of a list have to be. Each is looked up by an index. */
function conditions(db: Connection, { tag, author, favorited }: ArticleFilter): SQL[] {
  const found: SQL[] = [];
  if (author !== undefined) found.push(isUsername(author));
  if (tag !== undefined) {
    const tagged = db
      .select({ one: sql`1` })
      .from(articleTags)
      .innerJoin(tags, eq(tags.id, articleTags.tagId))
      .where(and(eq(articleTags.articleId, articles.id), eq(tags.name, tag)));
    found.push(exists(tagged));
  }
  if (favorited !== undefined) {
    // By another name, for the users of the statement are the authors.
    const fans = alias(users, "fans");
    const fan = db.select({ id: fans.id }).from(fans).where(isUsername(favorited, fans));
    found.push(favoriteOf(db, inArray(favorites.userId, fan)));
  }
  return found;
}

/** Whether the article of the statement is a favourite of somebody's. */
function favoriteOf(db: Connection, whose: SQL): SQL {
  const found = db
    .select({ one: sql`1` })
    .from(favorites)
    .where(and(eq(favorites.articleId, articles.id), whose));
  return exists(found);
}
