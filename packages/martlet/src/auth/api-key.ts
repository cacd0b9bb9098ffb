import type { HttpSource } from "../index.ts";
import {
  alone,
  credential,
  type Credential,
  type CredentialOptions,
  single,
} from "./credential.ts";

/** Where an API key stands: exactly one of the three. */
export interface ApiKeyOptions extends CredentialOptions {
  readonly header?: string;
  /** Addresses end up in logs and histories: only where nothing else is possible. */
  readonly query?: string;
  readonly cookie?: string;
}

/**
 * A key in a header, the query or a cookie.
 *
 * @throws {TypeError} when it is not told where the key stands
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { apiKey } from "martlet/auth";
 *
 * const key = apiKey({ header: "X-Api-Key" });
 * const stock = get("/stock", { security: { key } }, ({ key }) => ({ length: key.length }));
 * expect(stock.path).toBe("/stock");
 * ```
 */
export function apiKey(options: ApiKeyOptions): Credential<string> {
  const { header, query, cookie, name = "apiKey" } = options;
  const key = header ?? query ?? cookie;
  if (key === undefined) throw new TypeError("apiKey() needs a header, a query or a cookie name");
  const place = header !== undefined ? "header" : query !== undefined ? "query" : "cookie";
  return credential({
    ...options,
    ways: alone(name, { type: "apiKey", in: place, name: key }, options),
    challenges: [{ scheme: place === "cookie" ? "Cookie" : "ApiKey" }],
    find: (source) => readers[place](source, key) || undefined,
  });
}

const readers = {
  header: (source: HttpSource, name: string) =>
    single(source.headerValues(name.toLowerCase()), name),
  query: (source: HttpSource, name: string) => single(source.query.get(name), name),
  // A second cookie of one name is somebody else's, set for a wider domain: neither is believed.
  cookie: (source: HttpSource, name: string) => {
    const values = source.cookies.get(name);
    return values?.length === 1 ? values[0] : undefined;
  },
} as const;
