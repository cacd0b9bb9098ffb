/**
 * What is asked of the database about tags.
 *
 * @module
 */
import { count, desc, eq, inArray } from "drizzle-orm";
import type { Connection, Database } from "../database.ts";
import { articleTags, tags } from "./table.ts";

/** The tags of all articles, the most used first. */
export async function listTags(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .select({ name: tags.name })
    .from(tags)
    .innerJoin(articleTags, eq(articleTags.tagId, tags.id))
    .groupBy(tags.id)
    .orderBy(desc(count()), tags.name)
    .limit(limit);
  return rows.map(({ name }) => name);
}

/** Gives a new article its tags, in this order. Makes those that there are not yet. */
export async function tagArticle(
  db: Connection,
  articleId: number,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  // In one order for everybody, lest two articles wait for each other's new tags.
  const sorted = names.toSorted();
  await db
    .insert(tags)
    .values(sorted.map((name) => ({ name })))
    .onConflictDoNothing();
  const found = await db.select().from(tags).where(inArray(tags.name, sorted));
  const rows = found.map(({ id, name }) => ({
    articleId,
    tagId: id,
    position: names.indexOf(name),
  }));
  await db.insert(articleTags).values(rows);
}
