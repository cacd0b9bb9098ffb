/**
 * Codecs: other media types than JSON that an application takes and gives.
 *
 * @module
 */
import { weightOf, weightsOf } from "./weight.ts";

/**
 * One more way to write the values that JSON writes. An application that has codecs reads a body by
 * its `Content-Type`, and answers in the media type that `Accept` likes best.
 *
 * @example
 * ```ts
 * import { type Codec, get, martlet } from "martlet";
 *
 * const lines: Codec = {
 *   mediaType: "text/x-lines",
 *   encode: (value) => new TextEncoder().encode(Object.entries(value as object).join("\n")),
 *   decode: (bytes) => Object.fromEntries([new TextDecoder().decode(bytes).split(",")]),
 * };
 * const app = martlet({ hello: get("/", {}, () => ({ hello: "you" })) }, { codecs: [lines] });
 * const request = new Request("http://localhost/", { headers: { accept: "text/x-lines" } });
 * expect(await (await app.fetch(request)).text()).toBe("hello,you");
 * ```
 */
export interface Codec {
  /** `"application/msgpack"` */
  readonly mediaType: string;
  /** Writes a value of the response model: what `JSON.stringify` takes. */
  readonly encode: (value: unknown) => Uint8Array;
  /** Reads a body. Whatever it throws is told to the client as a malformed body. */
  readonly decode: (bytes: Uint8Array) => unknown;
}

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
