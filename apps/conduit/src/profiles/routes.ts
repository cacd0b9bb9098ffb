/**
 * Profiles: what everybody may know of a user.
 *
 * @module
 */
import { get, problem } from "martlet";
import { z } from "zod";
import { db } from "../database.ts";
import { viewer } from "../users/session.ts";
import { ProfileResponse } from "./models.ts";
import { findProfile } from "./queries.ts";

export { Profile } from "./models.ts";
export { ProfileResponse };

/** Nobody has this name. */
export const ProfileNotFound = problem(404, "profile-not-found");

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
