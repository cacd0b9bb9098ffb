/**
 * Articles: reading and listing for everybody, writing for their authors.
 *
 * @module
 */
import { del, get, post, put } from "martlet";
import { offsetPage } from "martlet/db";
import { z } from "zod";
import { db, tx } from "../database.ts";
import { caller, currentUser, viewer } from "../users/session.ts";
import {
  MultipleArticlesResponse,
  NewArticleRequest,
  SingleArticleResponse,
  UpdateArticleRequest,
} from "./models.ts";
import { ArticleNotFound, ownArticle } from "./policy.ts";
import {
  createArticle,
  deleteArticle,
  findArticle,
  listArticles,
  updateArticle,
} from "./queries.ts";

export { Article, ArticlePreview, NewArticle, UpdateArticle } from "./models.ts";
export { MultipleArticlesResponse, NewArticleRequest, SingleArticleResponse, UpdateArticleRequest };

/** Which part of a list is asked for. The contract knows no end of it. */
const page = offsetPage({ offset: { max: Number.MAX_SAFE_INTEGER } });

/** A page of articles. */
export const list = get(
  "/",
  {
    summary: "List articles",
    description: "Most recent first, without their bodies. The filters narrow one another.",
    query: {
      tag: z.string().optional().describe("Only those with this tag."),
      author: z.string().optional().describe("Only those by the user of this name."),
      favorited: z.string().optional().describe("Only favourites of the user of this name."),
    },
    use: { page, viewer, db },
    returns: MultipleArticlesResponse,
  },
  ({ tag, author, favorited, page, viewer, db }) =>
    listArticles(db, { tag, author, favorited, ...page }, viewer),
);

/** A page of what the caller follows. */
export const feed = get(
  "/feed",
  {
    summary: "Get the feed",
    description: "Articles by those whom the caller follows, most recent first.",
    use: { page, caller, db },
    returns: MultipleArticlesResponse,
  },
  ({ page, caller, db }) => listArticles(db, { follower: caller, ...page }, caller),
);

/** One article. */
export const read = get(
  "/{slug}",
  {
    summary: "Get an article",
    description: "An article with its body.",
    path: { slug: z.string() },
    use: { viewer, db },
    returns: SingleArticleResponse,
    throws: [ArticleNotFound],
  },
  async ({ slug, viewer, db }) => {
    const article = await findArticle(db, { slug }, viewer);
    return article === undefined ? new ArticleNotFound({}) : { article };
  },
);

/** Publishes an article. */
export const create = post(
  "/",
  {
    summary: "Create an article",
    description: "Publishes an article. Its slug is made of the title, and is unique.",
    body: NewArticleRequest,
    use: { currentUser, db: tx },
    returns: SingleArticleResponse,
    status: 201,
  },
  async ({ body, currentUser, db }) => ({
    article: await createArticle(db, currentUser, body.article),
  }),
);

/** Changes an article. */
export const update = put(
  "/{slug}",
  {
    summary: "Update an article",
    description: "Changes what is sent. Another title brings another slug.",
    body: UpdateArticleRequest,
    use: { db: tx, ownArticle, currentUser },
    returns: SingleArticleResponse,
    throws: [ArticleNotFound],
  },
  async ({ body, ownArticle, currentUser, db }) => {
    await updateArticle(db, ownArticle, body.article);
    const article = await findArticle(db, { id: ownArticle.id }, currentUser.id);
    return article === undefined ? new ArticleNotFound({}) : { article };
  },
);

/** Deletes an article. */
export const remove = del(
  "/{slug}",
  {
    summary: "Delete an article",
    description: "Deletes an article, with its comments, tags and favourites.",
    use: { db: tx, ownArticle },
    status: 204,
  },
  ({ ownArticle, db }) => deleteArticle(db, ownArticle.id),
);
