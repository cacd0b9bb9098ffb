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

const hint =
  "Write postgres://user:password@host:5432/name, embedded:./directory, or pglite:./directory.";

/** Reads a database URL. Nothing of it but its scheme is ever told, for it may hold a password. */
export function placeOf(url: string, workingDirectory: string): Place {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  const path = rest.replace(/^\/\//, "");
  switch (scheme.toLowerCase()) {
    case "postgres":
    case "postgresql":
      return { engine: "postgres", url, shown: withoutSecrets(url) };
    case "embedded":
      return {
        engine: "embedded",
        directory: directoryOf(path || ".martlet/postgres", workingDirectory),
      };
    case "pglite":
      return { engine: "pglite", directory: directoryOf(path || "memory", workingDirectory) };
    case "":
      throw new Fault("M015", "The database URL has no scheme", { hint });
    default:
      throw new Fault("M015", `The database URL has the scheme "${scheme}:"`, { hint });
  }
}

function directoryOf(path: string, workingDirectory: string): string | undefined {
  return path === "memory" ? undefined : resolve(workingDirectory, path);
}

/** The URL as it may be shown: without password, and without the query, which may hold one too. */
function withoutSecrets(url: string): string {
  // The error of `new URL` quotes its input, hence no `cause`.
  if (!URL.canParse(url)) {
    throw new Fault("M015", "The database URL cannot be read", {
      hint: `Percent-encode what is special in the user name and the password. ${hint}`,
    });
  }
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
