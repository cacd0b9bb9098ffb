/**
 * Answers that are files: conditional requests, ranges, and the headers that go with them.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { Answer, type AnswerHeaders, Forbidden, type HttpSource, NotFound } from "../index.ts";
import { type ByteRange, byteRanges, contentRange, lengthOf } from "./byte-range.ts";
import { contentDisposition, type Disposition } from "./disposition.ts";
import { mediaTypeOf } from "./media-type.ts";
import { isRangeWanted, judge, type Validators } from "./precondition.ts";
import { placeOf, realPathOf } from "./place.ts";
import {
  type Absence,
  chunks,
  contentOf,
  look,
  type Span,
  type StoredFile,
} from "./stored-file.ts";

/** How a file is answered. */
export interface FileAnswerOptions {
  /**
   * The directory that the path is in. The path may then come from a client: what is not below the
   * directory, links followed, is not found.
   */
  readonly directory?: string | URL;
  /** @default told by the end of the file's name */
  readonly mediaType?: string;
  /** The name to save the file under. @default none: the client takes it from the URL */
  readonly filename?: string;
  /** Whether a file with a `filename` is saved or shown. @default "attachment" */
  readonly disposition?: Disposition;
  /** The value of `Cache-Control`. @default none */
  readonly cacheControl?: string;
  /**
   * The entity tag, quoted, or `false` for none. A tag that stands for the very bytes, such as the
   * quoted hash of them, lets clients resume by it.
   *
   * @default a weak tag of size and time of the last change
   */
  readonly etag?: string | false;
  /** More headers. */
  readonly headers?: AnswerHeaders;
  /** @default 200 */
  readonly status?: number;
}

/**
 * The answer that sends a file (RFC 9110): with its media type, length, `Last-Modified` and `ETag`; 304
 * or 412 for what a conditional request says; 206 or 416 for the ranges that it asks for. The file is
 * read as fast as the client takes it. One that changes meanwhile cuts the connection.
 *
 * `path` is of a file that the server chose; for a name that came from a client, tell the `directory`.
 *
 * @throws {NotFound} when there is no such file, or it is none
 * @throws {Forbidden} when the process may not read it
 * @throws {TypeError} when the entity tag is not quoted
 *
 * @example
 * ```ts
 * import { Forbidden, get, martlet, NotFound, request } from "martlet";
 * import { sendFile } from "martlet/static";
 * import { testClient } from "martlet/testing";
 * import { z } from "zod";
 *
 * const report = get(
 *   "/reports/{name}",
 *   { path: { name: z.string() }, use: { request }, throws: [NotFound, Forbidden] },
 *   ({ name, request }) => sendFile(request, name, { directory: "reports", filename: name }),
 * );
 * expect((await testClient(martlet({ report })).get("/reports/..%2Fsecret")).status).toBe(404);
 * ```
 */
export async function sendFile(
  request: HttpSource,
  path: string | URL,
  options: FileAnswerOptions = {},
): Promise<Answer> {
  const { directory } = options;
  const place = directory === undefined ? pathOf(path) : await below(directory, String(path));
  const file = place === undefined ? "missing" : await look(place);
  if (typeof file === "string") throw absent(file);
  return answerFile(request, file, options);
}

async function below(directory: string | URL, name: string): Promise<string | undefined> {
  const root = await realPathOf(pathOf(directory));
  if (root === undefined) return undefined;
  return placeOf(root, name.split("/"), { dotFiles: false, followLinks: false });
}

/** A path that may be told as a `file:` URL. */
export function pathOf(path: string | URL): string {
  return typeof path === "string" ? path : fileURLToPath(path);
}

/** The problem that a client is told of a file that there is none of. */
function absent(absence: Absence): Error {
  return absence === "forbidden" ? new Forbidden() : new NotFound();
}

/** The answer that sends a file which was found. */
export function answerFile(
  request: HttpSource,
  file: StoredFile,
  options: Omit<FileAnswerOptions, "directory">,
): Answer {
  const { status = 200 } = options;
  const { headers, validators } = headersOf(file, options);
  // Conditions and ranges are about reading the file itself.
  if (status !== 200 || !/^(?:GET|HEAD)$/.test(request.method)) {
    return sent(request, file, { status, headers });
  }
  const verdict = judge(request, validators);
  if (verdict === "failed") return new Answer(412);
  if (verdict === "not modified") return new Answer(304, headers);
  const isPart = request.method === "GET" && isRangeWanted(request, validators);
  const ranges = isPart ? byteRanges(request.header("range"), file.size) : undefined;
  const resumable = { ...headers, "accept-ranges": "bytes" };
  if (ranges === undefined) return sent(request, file, { status, headers: resumable });
  const [only, ...more] = ranges;
  if (only === undefined) return new Answer(416, { "content-range": `bytes */${file.size}` });
  if (more.length > 0) return severalRanges(file, ranges, resumable);
  const partial = { ...resumable, "content-range": contentRange(only, file.size) };
  return sent(request, file, { status: 206, headers: partial, span: spanOf(only) });
}

function headersOf(
  file: StoredFile,
  { mediaType, filename, disposition, cacheControl, etag, headers }: FileAnswerOptions,
): { readonly headers: AnswerHeaders; readonly validators: Validators } {
  // A date that is still to come would be taken for now (RFC 9110 section 8.8.2.1).
  const milliseconds = Math.min(Number(file.modified / 1_000_000n), Date.now());
  const modified = Math.floor(milliseconds / 1000);
  const tag = etag === undefined ? weakTag(file) : etag === false ? undefined : quoted(etag);
  const told: AnswerHeaders = {
    "content-type": mediaType ?? mediaTypeOf(file.path),
    "last-modified": new Date(modified * 1000).toUTCString(),
    "x-content-type-options": "nosniff",
    ...(tag !== undefined && { etag: tag }),
    ...(cacheControl !== undefined && { "cache-control": cacheControl }),
    ...((filename !== undefined || disposition !== undefined) && {
      "content-disposition": dispositionOf(filename, disposition),
    }),
    ...headers,
  };
  return { headers: told, validators: { etag: tag, modified } };
}

function dispositionOf(filename: string | undefined, disposition: Disposition | undefined): string {
  return filename === undefined
    ? (disposition ?? "attachment")
    : contentDisposition(filename, disposition);
}

function quoted(etag: string): string {
  if (/^(?:W\/)?"[!#-~]*"$/.test(etag)) return etag;
  throw new TypeError(`${JSON.stringify(etag)} is no entity tag: it must stand in quotes`);
}

/** Two states of a file may have the same size and time, so the tag is weak. */
export function weakTag({ size, modified }: StoredFile, suffix = ""): string {
  return `W/"${size.toString(36)}-${modified.toString(36)}${suffix}"`;
}

interface Sent {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** @default all of the file */
  readonly span?: Span;
}

function sent(
  request: HttpSource,
  file: StoredFile,
  { status, headers, span = { first: 0, end: file.size } }: Sent,
): Answer {
  const all = { ...headers, "content-length": String(span.end - span.first) };
  if (request.method === "HEAD") return new Answer(status, all);
  return new Answer(status, all, contentOf(file, span));
}

function spanOf({ first, last }: ByteRange): Span {
  return { first, end: last + 1 };
}

/** Several ranges, each a part of its own (RFC 9110 section 14.6). */
function severalRanges(
  file: StoredFile,
  ranges: readonly ByteRange[],
  headers: AnswerHeaders,
): Answer {
  const boundary = crypto.randomUUID();
  const type = String(headers["content-type"]);
  const pieces = ranges.flatMap((range) => [
    Buffer.from(
      `\r\n--${boundary}\r\ncontent-type: ${type}\r\ncontent-range: ${contentRange(range, file.size)}\r\n\r\n`,
    ),
    spanOf(range),
  ]);
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  const texts = [...pieces, end].filter((each) => each instanceof Uint8Array);
  const length =
    texts.reduce((sum, each) => sum + each.length, 0) +
    ranges.reduce((sum, each) => sum + lengthOf(each), 0);
  const all = {
    ...headers,
    "content-type": `multipart/byteranges; boundary=${boundary}`,
    "content-length": String(length),
  };
  return new Answer(206, all, chunks(file, [...pieces, end]));
}
