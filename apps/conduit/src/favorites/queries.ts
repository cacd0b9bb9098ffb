/**
 * What is asked of the database about favourites.
 *
 * @module
 */
import { and, eq, inArray, sql } from "drizzle-orm";
import { heldArticle } from "../articles/queries.ts";
import type { Database } from "../database.ts";
import { favorites } from "./table.ts";

/** A user, and the article with a slug. */
export interface Favorite {
  readonly userId: number;
  readonly slug: string;
}

/** Makes an article a favourite, and again changes nothing. Gives its id, if there is one. */
export async function addFavorite(db: Database, { userId, slug }: Favorite) {
  const article = db.$with("article").as(heldArticle(db, slug));
  const values = { userId: sql<number>`${userId}`.as("user_id"), articleId: article.id };
  const added = db
    .$with("added")
    .as(
      db
        .insert(favorites)
        .select(db.select(values).from(article))
        .onConflictDoNothing()
        .returning({ id: favorites.articleId }),
    );
  return idOf(await db.with(article, added).select({ id: article.id }).from(article));
}

/** Makes an article no favourite, and again changes nothing. Gives its id, if there is one. */
export async function removeFavorite(db: Database, { userId, slug }: Favorite) {
  const article = db.$with("article").as(heldArticle(db, slug));
  const ids = db.select({ id: article.id }).from(article);
  const removed = db.$with("removed").as(
    db
      .delete(favorites)
      .where(and(eq(favorites.userId, userId), inArray(favorites.articleId, ids)))
      .returning({ id: favorites.articleId }),
  );
  return idOf(await db.with(article, removed).select({ id: article.id }).from(article));
}

function idOf([row]: readonly { readonly id: number }[]): number | undefined {
  return row?.id;
}
