/**
 * Profiles: what everybody may know of a user.
 *
 * @module
 */
import { get } from "martlet";
import { z } from "zod";
import { db } from "../database.ts";
import { refusal } from "../problems.ts";
import { viewer } from "../users/session.ts";
import { ProfileResponse } from "./models.ts";
import { findProfile } from "./queries.ts";

export { Profile } from "./models.ts";
export { ProfileResponse };

/** Nobody has this name. */
export const ProfileNotFound = refusal(404, "profile-not-found", { profile: ["not found"] });

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
    if (profile === undefined) throw new ProfileNotFound();
    return { profile };
  },
);
