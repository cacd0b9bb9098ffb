/**
 * Profiles: what everybody may know of a user, and following them.
 *
 * @module
 */
import { del, get, post } from "martlet";
import { z } from "zod";
import { db } from "../database.ts";
import { currentUser, viewer } from "../users/session.ts";
import { ProfileResponse } from "./models.ts";
import { otherProfile, ProfileNotFound } from "./policy.ts";
import { addFollow, findProfile, removeFollow } from "./queries.ts";

export { Profile } from "./models.ts";
export { ProfileResponse };

/** One profile. */
export const read = get(
  "/{username}",
  {
    summary: "Get a profile",
    description: "A user as everybody sees them; `following` speaks of the caller.",
    path: { username: z.string() },
    use: { viewer, db },
    returns: ProfileResponse,
    throws: [ProfileNotFound],
  },
  async ({ username, viewer, db }) => {
    const profile = await findProfile(db, username, viewer);
    return profile === undefined ? new ProfileNotFound({}) : { profile };
  },
);

/** Follows a user. */
export const follow = post(
  "/{username}/follow",
  {
    summary: "Follow a user",
    description: "Brings a user's articles into the caller's feed. Once more changes nothing.",
    use: { otherProfile, currentUser, db },
    returns: ProfileResponse,
  },
  async ({ otherProfile, currentUser, db }) => {
    await addFollow(db, { followerId: currentUser.id, followedId: otherProfile.id });
    return { profile: { ...otherProfile, following: true } };
  },
);

/** Follows a user no more. */
export const unfollow = del(
  "/{username}/follow",
  {
    summary: "Unfollow a user",
    description: "Takes a user's articles out of the caller's feed. Once more changes nothing.",
    use: { otherProfile, currentUser, db },
    returns: ProfileResponse,
  },
  async ({ otherProfile, currentUser, db }) => {
    await removeFollow(db, { followerId: currentUser.id, followedId: otherProfile.id });
    return { profile: { ...otherProfile, following: false } };
  },
);
