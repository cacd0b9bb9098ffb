/**
 * The database: opened at start, its tables brought up to date before anybody asks for anything.
 *
 * @module
 */
import { dependency } from "martlet";
import { type Database, database, transaction } from "martlet/db";
import { takenFields } from "./problems.ts";
import * as schema from "./schema.ts";
import { seed } from "./seed/seed.ts";
import { config } from "./settings.ts";

export type { Database };

/** The database of all routes. */
export const db = database({
  use: { config },
  url: ({ config }) => config.databaseUrl,
  schema,
  migrations: new URL("../migrations/", import.meta.url),
  seed,
  violations: {
    users_email_key: () => takenFields(["email"]),
    users_username_key: () => takenFields(["username"]),
  },
});

/** The database for routes that write with more than one statement: all of them, or none. */
export const tx = transaction(db);

/** Makes the tables, and fills them where that is wanted. */
export const prepared = dependency(
  { scope: "app", use: { opened: db, config } },
  async ({ opened, config }) => {
    await db.migrations.upgrade(opened.$engine);
    if (config.seed ?? config.nodeEnv !== "production") await seed(opened);
  },
);
