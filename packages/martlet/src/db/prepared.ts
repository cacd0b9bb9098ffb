/**
 * Prepared queries as a dependency: made once for each application, and run by every call.
 *
 * @module
 */
import type { Dependency } from "../index.ts";
import { derived } from "./derived.ts";

/**
 * Makes a dependency of which the value is a record of queries that are written once, when the
 * application starts. A call runs them with its values, in the transaction that is running, and has
 * nothing of the work of writing them. The database knows by their names what it has parsed before
 * (PostgreSQL; each connection learns them by itself).
 *
 * @example
 * ```ts no-run
 * import { eq, sql } from "drizzle-orm";
 * import { integer, pgTable, text } from "drizzle-orm/pg-core";
 * import { get, martlet } from "martlet";
 * import { database, prepared } from "martlet/db";
 * import { z } from "zod";
 *
 * const items = pgTable("items", { id: integer().primaryKey(), name: text() });
 * const db = database({ url: "embedded:" });
 * const queries = prepared(db, (db) => ({
 *   byId: db.select().from(items).where(eq(items.id, sql.placeholder("id"))).prepare("item_by_id"),
 * }));
 * const read = get("/{id}", { path: { id: z.int() }, use: { queries } }, async ({ id, queries }) => {
 *   const [item] = await queries.byId.execute({ id });
 *   return item ?? null;
 * });
 * export const app = martlet({ read });
 * ```
 */
export function prepared<D, P extends object, E>(
  db: Dependency<D, {}, E>,
  write: (db: D) => P | Promise<P>,
): Dependency<P, {}, E> {
  return derived(db, "prepared", write);
}
