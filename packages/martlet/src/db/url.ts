/**
 * Database URLs: which engine, and where.
 *
 * @module
 */
import { resolve } from "node:path";
import { Fault } from "../index.ts";

/** Where a database is. A directory is absolute; without one, nothing outlives the process. */
export type Place =
  | { readonly engine: "postgres"; readonly url: string; readonly shown: string }
  | { readonly engine: "embedded"; readonly directory: string | undefined }
  | { readonly engine: "pglite"; readonly directory: string | undefined };

/**
 * Reads the URL of a database that is called `name`. Nothing of the URL but its scheme is ever told,
 * for it may hold a password.
 */
export function placeOf(url: string, name: string): Place {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  const path = rest.replace(/^\/\//, "");
  switch (scheme.toLowerCase()) {
    case "postgres":
    case "postgresql":
      return { engine: "postgres", url, shown: withoutSecrets(url, name) };
    case "embedded":
      return { engine: "embedded", directory: directoryOf(path || ".martlet/postgres") };
    case "pglite":
      return { engine: "pglite", directory: directoryOf(path || "memory") };
    default:
      throw refusal(
        scheme === "" ? "has no scheme" : `has a scheme that is not known, "${scheme}:"`,
        name,
      );
  }
}

function directoryOf(path: string): string | undefined {
  return path === "memory" ? undefined : resolve(path);
}

/** The URL as it may be shown: without password, and without the query, which may hold one too. */
function withoutSecrets(url: string, name: string): string {
  // The error of `new URL` quotes its input, hence no `cause`.
  if (!URL.canParse(url)) {
    throw refusal("cannot be read; its user name and password must be percent-encoded", name);
  }
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function refusal(reason: string, name: string): Fault {
  return new Fault("M015", `The database URL ${reason}`, {
    trail: [name],
    hint: "Write postgres://user:password@host:5432/name, embedded:./directory or pglite:./directory.",
  });
}
