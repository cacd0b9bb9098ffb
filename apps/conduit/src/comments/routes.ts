/**
 * Comments: reading for everybody, writing for who has an account.
 *
 * @module
 */
import { del, get, post } from "martlet";
import { z } from "zod";
import { ArticleNotFound } from "../articles/policy.ts";
import { findArticleId } from "../articles/queries.ts";
import { db } from "../database.ts";
import { currentUser, viewer } from "../users/session.ts";
import { MultipleCommentsResponse, NewCommentRequest, SingleCommentResponse } from "./models.ts";
import { ownComment } from "./policy.ts";
import { createComment, deleteComment, listComments } from "./queries.ts";

export { Comment, NewComment } from "./models.ts";
export { MultipleCommentsResponse, NewCommentRequest, SingleCommentResponse };

/** The contract knows no pages of comments, and no answer grows without a bound. */
const most = 1000;

/** The comments on an article. */
export const list = get(
  "/{slug}/comments",
  {
    summary: "Get the comments on an article",
    description: `The ${most} most recent comments on an article, the last one first.`,
    path: { slug: z.string() },
    use: { viewer, db },
    returns: MultipleCommentsResponse,
    throws: [ArticleNotFound],
  },
  async ({ slug, viewer, db }) => {
    const articleId = await findArticleId(db, slug);
    if (articleId === undefined) return new ArticleNotFound({});
    return { comments: await listComments(db, { articleId, limit: most }, viewer) };
  },
);

/** Writes a comment. */
export const create = post(
  "/{slug}/comments",
  {
    summary: "Comment on an article",
    description: "Writes a comment on an article.",
    path: { slug: z.string() },
    body: NewCommentRequest,
    use: { currentUser, db },
    returns: SingleCommentResponse,
    throws: [ArticleNotFound],
  },
  async ({ slug, body, currentUser, db }) => {
    const comment = await createComment(db, slug, body.comment.body, currentUser);
    return comment === undefined ? new ArticleNotFound({}) : { comment };
  },
);

/** Deletes a comment. */
export const remove = del(
  "/{slug}/comments/{id}",
  {
    summary: "Delete a comment",
    description: "Deletes a comment of the caller's own.",
    use: { ownComment, db },
    status: 204,
  },
  ({ ownComment, db }) => deleteComment(db, ownComment.id),
);
