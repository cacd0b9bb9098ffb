/**
 * Names in SQL, as each dialect quotes them.
 *
 * @module
 */
import type { Dialect } from "./driver.ts";

/** A name in quotes: `"items"`. */
export function quoted(name: string, dialect: Dialect): string {
  const quote = dialect === "mysql" ? "`" : '"';
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** The parts of a name in quotes: `["items", "id"]` is `"items"."id"`. */
export function quotedPath(path: readonly string[], dialect: Dialect): string {
  return path.map((each) => quoted(each, dialect)).join(".");
}
