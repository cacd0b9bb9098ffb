/**
 * Media types of requests (RFC 9110 section 8.3).
 *
 * @module
 */

/** A parsed `Content-Type`. */
export interface MediaType {
  /** Lower case: `"application/json"`. */
  readonly type: string;
  /** Lower-case names. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const essence = new RegExp(`^\\s*(${token}/${token})\\s*(?:;|$)`);
const parameter = new RegExp(`;\\s*(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)")`, "g");

/** What nearly every body is. */
const json: MediaType = { type: "application/json", parameters: {} };

/** Parses a `Content-Type` header; `undefined` when it is missing or malformed. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  if (header === json.type) return json;
  const type = essence.exec(header ?? "")?.[1];
  if (header === undefined || type === undefined) return undefined;
  const parameters: Record<string, string> = {};
  for (const [, name = "", plain, quoted] of header.matchAll(parameter)) {
    parameters[name.toLowerCase()] = plain ?? (quoted ?? "").replaceAll(/\\(.)/g, "$1");
  }
  return { type: type.toLowerCase(), parameters };
}

/** Whether a media type is JSON: `application/json` or a type with the suffix `+json` (RFC 6839). */
export function isJson({ type }: MediaType): boolean {
  return type === "application/json" || /^application\/[^+]*\+json$/.test(type);
}
