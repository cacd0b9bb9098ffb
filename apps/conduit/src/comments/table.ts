/**
 * The table of comments.
 *
 * @module
 */
import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { articles } from "../articles/table.ts";
import { users } from "../users/table.ts";

/** Comments on articles. The first index is read backwards: most recent first. */
export const comments = pgTable(
  "comments",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    articleId: integer("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    authorId: integer("author_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    body: text().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    index("comments_article_index").on(table.articleId, table.createdAt, table.id),
    index("comments_author_id_index").on(table.authorId),
  ],
);
