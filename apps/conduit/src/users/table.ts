/**
 * The table of users.
 *
 * @module
 */
import { sql } from "drizzle-orm";
import { integer, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

/** Accounts. Nobody may take a name that differs from another's in upper and lower case alone. */
export const users = pgTable(
  "users",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    email: text().notNull(),
    username: text().notNull(),
    /** Argon2id, in PHC form. Selected by the one query that verifies a password. */
    passwordHash: text("password_hash").notNull(),
    bio: text().notNull().default(""),
    image: text().notNull().default(""),
    createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("users_email_key").on(sql`lower(${table.email})`),
    uniqueIndex("users_username_key").on(sql`lower(${table.username})`),
  ],
);
