/**
 * Tags: what articles are about.
 *
 * @module
 */
import { get } from "martlet";
import { db } from "../database.ts";
import { TagsResponse } from "./models.ts";
import { listTags } from "./queries.ts";

export { TagsResponse };

/** No page shows more, and no answer grows without a bound. */
const most = 1000;

/** All tags. */
export const list = get(
  "/",
  {
    summary: "Get tags",
    description: "The tags of all articles, the most used first.",
    use: { db },
    returns: TagsResponse,
  },
  async ({ db }) => ({ tags: await listTags(db, most) }),
);
