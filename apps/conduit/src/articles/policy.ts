/**
 * Who may do what with an article: everybody may read it, its author alone may change and delete it.
 *
 * @module
 */
import { dependency, problem } from "martlet";
import { z } from "zod";
import { db } from "../database.ts";
import { currentUser } from "../users/session.ts";
import { findOwned } from "./queries.ts";

/** There is no article with this slug. */
export const ArticleNotFound = problem(404, "article-not-found");

/** The article is somebody else's. */
const NotTheAuthor = problem(403, "not-the-author");

/** The article of the path, which is the caller's own. Name it after the transaction that it is for. */
export const ownArticle = dependency(
  {
    path: { slug: z.string() },
    use: { currentUser, db },
    throws: [ArticleNotFound, NotTheAuthor],
  },
  async ({ slug, currentUser, db }) => {
    const article = await findOwned(db, slug);
    if (article === undefined) return new ArticleNotFound({});
    return article.authorId === currentUser.id ? article : new NotTheAuthor({});
  },
);
