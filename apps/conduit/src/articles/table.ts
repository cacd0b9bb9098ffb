/**
 * The table of articles.
 *
 * @module
 */
import { index, integer, pgTable, text, timestamp, unique } from "drizzle-orm/pg-core";
import { users } from "../users/table.ts";

/** Articles. Both indexes are read backwards: most recent first, and one of two at once. */
export const articles = pgTable(
  "articles",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    slug: text().notNull(),
    title: text().notNull(),
    description: text().notNull(),
    body: text().notNull(),
    authorId: integer("author_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    unique("articles_slug_key").on(table.slug),
    index("articles_recent_index").on(table.createdAt, table.id),
    index("articles_author_index").on(table.authorId, table.createdAt, table.id),
  ],
);
