/**
 * The table of who follows whom.
 *
 * @module
 */
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { users } from "../users/table.ts";

/** One row for each follower of each user. */
export const follows = pgTable(
  "follows",
  {
    followerId: integer("follower_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    followedId: integer("followed_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.followerId, table.followedId] }),
    index("follows_followed_id_index").on(table.followedId),
    check("follows_not_oneself", sql`${table.followerId} <> ${table.followedId}`),
  ],
);
