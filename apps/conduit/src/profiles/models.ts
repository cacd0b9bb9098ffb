/**
 * What is answered about other users. The names are those of the contract.
 *
 * @module
 */
import { z } from "zod";

/** A user as everybody sees them; `following` speaks of the caller. */
export const Profile = z.object({
  username: z.string(),
  bio: z.string(),
  image: z.string(),
  following: z.boolean(),
});

export const ProfileResponse = z.object({ profile: Profile });
