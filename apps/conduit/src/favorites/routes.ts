/**
 * Favourites: the articles that a user likes.
 *
 * @module
 */
import { del, post } from "martlet";
import { z } from "zod";
import { SingleArticleResponse } from "../articles/models.ts";
import { ArticleNotFound } from "../articles/policy.ts";
import { findArticle } from "../articles/queries.ts";
import { db } from "../database.ts";
import { currentUser } from "../users/session.ts";
import { addFavorite, removeFavorite } from "./queries.ts";

/** What both routes declare. */
const favorite = {
  path: { slug: z.string() },
  use: { currentUser, db },
  returns: SingleArticleResponse,
  throws: [ArticleNotFound],
} as const;

/** Makes an article a favourite. */
export const add = post(
  "/{slug}/favorite",
  {
    summary: "Favorite an article",
    description: "Makes an article a favourite of the caller's. Once more changes nothing.",
    ...favorite,
  },
  async ({ slug, currentUser, db }) => {
    const id = await addFavorite(db, { userId: currentUser.id, slug });
    const article = id === undefined ? undefined : await findArticle(db, { id }, currentUser.id);
    return article === undefined ? new ArticleNotFound({}) : { article };
  },
);

/** Makes an article no favourite. */
export const remove = del(
  "/{slug}/favorite",
  {
    summary: "Unfavorite an article",
    description: "Makes an article no favourite of the caller's. Once more changes nothing.",
    ...favorite,
  },
  async ({ slug, currentUser, db }) => {
    const id = await removeFavorite(db, { userId: currentUser.id, slug });
    const article = id === undefined ? undefined : await findArticle(db, { id }, currentUser.id);
    return article === undefined ? new ArticleNotFound({}) : { article };
  },
);
