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

/** Writes a `Set-Cookie` value. Throws a `TypeError` for a name or attribute that is none. */
export function writeCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path = "/", httpOnly = true, sameSite = "Lax", maxAge, domain, secure } = options;
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} is no cookie name`);
  }
  const parts = [`${name}=${encodeURIComponent(value)}`, `Path=${attribute(path)}`];
  if (maxAge !== undefined) parts.push(`Max-Age=${Math.trunc(maxAge)}`);
  if (domain !== undefined) parts.push(`Domain=${attribute(domain)}`);
  if (httpOnly) parts.push("HttpOnly");
  // Browsers refuse `SameSite=None` without `Secure`.
  if (secure === true || sameSite === "None") parts.push("Secure");
  parts.push(`SameSite=${sameSite}`);
  return parts.join("; ");
}

function attribute(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (!/[;\u0000-\u001f\u007f]/.test(text)) return text;
  throw new TypeError(`${JSON.stringify(text)} is no cookie attribute`);
}
