/**
 * What is asked of the database about profiles.
 *
 * @module
 */
import { and, eq, exists, type SQL, sql } from "drizzle-orm";
import type { Database } from "../database.ts";
import { isUsername } from "../users/queries.ts";
import { users } from "../users/table.ts";
import { follows } from "./table.ts";

/** A user as a viewer sees them. */
export interface ProfileView {
  readonly id: number;
  readonly username: string;
  readonly bio: string;
  readonly image: string;
  readonly following: boolean;
}

/** The profile with a name. */
export async function findProfile(
  db: Database,
  username: string,
  viewer: number | undefined,
): Promise<ProfileView | undefined> {
  const [found] = await db
    .select({ id: users.id, ...profileColumns(db, viewer) })
    .from(users)
    .where(isUsername(username));
  return found;
}

/** Who follows whom, by their ids. */
export interface Follow {
  readonly followerId: number;
  readonly followedId: number;
}

/** Lets a user follow another, and again changes nothing. */
export async function addFollow(db: Database, follow: Follow): Promise<void> {
  await db.insert(follows).values(follow).onConflictDoNothing();
}

/** Lets a user follow another no more, and again changes nothing. */
export async function removeFollow(db: Database, follow: Follow): Promise<void> {
  const { followerId, followedId } = follow;
  await db
    .delete(follows)
    .where(and(eq(follows.followerId, followerId), eq(follows.followedId, followedId)));
}

/** The columns of a profile, of a statement that has `users` in it. */
export function profileColumns(db: Database, viewer: number | undefined) {
  return {
    username: users.username,
    bio: users.bio,
    image: users.image,
    following: isFollowing(db, viewer),
  };
}

/** Whether the viewer follows the user of the statement. A stranger follows nobody. */
function isFollowing(db: Database, viewer: number | undefined): SQL<boolean> {
  if (viewer === undefined) return sql<boolean>`false`;
  const found = db
    .select({ one: sql`1` })
    .from(follows)
    .where(and(eq(follows.followerId, viewer), eq(follows.followedId, users.id)));
  return exists(found) as SQL<boolean>;
}
