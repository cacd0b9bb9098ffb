/**
 * Who may follow whom: everybody may follow everybody but themselves.
 *
 * @module
 */
import { dependency, problem } from "martlet";
import { z } from "zod";
import { db } from "../database.ts";
import { currentUser } from "../users/session.ts";
import { findProfile } from "./queries.ts";

/** Nobody has this name. */
export const ProfileNotFound = problem(404, "profile-not-found");

/** The profile is the caller's own. */
const FollowsOneself = problem(422, "follows-oneself");

/** The profile of the path, which is not the caller's own. */
export const otherProfile = dependency(
  {
    path: { username: z.string() },
    use: { currentUser, db },
    throws: [ProfileNotFound, FollowsOneself],
  },
  async ({ username, currentUser, db }) => {
    const profile = await findProfile(db, username, currentUser.id);
    if (profile === undefined) return new ProfileNotFound({});
    return profile.id === currentUser.id ? new FollowsOneself({}) : profile;
  },
);
