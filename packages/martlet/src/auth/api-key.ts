import type { HttpSource } from "../index.ts";
import { credential, type Credential, type CredentialOptions, single } from "./credential.ts";

/** Where an API key stands: exactly one of the three. */
export interface ApiKeyOptions extends CredentialOptions {
  readonly header?: string;
  readonly query?: string;
  readonly cookie?: string;
}

/**
 * A key in a header, the query or a cookie.
 *
 * @example
 * ```ts
 * import { apiKey } from "martlet/auth";
 *
 * const key = apiKey({ header: "x-api-key" });
 * expect(key.scheme.description["in"]).toBe("header");
 * ```
 */
export function apiKey(options: ApiKeyOptions): Credential<string> {
  const { header, query, cookie, name = "apiKey", description } = options;
  const place = header !== undefined ? "header" : query !== undefined ? "query" : "cookie";
  const key = header?.toLowerCase() ?? query ?? cookie;
  if (key === undefined) throw new TypeError("apiKey() needs a header, a query or a cookie name");
  const values = (source: HttpSource): readonly string[] | undefined => {
    if (place === "header") return source.headerValues(key);
    return place === "query" ? source.query.get(key) : source.cookies.get(key);
  };
  return credential({
    scheme: {
      name,
      description: {
        type: "apiKey",
        in: place,
        name: header ?? key,
        ...(description !== undefined && { description }),
      },
    },
    challenge: "ApiKey",
    find: (source) => single(values(source), key) || undefined,
  });
}
