/**
 * Content codings (RFC 9110 section 8.4): which one a client likes, and what is worth it.
 *
 * @module
 */
import { weightsOf } from "./weight.ts";

/**
 * The content coding that a client likes best of those `offered`, the first of them where it likes
 * several as much; `undefined` when the content is to be sent as it is (RFC 9110 section 12.5.3).
 *
 * @example
 * ```ts
 * import { preferredCoding } from "martlet";
 *
 * expect(preferredCoding("gzip, deflate, br", ["br", "gzip"])).toBe("br");
 * expect(preferredCoding("gzip, br;q=0", ["br", "gzip"])).toBe("gzip");
 * expect(preferredCoding("identity", ["br", "gzip"])).toBe(undefined);
 * ```
 */
export function preferredCoding<Coding extends string>(
  header: string | undefined,
  offered: readonly Coding[],
): Coding | undefined {
  if (header === undefined || offered.length === 0) return undefined;
  const members = weightsOf(header);
  const weigh = (coding: string): number | undefined =>
    (members.find((each) => each.value === coding) ?? members.find((each) => each.value === "*"))
      ?.weight;
  // Content as it is needs no mention to be taken, and whoever mentions it says how much it is liked.
  const plain = members.find((each) => each.value === "identity")?.weight ?? 0;
  let best: Coding | undefined;
  let weight = 0;
  for (const coding of offered) {
    const each = weigh(coding) ?? 0;
    if (each > weight) [best, weight] = [coding, each];
  }
  return weight < plain ? undefined : best;
}

const compressible =
  /^(?:text\/|font\/[ot]tf$|image\/(?:bmp|svg\+xml|x-icon)$|application\/(?:javascript|json|jsonl|sql|wasm|x-ndjson|xml|yaml)$|.*\+(?:json|xml|yaml)$)/;

/**
 * Whether content of a media type becomes smaller when it is compressed: images, sound, videos and
 * archives are compressed already.
 *
 * @example
 * ```ts
 * import { isCompressible } from "martlet";
 *
 * expect(isCompressible("application/problem+json")).toBe(true);
 * expect(isCompressible("image/png")).toBe(false);
 * ```
 */
export function isCompressible(mediaType: string): boolean {
  return compressible.test((mediaType.split(";")[0] ?? "").trim().toLowerCase());
}
