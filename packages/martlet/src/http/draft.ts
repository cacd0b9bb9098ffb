/**
 * The draft of an answer: status, headers and cookies that handlers and dependencies set before
 * there is a body.
 *
 * @module
 */
import type { CookieOptions, ResponseDraft } from "../source.ts";
import { type AnswerHeaders, checkHeaders } from "./answer.ts";
import { writeCookie } from "./cookies.ts";

/** A draft, and what it adds to the headers of an answer. */
export class Draft implements ResponseDraft {
  status: number | undefined = undefined;
  readonly #headers: Record<string, string> = {};
  readonly #cookies: string[] = [];

  header(name: string, value: string): void {
    const { headers } = checkHeaders({ [name]: value });
    // Each cookie has a header of its own.
    if ("set-cookie" in headers) this.#cookies.push(value);
    else Object.assign(this.#headers, headers);
  }

  cookie(name: string, value: string, options?: CookieOptions): void {
    this.#cookies.push(writeCookie(name, value, options));
  }

  clearCookie(name: string, options: CookieOptions = {}): void {
    this.#cookies.push(writeCookie(name, "", { ...options, maxAge: 0 }));
  }

  /** The headers of an answer with those of the draft on top. */
  over(headers: AnswerHeaders): AnswerHeaders {
    if (this.#cookies.length === 0) return { ...headers, ...this.#headers };
    const cookies = [headers["set-cookie"] ?? [], this.#cookies].flat(2);
    return { ...headers, ...this.#headers, "set-cookie": cookies };
  }
}
