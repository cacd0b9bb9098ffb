/**
 * What is asked of the database about tags.
 *
 * @module
 */
import { count, desc, eq, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
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
  db: Database,
  articleId: number,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  // In one order for everybody, lest two articles wait for each other's new tags.
  const sorted = names.toSorted().map((name) => ({ name }));
  await db.insert(tags).values(sorted).onConflictDoNothing();
  const given = sql`${sql.param(names)}::text[]`;
  const rows = db
    .select({
      articleId: sql<number>`${articleId}`.as("article_id"),
      tagId: tags.id,
      position: sql<number>`array_position(${given}, ${tags.name})`.as("position"),
    })
    .from(tags)
    .where(sql`${tags.name} = any(${given})`);
  await db.insert(articleTags).select(rows);
}
