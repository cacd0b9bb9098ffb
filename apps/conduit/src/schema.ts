/**
 * All tables: what migrations are made of and checked against.
 *
 * @module
 */
export { articles } from "./articles/table.ts";
export { comments } from "./comments/table.ts";
export { favorites } from "./favorites/table.ts";
export { follows } from "./profiles/table.ts";
export { articleTags, tags } from "./tags/table.ts";
export { users } from "./users/table.ts";
