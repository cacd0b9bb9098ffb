/**
 * Which codec an answer is written with.
 *
 * @module
 */
import type { Codec } from "../source.ts";
import { weightOf, weightsOf } from "./weight.ts";

/** The codec that a client likes better than JSON (RFC 9110 section 12.5.1), if there is one. */
export function preferred(accept: string | undefined, codecs: readonly Codec[]): Codec | undefined {
  if (accept === undefined) return undefined;
  const ranges = weightsOf(accept);
  let best: Codec | undefined;
  let quality = weightOf("application/json", ranges) ?? 0;
  for (const codec of codecs) {
    const each = weightOf(codec.mediaType.toLowerCase(), ranges) ?? 0;
    if (each > quality) [best, quality] = [codec, each];
  }
  return best;
}
