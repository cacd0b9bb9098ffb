/**
 * Slugs: titles as they stand in a URL.
 *
 * @module
 */
import { randomInt } from "node:crypto";

/** How long a slug is at most, in UTF-16 code units, before anything is added. */
const longest = 80;

/** What a route has for its own: an article of this name could not be read. */
const reserved = new Set(["feed"]);

/**
 * The slug of a title: lower case, letters and digits of any script, hyphens between the words.
 *
 * @example
 * ```ts
 * import { slugOf } from "./slug.ts";
 *
 * expect(slugOf("How to brew a crème brûlée")).toBe("how-to-brew-a-creme-brulee");
 * expect(slugOf("速い鳥の話")).toBe("速い鳥の話");
 * ```
 */
export function slugOf(title: string): string {
  const plain = title
    .normalize("NFKD")
    // The marks of Latin letters are left out; in other scripts they tell words apart.
    .replaceAll(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFC")
    .toLowerCase();
  const words = plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? ["article"];
  const slug = words
    .join("-")
    .slice(0, longest)
    .replace(/[-\uD800-\uDBFF]+$/, "");
  return reserved.has(slug) ? `${slug}-article` : slug;
}

/** Slugs to try for a title, one after the other, until one is free. */
export function* slugsOf(title: string): Generator<string> {
  const slug = slugOf(title);
  yield slug;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    yield `${slug}-${randomInt(36 ** 6)
      .toString(36)
      .padStart(6, "0")}`;
  }
}
