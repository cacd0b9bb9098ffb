/**
 * Who may do what with a comment: everybody may read it, its author alone may delete it.
 *
 * @module
 */
import { dependency, problem } from "martlet";
import { z } from "zod";
import { ArticleNotFound } from "../articles/policy.ts";
import { db } from "../database.ts";
import { currentUser } from "../users/session.ts";
import { findOwnedComment } from "./queries.ts";

/** The article has no comment with this id. */
const CommentNotFound = problem(404, "comment-not-found");

/** The comment is somebody else's. */
const NotTheCommenter = problem(403, "not-the-commenter");

/** The comment of the path, which is the caller's own. */
export const ownComment = dependency(
  {
    path: {
      slug: z.string(),
      id: z
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    },
    use: { currentUser, db },
    throws: [ArticleNotFound, CommentNotFound, NotTheCommenter],
  },
  async ({ slug, id, currentUser, db }) => {
    const found = await findOwnedComment(db, slug, id);
    if (found === undefined) return new ArticleNotFound({});
    const { comment } = found;
    if (comment === null) return new CommentNotFound({});
    return comment.authorId === currentUser.id ? comment : new NotTheCommenter({});
  },
);
