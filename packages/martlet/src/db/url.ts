/**
 * Database URLs: which engine, and where.
 *
 * @module
 */
import { resolve } from "node:path";
import { Fault } from "../index.ts";
import type { Dialect } from "./driver.ts";
import { mysqlObjection } from "./mysql-target.ts";

/** Where a database is. A directory or file is absolute; without one, nothing outlives the process. */
export type Place =
  | { readonly engine: "postgres"; readonly url: string; readonly shown: string }
  | { readonly engine: "mysql"; readonly url: string; readonly shown: string }
  | { readonly engine: "sqlite"; readonly file: string | undefined }
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
      return { engine: "postgres", url, shown: readable(url, name) };
    case "mysql":
    case "mariadb":
      return { engine: "mysql", url, shown: mysqlShown(url, name) };
    case "sqlite":
      return { engine: "sqlite", file: fileOf(path, name) };
    case "embedded":
      return { engine: "embedded", directory: pathOf(path, ".martlet/postgres") };
    case "pglite":
      return { engine: "pglite", directory: pathOf(path, "memory") };
    case "":
      throw refusal("has no scheme", name);
    default:
      throw refusal(`has a scheme that is not known, "${scheme}:"`, name);
  }
}

/** The SQL that is spoken at a place. */
export function dialectOf({ engine }: Place): Dialect {
  return engine === "mysql" || engine === "sqlite" ? engine : "postgresql";
}

function pathOf(path: string, usual: string): string | undefined {
  const found = path || usual;
  return found === "memory" ? undefined : resolve(found);
}

function mysqlShown(url: string, name: string): string {
  const shown = readable(url, name);
  const objection = mysqlObjection(url);
  if (objection !== undefined) throw refusal(objection, name);
  return shown;
}

/** `:memory:` is how SQLite itself spells it. */
function fileOf(path: string, name: string): string | undefined {
  if (path.includes("?")) throw refusal("has a query, and sqlite: takes none", name);
  return path === ":memory:" ? undefined : pathOf(path, ".martlet/database.sqlite");
}

function readable(url: string, name: string): string {
  // The error of `new URL` quotes its input, hence no `cause`.
  if (!URL.canParse(url)) {
    throw refusal("cannot be read; its user name and password must be percent-encoded", name);
  }
  return shownOf(url);
}

/** The URL as it may be shown: without password, and without the query, which may hold one too. */
export function shownOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function refusal(reason: string, name: string): Fault {
  return new Fault("M015", `The database URL ${reason}`, {
    trail: [name],
    hint: "Write postgres://user:password@host:5432/name, mysql://user:password@host:3306/name, sqlite:./file, embedded:./directory or pglite:./directory.",
  });
}
