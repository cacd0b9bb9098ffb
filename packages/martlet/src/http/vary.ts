/**
 * What of a request an answer depends on, as caches are told (RFC 9110 section 12.5.5).
 *
 * @module
 */
import type { AnswerHeaders } from "./answer.ts";

/**
 * The `Vary` header of an answer with more names in it, each once; nothing is added to `*`.
 *
 * @example
 * ```ts
 * import { varied } from "martlet";
 *
 * expect(varied({ vary: "Accept" }, ["accept", "origin"])).toBe("Accept, origin");
 * ```
 */
export function varied({ vary = [] }: AnswerHeaders, names: readonly string[]): string {
  const known = [vary].flat().join(", ");
  const have = new Set(known.split(",").map((each) => each.trim().toLowerCase()));
  const missing = have.has("*") ? [] : names.filter((each) => !have.has(each));
  return [...(known === "" ? [] : [known]), ...missing].join(", ");
}
