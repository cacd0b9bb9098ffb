/**
 * What is sent and answered about comments. The names are those of the contract.
 *
 * @module
 */
import { z } from "zod";
import { Profile } from "../profiles/models.ts";

export const NewComment = z.object({
  body: z.string().min(1).max(10_000).regex(/\S/, "can't be blank"),
});

/** A comment; `author.following` speaks of the caller. */
export const Comment = z.object({
  id: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
  body: z.string(),
  author: Profile,
});

export const NewCommentRequest = z.object({ comment: NewComment });
export const SingleCommentResponse = z.object({ comment: Comment });
export const MultipleCommentsResponse = z.object({ comments: z.array(Comment) });
