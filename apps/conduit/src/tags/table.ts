/**
 * The tables of tags, and of the articles that have them.
 *
 * @module
 */
import { index, integer, pgTable, primaryKey, smallint, text, unique } from "drizzle-orm/pg-core";
import { articles } from "../articles/table.ts";

/** Tags, each once. */
export const tags = pgTable(
  "tags",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    name: text().notNull(),
  },
  (table) => [unique("tags_name_key").on(table.name)],
);

/** The tags of articles, at the position in which the author gave them. */
export const articleTags = pgTable(
  "article_tags",
  {
    articleId: integer("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    tagId: integer("tag_id")
      .notNull()
      .references(() => tags.id),
    position: smallint().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.tagId] }),
    index("article_tags_tag_index").on(table.tagId, table.articleId),
  ],
);
