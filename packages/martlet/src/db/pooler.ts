/**
 * Poolers: what stands between the application and its server, such as PgBouncer.
 *
 * @module
 */

/** A URL, and whether each transaction behind it may be in another session of the server. */
export interface PooledUrl {
  /** The URL without the word about a pooler, which is for us alone. */
  readonly url: string;
  readonly isPooled: boolean;
}

/**
 * Reads `?pooler=transaction`, by which a `postgres:` URL says that it leads to a pooler in
 * transaction mode. Prepared statements with a name, locks of a session and settings at its start
 * do not work there, and are not used.
 */
export function readPooler(url: string): PooledUrl {
  const isPooled = /^postgres(?:ql)?:.*[?&]pooler=transaction(?:&|$)/is.test(url);
  const rest = url.replace(/([?&])pooler=[^&]*(?:&|$)/i, "$1").replace(/[?&]$/, "");
  return { url: /^postgres(?:ql)?:/i.test(url) ? rest : url, isPooled };
}
