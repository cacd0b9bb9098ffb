/**
 * What tests of watched statements share: a table, and where a line of the test itself is.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { integer, pgTable, text } from "drizzle-orm/pg-core";

/** A table of its own. */
export function randomTable() {
  const name = `watched_${randomBytes(5).toString("hex")}`;
  return pgTable(name, { id: integer().primaryKey(), name: text() });
}

/** How a place on the line of a file that ends in `// <mark>` begins: `"test/a.test.ts:12:"`. */
export function markedLine(file: string, mark: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((line) => line.endsWith(`// ${mark}`));
  if (index < 0) throw new Error(`No line of ${file} has the mark "${mark}"`);
  return `${relative(process.cwd(), file)}:${index + 1}:`;
}
