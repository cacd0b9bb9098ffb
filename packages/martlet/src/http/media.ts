/**
 * Bodies of any media type: pages, pictures, spreadsheets, whole or as they come.
 *
 * @module
 */
import { Answer } from "./answer.ts";
import { openStream, yielded } from "./opening.ts";
import type { Representation } from "./representation.ts";
import { type Chunk, isStreamed, mapped, type Streamed } from "./stream.ts";

/** What a handler returns for a body of some media type. */
export type MediaBody = Chunk | Streamed<Chunk> | Answer;

/**
 * A body of a media type. The handler returns text, bytes, or yields them: then each is sent as it
 * comes, and no faster than the client takes it. The answer begins with the first of them: a problem
 * that is thrown before has its own status.
 *
 * @example
 * ```ts
 * import { get, martlet, media } from "martlet";
 *
 * const page = get("/", { returns: media("text/html") }, () => "<h1>Hello</h1>");
 * const letters = get("/letters", { returns: media("text/plain") }, async function* () {
 *   yield "a";
 *   yield "b";
 * });
 * const app = martlet({ page, letters });
 * const response = await app.fetch(new Request("http://localhost/letters"));
 * expect(await response.text()).toBe("ab");
 * expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
 * ```
 */
export function media(mediaType: string): Representation<MediaBody, unknown> {
  const isText = /^text\/(?!.*;\s*charset=)/i.test(mediaType);
  const headers = { "content-type": isText ? `${mediaType}; charset=utf-8` : mediaType };
  return {
    describe: () => ({
      [mediaType]: { schema: isText ? { type: "string" } : { type: "string", format: "binary" } },
    }),
    compile: ({ route }) => {
      const refuse = (): never => {
        throw new TypeError(`${route} returned or yielded neither text nor bytes`);
      };
      const chunkOf = (item: unknown): Chunk => (isChunk(item) ? item : refuse());
      return (value, status, request) => {
        if (value instanceof Answer) return value;
        if (isChunk(value)) return new Answer(status, headers, value);
        if (!isStreamed(value)) return refuse();
        return openStream(mapped(yielded(value), chunkOf), { status, headers, request });
      };
    },
  };
}

function isChunk(value: unknown): value is Chunk {
  return typeof value === "string" || value instanceof Uint8Array;
}
