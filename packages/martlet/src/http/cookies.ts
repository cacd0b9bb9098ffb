/**
 * Cookies (RFC 6265): read leniently, written strictly.
 *
 * @module
 */
import type { CookieOptions, TextValues } from "../source.ts";
import { percentDecode } from "./query.ts";

/** Parses a `Cookie` header: all values of all names, in order. */
export function parseCookies(header: string | undefined): TextValues {
  const cookies = new Map<string, string[]>();
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    const text = unquote(pair.slice(equals + 1).trim());
    const value = text.includes("%") ? percentDecode(text) : text;
    const known = cookies.get(name);
    if (known === undefined) cookies.set(name, [value]);
    else known.push(value);
  }
  return cookies;
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/**
 * Writes a `Set-Cookie` value. Throws a `TypeError` for a name or attribute that is none, and for
 * what every browser would refuse without a word.
 */
export function writeCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path = "/", httpOnly = true, sameSite = "Lax", maxAge, domain } = options;
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} is no cookie name`);
  }
  refuseBrokenPromise(name, options);
  const parts = [`${name}=${encodeURIComponent(value)}`, `Path=${attribute(path)}`];
  if (maxAge !== undefined) parts.push(`Max-Age=${seconds(maxAge)}`);
  if (domain !== undefined) parts.push(`Domain=${attribute(domain)}`);
  if (httpOnly) parts.push("HttpOnly");
  // Browsers refuse `SameSite=None` and these prefixes without `Secure`.
  if (options.secure === true || sameSite === "None" || /^__(?:Host|Secure)-/.test(name)) {
    parts.push("Secure");
  }
  parts.push(`SameSite=${attribute(sameSite)}`);
  return parts.join("; ");
}

/** The prefix `__Host-` promises one host and all of its paths (RFC 6265bis section 4.1.3.2). */
function refuseBrokenPromise(name: string, { path = "/", domain }: CookieOptions): void {
  if (!name.startsWith("__Host-") || (domain === undefined && path === "/")) return;
  throw new TypeError(`${name} must have the path "/" and no domain`);
}

function seconds(maxAge: number): number {
  if (Number.isFinite(maxAge)) return Math.trunc(maxAge);
  throw new TypeError(`${maxAge} is no number of seconds`);
}

function attribute(text: string): string {
  if (/^[\u0020-\u003a\u003c-\u007e]*$/.test(text)) return text;
  throw new TypeError(`${JSON.stringify(text)} is no cookie attribute`);
}
