/**
 * What is asked of the database about comments.
 *
 * @module
 */
import { and, desc, eq, sql } from "drizzle-orm";
import { articles } from "../articles/table.ts";
import { heldArticle } from "../articles/queries.ts";
import type { Database } from "../database.ts";
import { profileColumns } from "../profiles/queries.ts";
import type { Account } from "../users/queries.ts";
import { users } from "../users/table.ts";
import { comments } from "./table.ts";

/** Which comments are listed. */
export interface CommentFilter {
  readonly articleId: number;
  readonly limit: number;
}

/** The comments on an article, most recent first. */
export function listComments(
  db: Database,
  { articleId, limit }: CommentFilter,
  viewer: number | undefined,
) {
  const { id, createdAt, updatedAt, body } = comments;
  return db
    .select({ id, createdAt, updatedAt, body, author: profileColumns(db, viewer) })
    .from(comments)
    .innerJoin(users, eq(users.id, comments.authorId))
    .where(eq(comments.articleId, articleId))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

/** The article with a slug, if there is one, and whose the comment on it is, if there is one. */
export async function findOwnedComment(db: Database, slug: string, id: number) {
  const [found] = await db
    .select({ article: articles.id, comment: { id: comments.id, authorId: comments.authorId } })
    .from(articles)
    .leftJoin(comments, and(eq(comments.articleId, articles.id), eq(comments.id, id)))
    .where(eq(articles.slug, slug));
  return found;
}

/** Writes a comment on the article with a slug. Gives nothing when there is none. */
export async function createComment(db: Database, slug: string, body: string, author: Account) {
  const article = db.$with("article").as(heldArticle(db, slug));
  const values = {
    articleId: article.id,
    authorId: sql<number>`${author.id}`.as("author_id"),
    body: sql<string>`${body}`.as("body"),
  };
  const [created] = await db
    .with(article)
    .insert(comments)
    .select(db.select(values).from(article))
    .returning();
  return created && { ...created, author: { ...author, following: false } };
}

/** Deletes a comment. */
export async function deleteComment(db: Database, id: number): Promise<void> {
  await db.delete(comments).where(eq(comments.id, id));
}
