/**
 * SQL as it may be shown: without the values that somebody wrote into it, and not too long.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";

/** Longer statements are cut before anything else is done with them. */
const longest = 10_000;

/** A quoted piece in which a doubled quote is one quote; one that is never closed goes to the end. */
const plain = String.raw`'[^']*(?:''[^']*)*(?:'|$)`;
/** The same with escapes by a backslash. */
const escaped = String.raw`'(?:[^'\\]|\\[^]|'')*(?:'|$)`;
const comment = String.raw`--[^\n]*|/\*[^]*?(?:\*/|$)`;
const kept = String.raw`\$\d+|[\p{L}_][\p{L}\w$]*|${"`"}[^${"`"}]*(?:${"`"}|$)`;
const number = String.raw`\d[\w.]*`;
const quotedName = plain.replaceAll("'", '"');

/** The tokens that matter, by what becomes of each. */
const tokens: { readonly [D in Dialect]: RegExp } = {
  postgresql: tokensOf({
    text: String.raw`[eE]${escaped}|[bBxXnN]?${plain}|\$(?<tag>(?:[\p{L}_]\w*)?)\$[^]*?(?:\$\k<tag>\$|$)`,
    name: quotedName,
  }),
  mysql: tokensOf({ text: `[bBxXnN]?${escaped}|${escaped.replaceAll("'", '"')}`, name: "(?!)" }),
  sqlite: tokensOf({ text: `[xX]?${plain}`, name: quotedName }),
};

function tokensOf({ text, name }: { readonly text: string; readonly name: string }): RegExp {
  return new RegExp(
    `(?<comment>${comment})|(?<text>${text})|(?<kept>${name}|${kept})|(?<number>${number})`,
    "gu",
  );
}

/**
 * A statement without comments and without the values that are written into it: each becomes `?`.
 * Placeholders stay what they are.
 */
export function masked(text: string, dialect: Dialect): string {
  return text.replace(tokens[dialect], (...match) => {
    // The named groups come last.
    const groups = match.at(-1) as Readonly<Record<string, string | undefined>>;
    if (groups["comment"] !== undefined) return " ";
    return groups["kept"] ?? "?";
  });
}

/** A statement as it may be shown, on one line and without its values; cut when it is very long. */
export function withoutValues(text: string, dialect: Dialect): string {
  return masked(text.slice(0, longest), dialect).replaceAll(/\s+/g, " ").trim();
}

const list = /\(((?:\$\d+|\?|default)(?:, ?(?:\$\d+|\?|default))+)\)(?:, ?\([^()]*\))*/g;

/** A statement on one line of at most `limit` characters, without its values. */
export function shortened(text: string, dialect: Dialect, limit = 300): string {
  const line = withoutValues(text, dialect).replaceAll(
    list,
    (_all, places: string) => `(${places.slice(0, places.indexOf(","))}, …)`,
  );
  if (line.length <= limit) return line;
  // What is read stands at the beginning, and by what it is found at the end.
  const half = Math.floor((limit - 3) / 2);
  return `${line.slice(0, half)} … ${line.slice(line.length - half)}`;
}
