/**
 * The table of favourites.
 *
 * @module
 */
import { index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { articles } from "../articles/table.ts";
import { users } from "../users/table.ts";

/** One row for each user who likes each article. */
export const favorites = pgTable(
  "favorites",
  {
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    articleId: integer("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.articleId] }),
    index("favorites_article_id_index").on(table.articleId),
  ],
);
