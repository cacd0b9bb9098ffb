/**
 * Who may do what with an article: everybody may read it, its author alone may change and delete it.
 *
 * @module
 */
import { dependency } from "martlet";
import { z } from "zod";
import { db } from "../database.ts";
import { refusal } from "../problems.ts";
import { currentUser } from "../users/session.ts";
import { findOwned, type OwnedArticle } from "./queries.ts";

/** There is no article with this slug. */
export const ArticleNotFound = refusal(404, "article-not-found", { article: ["not found"] });

/** The article is somebody else's. */
const NotTheAuthor = refusal(403, "not-the-author", { article: ["is not yours"] });

/** The article of the path, which is the caller's own. */
export const ownArticle = dependency(
  {
    name: "ownArticle",
    path: { slug: z.string() },
    use: { currentUser, db },
    throws: [ArticleNotFound, NotTheAuthor],
  },
  async ({ slug, currentUser, db }): Promise<OwnedArticle> => {
    const article = await findOwned(db, slug);
    if (article === undefined) throw new ArticleNotFound();
    if (article.authorId !== currentUser.id) throw new NotTheAuthor();
    return article;
  },
);
