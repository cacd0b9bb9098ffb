/**
 * `.env` files: `NAME=value` lines. Read by our own parser, as that of `node:util` keeps a byte order
 * mark as part of the first name, takes the next line for the value of `NAME=` and a blank, cuts
 * `p#ss` and `"say \"hi\""` short, and passes over what it does not understand in silence.
 *
 * @module
 */

/** What a `.env` file says. */
export interface Dotenv {
  /** The values by name; the last one of a name that stands there twice. */
  readonly values: Readonly<Record<string, string>>;
  /** The lines that say nothing. */
  readonly broken: readonly BrokenLine[];
}

/** A line of a `.env` file that cannot be read. */
export interface BrokenLine {
  /** Its number, from 1. */
  readonly line: number;
  /** What is wrong with it, without any of its text: that may be a secret. */
  readonly message: string;
}

const nothing = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
const name = /[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_][\w.-]*)[ \t]*=/y;
const quoted =
  /[ \t]*(?:'(?<single>[^']*)'|`(?<backtick>[^`]*)`|"(?<double>(?:[^"\\]|\\[^])*)")(?<rest>[^\n]*)/y;
const openQuote = /[ \t]*["'`]/y;
const line = /[^\n]*/y;
const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Reads the text of a `.env` file.
 *
 * Blank lines, comments and the word `export` in front of a name are passed over. A value without
 * quotes ends with the line, or where a `#` follows a blank. In `'…'` and `` `…` `` everything stands
 * for itself, in `"…"` there are `\n`, `\r`, `\t`, `\"`, `\\` and `\$`; all three may span lines. There
 * is no expansion of `$NAME`.
 *
 * @example
 * ```ts
 * import { parseDotenv } from "martlet/settings";
 *
 * const { values, broken } = parseDotenv("# Local\nexport PORT=8000\nGREETING='Hi # there'\nPORT");
 * expect(values).toEqual({ PORT: "8000", GREETING: "Hi # there" });
 * expect(broken).toEqual([{ line: 4, message: "This is no NAME=value." }]);
 * ```
 */
export function parseDotenv(text: string): Dotenv {
  const source = text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  const values = new Map<string, string>();
  const broken: BrokenLine[] = [];
  let at = 0;
  const take: Take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < source.length) {
    if (take(nothing) !== null) continue;
    const start = at;
    const read = readEntry(take);
    if (typeof read === "string") {
      broken.push({ line: source.slice(0, start).split("\n").length, message: read });
    } else values.set(read.name, read.value);
    take(line);
    // The line break itself.
    at += 1;
  }
  return { values: Object.fromEntries(values), broken };
}

type Take = (pattern: RegExp) => RegExpExecArray | null;

/** The entry that begins here, or what is wrong with it. */
function readEntry(take: Take): { readonly name: string; readonly value: string } | string {
  const key = take(name)?.groups?.["name"];
  if (key === undefined) return "This is no NAME=value.";
  const found = take(quoted)?.groups;
  if (found !== undefined) {
    if (!/^[ \t]*(?:#|$)/.test(found["rest"] ?? ""))
      return "There is text behind the closing quote.";
    return { name: key, value: insideQuotes(found) };
  }
  if (take(openQuote) !== null) return "The quote that begins here has no end.";
  return { name: key, value: bare(take(line)?.[0] ?? "") };
}

function insideQuotes({ single, backtick, double = "" }: Readonly<Record<string, string>>): string {
  return (
    single ??
    backtick ??
    double.replaceAll(/\\([nrt"\\$])/g, (_all, letter: string) => escapes[letter] ?? letter)
  );
}

/** A value without quotes, and without the comment behind it. */
function bare(text: string): string {
  const comment = text.search(/[ \t]#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}
