/**
 * Bodies of any media type: pages, pictures, spreadsheets, whole or as they come.
 *
 * @module
 */
import { Answer, type AnswerBody, isStream } from "./answer.ts";
import type { Representation } from "./representation.ts";

/** What a handler returns for a body of some media type. */
export type MediaBody = Exclude<AnswerBody, null> | Answer;

/**
 * A body of a media type. The handler returns text, bytes, or an async iterable of them, which is sent
 * as it comes and no faster than the client takes it.
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
    compile:
      ({ route }) =>
      (value, status) => {
        if (value instanceof Answer) return value;
        if (isBody(value)) return new Answer(status, headers, value);
        throw new TypeError(`${route} returned neither text nor bytes`);
      },
  };
}

function isBody(value: unknown): value is Exclude<AnswerBody, null> {
  return typeof value === "string" || value instanceof Uint8Array || isStream(value as AnswerBody);
}
