/**
 * What is sent and answered about articles. The names are those of the contract.
 *
 * @module
 */
import { z } from "zod";
import { Profile } from "../profiles/models.ts";

const Title = z.string().trim().min(1).max(200);
const Description = z.string().trim().min(1).max(500);
const Body = z.string().min(1).max(100_000).regex(/\S/, "can't be blank");
const Tag = z.string().trim().min(1).max(40);

export const NewArticle = z.object({
  title: Title,
  description: Description,
  body: Body,
  tagList: z.array(Tag).max(20).default([]),
});

export const UpdateArticle = z
  .object({ title: Title, description: Description, body: Body })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, "needs at least one field")
  .meta({ minProperties: 1 });

/** An article in a list: without its body. */
export const ArticlePreview = z.object({
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  tagList: z.array(z.string()),
  createdAt: z.date(),
  updatedAt: z.date(),
  favorited: z.boolean(),
  favoritesCount: z.int(),
  author: Profile,
});

/** An article; `favorited` and `author.following` speak of the caller. */
export const Article = ArticlePreview.extend({ body: z.string() });

export const NewArticleRequest = z.object({ article: NewArticle });
export const UpdateArticleRequest = z.object({ article: UpdateArticle });
export const SingleArticleResponse = z.object({ article: Article });
export const MultipleArticlesResponse = z.object({
  articles: z.array(ArticlePreview),
  articlesCount: z.int(),
});
