/**
 * Compression: answers made smaller on their way, in a coding that the client takes.
 *
 * @module
 */
import {
  Answer,
  type AnswerHeaders,
  isCompressible,
  isStream,
  type HttpRequest,
  type Middleware,
  preferredCoding,
  varied,
} from "../index.ts";
import { type Coder, codersOf, type Coding, compressStream } from "./coder.ts";

/** What is compressed, and how. */
export interface CompressOptions {
  /** From how many bytes on; of a stream the length is not known. @default 1024 */
  readonly minSize?: number;
  /** Of codings that a client likes as much, the first is taken. @default ["br", "zstd", "gzip"] */
  readonly codings?: readonly Coding[];
  /** How hard each coding tries. @default { br: 4, zstd: 3, gzip: 6 } */
  readonly levels?: Partial<Readonly<Record<Coding, number>>>;
  /** Whether a media type is compressed. @default text, JSON and the like, but no event stream */
  readonly types?: (mediaType: string) => boolean;
}

interface Settings extends Required<Omit<CompressOptions, "levels">> {
  readonly coders: ReadonlyMap<Coding, Coder>;
}

/**
 * Middleware that compresses answers (RFC 9110 section 8.4): with Brotli, Zstandard or gzip, whichever
 * the client likes best. What is small, compressed already, a part of a file or not to be transformed
 * is left as it is. Streams are compressed chunk by chunk, each of which goes out at once.
 *
 * Compressed, the length of an answer tells what it repeats: an answer that holds a secret must not
 * hold text of others' choice too (BREACH).
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { compress } from "martlet/server";
 * import { testClient } from "martlet/testing";
 *
 * const words = get("/words", {}, () => Array.from({ length: 1000 }, () => "word"));
 * const client = testClient(martlet({ words }, { middleware: [compress()] }));
 * const answer = await client.get("/words", { headers: { "accept-encoding": "gzip" } });
 * expect(answer.headers.get("content-encoding")).toBe("gzip");
 * expect((await answer.arrayBuffer()).byteLength).toBeLessThan(200);
 * ```
 */
export function compress(options: CompressOptions = {}): Middleware {
  const { minSize = 1024, codings = ["br", "zstd", "gzip"], levels, types = isWorth } = options;
  const coders = codersOf({ br: 4, zstd: 3, gzip: 6, ...levels });
  const known = codings.filter((each) => coders.has(each));
  const settings: Settings = { minSize, codings: known, types, coders };
  return (request, next) => {
    const answer = next();
    return answer instanceof Promise
      ? answer.then((late) => compressed(request, late, settings))
      : compressed(request, answer, settings);
  };
}

/** Proxies and browsers hold back events that are compressed, until there are enough of them. */
function isWorth(mediaType: string): boolean {
  return isCompressible(mediaType) && !/^text\/event-stream\b/i.test(mediaType);
}

function compressed(
  request: HttpRequest,
  answer: Answer,
  settings: Settings,
): Answer | Promise<Answer> {
  const { status, headers, body } = answer;
  const isUnchanged = status === 304 && "etag" in headers;
  if (!isUnchanged && !isOpen(request, answer, settings)) return answer;
  const told = { ...headers, vary: varied(headers, ["accept-encoding"]) };
  const coding = preferredCoding(request.header("accept-encoding"), settings.codings);
  const coder = coding && settings.coders.get(coding);
  if (coding === undefined || coder === undefined) return new Answer(status, told, body);
  if (isUnchanged) return new Answer(status, { ...told, ...weakened(headers) });
  const coded = codedHeaders(told, coding);
  if (request.method === "HEAD") {
    answer.cancel();
    return new Answer(status, coded);
  }
  if (isStream(body)) return new Answer(status, coded, compressStream({ answer, body }, coder));
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? new Uint8Array(0));
  return coder
    .whole(bytes)
    .then((smaller) =>
      smaller.length < bytes.length
        ? new Answer(status, coded, smaller)
        : new Answer(status, told, body),
    );
}

/** Whether an answer may be compressed, and is worth it. */
function isOpen(request: HttpRequest, answer: Answer, { minSize, types }: Settings): boolean {
  const { status, headers, body } = answer;
  if (status === 204 || status === 205 || status === 206 || status === 304) return false;
  if (body === null && request.method !== "HEAD") return false;
  const isTaken = ["content-encoding", "content-range", "content-digest"].some(
    (each) => each in headers,
  );
  const isFixed = /\bno-transform\b/i.test(String(headers["cache-control"] ?? ""));
  if (isTaken || isFixed || lengthOf(answer) < minSize) return false;
  return "content-type" in headers && types(String(headers["content-type"]));
}

/** The bytes of a body; infinite while nobody knows. */
function lengthOf({ headers, body }: Answer): number {
  if (body !== null && !isStream(body)) return Buffer.byteLength(body);
  return "content-length" in headers ? Number(headers["content-length"]) : Infinity;
}

/** The headers of content that is compressed now: its length, its parts and its bytes are others. */
function codedHeaders(headers: AnswerHeaders, coding: Coding): AnswerHeaders {
  const { "content-length": _length, "accept-ranges": _ranges, ...rest } = headers;
  return { ...rest, ...weakened(headers), "content-encoding": coding };
}

/** A strong tag stands for the bytes, which are others now: a weak one stands for what they say. */
function weakened({ etag }: AnswerHeaders): AnswerHeaders {
  return typeof etag === "string" && !etag.startsWith("W/") ? { etag: `W/${etag}` } : {};
}
