/**
 * Servers of the AsyncAPI document.
 *
 * @module
 */
import type { ServerObject } from "../openapi/document.ts";
import type { AsyncApiDocument } from "./document.ts";

/** The servers that the application names by whole URLs; where a relative one is, nobody can tell. */
export function serversOf(servers: readonly ServerObject[]): AsyncApiDocument["servers"] {
  const told = servers.flatMap(({ url, description }, index) => {
    const found = /^http(?<s>s?):\/\/(?<host>[^/]+)(?<pathname>\/[^?#]*)?/.exec(url)?.groups;
    if (found === undefined) return [];
    const { s = "", host = "", pathname = "/" } = found;
    const server = {
      host,
      protocol: `ws${s}`,
      ...(pathname !== "/" && { pathname: pathname.replace(/\/$/, "") }),
      ...(description !== undefined && { description }),
    };
    return [[`server${index + 1}`, server] as const];
  });
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}
