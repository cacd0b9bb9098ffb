/**
 * Answers: what goes back to the client, as plain data that every server adapter can send.
 *
 * @module
 */
import { type Chunk, iteratorOf } from "./stream.ts";

/** Header values by lower-case name; a list for a header that is sent several times. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A body on its way out: whole, or as it comes. */
export type AnswerBody = Chunk | AsyncIterable<Chunk> | null;

/**
 * An answer. A handler without `returns` may return one; middleware receives and returns them.
 *
 * @throws {RangeError} when the status is none from 200 to 599, nor 101
 * @throws {TypeError} when a header has characters that no header can have
 *
 * @example
 * ```ts
 * import { Answer } from "martlet";
 *
 * const teapot = new Answer(418, { "content-type": "text/plain" }, "I am a teapot");
 * expect(teapot.with({ "x-made-by": "martlet" }).headers["x-made-by"]).toBe("martlet");
 * ```
 */
export class Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody;
  /** Whether no header has a byte above ASCII: node:http writes those right before bytes alone. */
  readonly isAscii: boolean;

  constructor(status: number, headers: AnswerHeaders = {}, body: AnswerBody = null) {
    const isFinal = Number.isInteger(status) && status >= 200 && status <= 599;
    if (!isFinal && status !== 101) {
      throw new RangeError(`${status} is no status of an answer`);
    }
    this.status = status;
    const checked = headers === jsonHeaders ? jsonChecked : checkHeaders(headers);
    this.headers = checked.headers;
    this.isAscii = checked.isAscii;
    this.body = body;
  }

  /** The same answer with more headers. */
  with(headers: AnswerHeaders): Answer {
    return new Answer(
      this.status,
      { ...this.headers, ...checkHeaders(headers).headers },
      this.body,
    );
  }

  /** Gives up a body that is not sent, so that its source lets go of what it holds. */
  cancel(): void {
    const { body } = this;
    if (!isStream(body)) return;
    // Whether it ends well is of no interest to anybody any more.
    void iteratorOf(body)
      .return?.()
      .catch(() => undefined);
  }
}

/**
 * Whether a body comes bit by bit.
 *
 * @example
 * ```ts
 * import { isStream, text } from "martlet";
 *
 * expect(isStream(text("whole").body)).toBe(false);
 * ```
 */
export function isStream(body: AnswerBody): body is AsyncIterable<Chunk> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/** The headers of most answers, which need not be looked at each time. */
export const jsonHeaders: AnswerHeaders = Object.freeze({ "content-type": "application/json" });
const jsonChecked: CheckedHeaders = { headers: jsonHeaders, isAscii: true };

const headerName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const ascii = /^[\t\u0020-\u007e]*$/;
const latin1 = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Headers that can be sent. */
export interface CheckedHeaders {
  readonly headers: AnswerHeaders;
  readonly isAscii: boolean;
}

/**
 * Headers with lower-case names. Throws a `TypeError` for a name or value that is none: a line break
 * in one would let whoever chose it write the rest of the answer.
 */
export function checkHeaders(headers: AnswerHeaders): CheckedHeaders {
  let isLower = true;
  let isAscii = true;
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower !== name) isLower = false;
    if (!headerName.test(lower)) throw new TypeError(`${JSON.stringify(name)} is no header name`);
    for (const each of typeof value === "string" ? [value] : value) {
      if (ascii.test(each)) continue;
      isAscii = false;
      if (latin1.test(each)) continue;
      // The value itself is not told: it may be a secret.
      throw new TypeError(`The header ${name} has a character that no header can have`);
    }
  }
  if (isLower) return { headers, isAscii };
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(lowered) as AnswerHeaders, isAscii };
}

/**
 * An HTML page.
 *
 * @example
 * ```ts
 * import { html } from "martlet";
 *
 * expect(html("<h1>Hello</h1>").headers["content-type"]).toBe("text/html; charset=utf-8");
 * ```
 */
export function html(body: string, status = 200): Answer {
  return new Answer(status, { "content-type": "text/html; charset=utf-8" }, body);
}

/**
 * Plain text.
 *
 * @example
 * ```ts
 * import { text } from "martlet";
 *
 * expect(text("pong").body).toBe("pong");
 * ```
 */
export function text(body: string, status = 200): Answer {
  return new Answer(status, { "content-type": "text/plain; charset=utf-8" }, body);
}

/**
 * A redirect to a path of this server or to an absolute URL.
 *
 * @example
 * ```ts
 * import { redirect } from "martlet";
 *
 * expect(redirect("/items", 303).headers["location"]).toBe("/items");
 * ```
 *
 * @throws {TypeError} when the location holds a control character
 */
export function redirect(location: string, status: 301 | 302 | 303 | 307 | 308 = 307): Answer {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\u0000-\u0020\u007f-\uffff]/.test(location)) {
    throw new TypeError("The location of a redirect must be an encoded URL");
  }
  return new Answer(status, { location });
}

/** Whether an answer with this status has no body (RFC 9110 section 6.4.1). */
export function isBodyless(status: number): boolean {
  return status === 204 || status === 205 || status === 304 || status < 200;
}
