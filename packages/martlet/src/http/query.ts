/**
 * Query strings and urlencoded forms (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
 *
 * @module
 */
import { malformed, type TextValues } from "../source.ts";

/** Parses `a=1&b=2`. A value whose percent-encoding is broken becomes {@link malformed}. */
export function parseQuery(text: string): TextValues {
  const values = new Map<string, string[]>();
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf("&", start);
    const end = next < 0 ? text.length : next;
    if (end > start) addPair(values, text.slice(start, end));
    start = end + 1;
  }
  return values;
}

function addPair(values: Map<string, string[]>, pair: string): void {
  const equals = pair.indexOf("=");
  const name = decode(equals < 0 ? pair : pair.slice(0, equals));
  const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
  const known = values.get(name);
  if (known === undefined) values.set(name, [value]);
  else known.push(value);
}

function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  return spaced.includes("%") ? percentDecode(spaced) : spaced;
}

/** Decodes percent-encoded UTF-8; {@link malformed} when it is none. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return malformed;
  }
}
