/**
 * Sources: what the parameters of a call are read from. An HTTP request is one; a job, a command
 * and a socket have others. A parameter names the least it needs.
 *
 * @module
 */

/** Named text values, as a query string or a form gives them: every value of every name, in order. */
export type TextValues = ReadonlyMap<string, readonly string[]>;

/** An HTTP request, as far as parameters may look at it. Each part is parsed at most once. */
export interface HttpSource {
  /** The method, in upper case. */
  readonly method: string;
  /** The address of whoever is connected, which may be a proxy; `undefined` where nobody tells. */
  readonly address: string | undefined;
  /** The path as it was sent, percent-encoded, without the query. */
  readonly path: string;
  /** The route that it was found to be for: `"GET /items/{id}"`; `undefined` before it was found. */
  readonly route: string | undefined;
  /** What was taken off the path on the way here, by mounts: `"/admin"`. */
  readonly rootPath: string;
  /** The query string as it was sent, without `?`. */
  readonly search: string;
  /** The values of the route's placeholders, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query, decoded. A value whose percent-encoding is broken is kept as {@link malformed}. */
  readonly query: TextValues;
  /** The cookies, as sent. */
  readonly cookies: TextValues;
  /** A header's value by its lower-case name; several are joined with `", "`. */
  readonly header: (name: string) => string | undefined;
  /** The names of all headers, in lower case. */
  readonly headerNames: () => readonly string[];
  /** Every value of a header that was sent more than once. */
  readonly headerValues: (name: string) => readonly string[];
  /** Set by handlers and dependencies: status, headers and cookies of the answer. */
  readonly response: ResponseDraft;
  /** Work to do once the answer is sent. */
  readonly background: Background;
  /** Aborted when the client has gone, the deadline is over or the server stops. */
  readonly signal: AbortSignal;
}

/** A request with a body, which the handshake of a socket has not. Read at most once. */
export interface BodySource extends HttpSource {
  /** The body, parsed as JSON or by the codec of its media type. Throws a problem: 400, 413 or 415. */
  readonly json: (limit: number, codecs?: readonly Codec[]) => Promise<unknown>;
  /** The body as it came, also after it was parsed. Throws a problem: 400, 413 or 415. */
  readonly bytes: (limits: BytesLimits) => Promise<Uint8Array<ArrayBuffer>>;
  /** The body as it comes. Throws a problem: 413 or 415; reading it throws 400, 408 or 413. */
  readonly stream: (limits: BytesLimits) => ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The fields and files of a form. Throws a problem: 400, 413 or 415. */
  readonly form: (limits: FormLimits) => Promise<FormContent>;
}

/** Which raw bodies are taken. */
export interface BytesLimits {
  /** Bytes at the most. */
  readonly maxSize: number;
  /** The media types that are taken, such as `"image/*"`. @default all */
  readonly types?: readonly string[];
}

/** What a form may hold at the most. */
export interface FormLimits {
  /** Bytes of all text fields together. */
  readonly text: number;
  /** Bytes of one text field. @default `text` */
  readonly field?: number | undefined;
  /** Bytes of the whole form. @default what its fields and files may have together */
  readonly form?: number | undefined;
  /** Bytes of its files that are held in memory; what is beyond is written to disk. @default 1 MiB */
  readonly memory?: number | undefined;
  /** The names that take a file, each with the bytes that one file may have. */
  readonly files: Readonly<Record<string, FileLimits>>;
  /** The names of fields that hold JSON, whose parts may look like files. */
  readonly json?: ReadonlySet<string>;
}

/** What one file field takes. */
export interface FileLimits {
  /** Bytes of one file. */
  readonly maxSize: number;
  /** How many files. */
  readonly maxCount: number;
}

/** What a form held. */
export interface FormContent {
  readonly fields: TextValues;
  readonly files: ReadonlyMap<string, readonly UploadedFile[]>;
}

/**
 * A file of a form. It can be read in any way and as often as one likes, until the tasks after the
 * answer are done.
 */
export interface UploadedFile {
  /** The name the client gave, without any folder. Never use it as a path. */
  readonly filename: string;
  /** The media type the client gave, in lower case. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** The whole content. */
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The whole content as UTF-8. Throws a problem, 400, when it is none. */
  readonly text: () => Promise<string>;
  /** The content piece by piece, from its beginning; a new stream each time. */
  readonly stream: () => ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * Saves a copy, whole or not at all: nobody ever sees a part of it under this name. Without
   * `overwrite` it throws an error with the code `EEXIST` when there is such a file already.
   */
  readonly saveTo: (target: string | URL, options?: SaveOptions) => Promise<void>;
}

/** How a file is saved. */
export interface SaveOptions {
  /** Whether a file that is there already is replaced. @default false */
  readonly overwrite?: boolean;
}

/** The part of the answer that a handler or dependency may set before there is a body. */
export interface ResponseDraft {
  /** The status, instead of the route's. */
  status: number | undefined;
  /** Sets a header; the name in lower case. */
  readonly header: (name: string, value: string) => void;
  /** Sets a cookie (RFC 6265). `Path=/`, `HttpOnly`, `SameSite=Lax` unless said otherwise. */
  readonly cookie: (name: string, value: string, options?: CookieOptions) => void;
  /** Asks the client to forget a cookie. */
  readonly clearCookie: (name: string, options?: CookieOptions) => void;
}

/** The attributes of a cookie (RFC 6265 section 4.1). */
export interface CookieOptions {
  /** Seconds; without it the cookie lasts as long as the browser's session. */
  readonly maxAge?: number;
  readonly domain?: string;
  /** @default "/" */
  readonly path?: string;
  /** @default true */
  readonly httpOnly?: boolean;
  /** Only over HTTPS. */
  readonly secure?: boolean;
  /** @default "Lax" */
  readonly sameSite?: "Strict" | "Lax" | "None";
}

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

/** Adds work to do after the answer is sent, and after the clean-ups. A failing task is reported. */
export type Background = (task: () => unknown) => void;

/** Stands for a value whose percent-encoding is broken or not UTF-8. It is no valid text. */
export const malformed = "\u0000malformed";
