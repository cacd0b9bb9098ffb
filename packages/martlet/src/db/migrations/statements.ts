/**
 * The statements of a migration's file.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";

/** What separates two statements; the second is Drizzle's. */
const separator = /^--> (?:next|statement-breakpoint)[ \t]*$/m;

/** The line that separates two statements. */
export const next = "--> next";

/** The statements of a text, without those that are nothing but comments. */
export function statementsOf(text: string): string[] {
  return text
    .split(separator)
    .map((each) => each.trim())
    .filter((each) => bare(each, "postgresql").replaceAll(";", "").trim() !== "");
}

/** What is not code, as patterns: texts, quoted names and comments. */
const quoted: { readonly [D in Dialect]: RegExp } = {
  postgresql:
    /\be'(?:[^'\\]|\\[^]|'')*'|'[^']*'|"[^"]*"|\$(?<tag>(?:[a-z_]\w*)?)\$[^]*?\$\k<tag>\$|--[^\n]*|\/\*[^]*?\*\//gi,
  mysql:
    /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|`[^`]*`|#[^\n]*|--(?:\s[^\n]*)?$|\/\*(?!!)[^]*?\*\//gm,
  sqlite: /'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[^]*?\*\//g,
};

/** A statement without its comments, its texts and the names that are quoted. */
export function bare(statement: string, dialect: Dialect): string {
  return statement.replaceAll(quoted[dialect], (found) =>
    /^(?:--|#|\/\*)/.test(found) ? " " : "''",
  );
}

/** Definitions with statements in them. */
const routine =
  /^\s*(?:create\s+(?:or\s+replace\s+)?(?:definer\s*=\s*\S+\s+)?(?:temp\s+|temporary\s+|aggregate\s+|constraint\s+)?(?:function|procedure|trigger|event|package)|begin\s+not\s+atomic|do)\b/i;

/** Whether there are several statements where one was expected. */
export function isSeveral(statement: string, dialect: Dialect): boolean {
  const code = bare(statement, dialect);
  return !routine.test(code) && /;\s*[^\s;]/.test(code);
}

/** Whether a statement begins or ends a transaction, which the runner does. */
export function isControl(statement: string, dialect: Dialect): boolean {
  return /^\s*(?:begin|start\s+transaction|commit|rollback|end)\s*(?:work|transaction)?\s*;?\s*$/i.test(
    bare(statement, dialect),
  );
}

/** A statement in one short line, for people. */
export function gist(statement: string): string {
  const line = statement
    .replaceAll(/^\s*--.*$/gm, "")
    .replaceAll(/\s+/g, " ")
    .replace(/;?\s*$/, "")
    .trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
