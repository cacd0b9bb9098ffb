/**
 * The database: opened at start, its tables brought up to date before anybody asks for anything.
 *
 * @module
 */
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { dependency } from "martlet";
import { type Database, database } from "martlet/db";
import { migrate } from "./migrations.ts";
import { seed } from "./seed/seed.ts";
import { config } from "./settings.ts";
import { passwords } from "./users/password.ts";

export type { Database };

/** The database, or a transaction on it. */
export type Connection = NodePgDatabase;

const opened = database({ use: { config }, url: ({ config }) => config.databaseUrl });

/** The database of all routes. */
export const db = dependency(
  { scope: "app", use: { opened, config, passwords } },
  async ({ opened, config, passwords }): Promise<Database> => {
    await migrate(opened.$client);
    if (config.seed ?? config.nodeEnv !== "production") await seed(opened, passwords);
    return opened;
  },
);

/** Whether the database refused to write for a unique constraint or index of this name. */
export function violates(error: unknown, constraint: string): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, constraint: name } = each as { code?: unknown; constraint?: unknown };
    if (code === "23505" && name === constraint) return true;
  }
  return false;
}
