/**
 * JSON as requests hold it (RFC 8259): bounded in depth, and without text that breaks what comes after.
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import { maxIssues } from "./adapter.ts";

/** How deep arrays and objects may nest. */
const maxDepth = 64;

/** What a JSON text came to: its value and what is not allowed in it, or why it is no JSON. */
export type JsonText =
  | { readonly value: unknown; readonly issues: readonly Issue[] }
  | { readonly wrong: string; readonly cause?: unknown };

/** Reads a JSON text; `loc` is where it stands in the request. */
export function readJson(text: string, loc: Issue["loc"]): JsonText {
  if (tooDeep(text)) return { wrong: `nests deeper than ${maxDepth} levels` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the text, which may hold a password: only the place is told.
    const position = /position (\d+)/.exec(String(cause))?.[1];
    const place = position === undefined ? "" : ` (at position ${position})`;
    return { wrong: `is not valid JSON${place}`, cause };
  }
  // Only an escape or this one key can bring in what JSON.parse lets pass.
  const isSafe = !text.includes("\\u") && !text.includes("__proto__");
  return { value, issues: isSafe ? [] : unsafe(value, loc) };
}

/** Counts brackets; strings are skipped only when there are enough brackets for it to matter. */
function tooDeep(text: string): boolean {
  return openers(text, maxDepth) && depthOf(text) > maxDepth;
}

/** Whether there are more than `limit` opening brackets: fewer cannot nest deeper. */
function openers(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfString(text, index);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return deepest;
}

/** The index of the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && escaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function escaped(text: string, index: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(index - 1 - slashes) === 0x5c) slashes += 1;
  return slashes % 2 === 1;
}

function unsafe(value: unknown, loc: Issue["loc"]): readonly Issue[] {
  const errors: Issue[] = [];
  inspect(value, [...loc], errors);
  return errors;
}

/** Looks at every text within; `loc` is where the value stands, and the same list all the way. */
function inspect(value: unknown, loc: (string | number)[], errors: Issue[]): void {
  if (errors.length >= maxIssues) return;
  if (typeof value === "string") refuseText(textIssue(value), loc, errors);
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, each] of isList ? value.entries() : Object.entries(value)) {
    if (typeof key === "string") {
      refuseText(key === "__proto__" ? reserved : textIssue(key), loc, errors);
    }
    if (typeof each === "number" || typeof each === "boolean") continue;
    loc.push(key);
    inspect(each, loc, errors);
    loc.pop();
  }
}

type TextIssue = Pick<Issue, "code" | "message">;

function refuseText(
  issue: TextIssue | undefined,
  loc: readonly (string | number)[],
  errors: Issue[],
): void {
  if (issue !== undefined) errors.push({ loc: [...loc], ...issue });
}

const reserved = { code: "reserved_key", message: 'The key "__proto__" is not allowed.' };

/** What is wrong with a text that no database and no file could keep as it is. */
function textIssue(text: string): TextIssue | undefined {
  if (text.includes("\0")) {
    return { code: "nul_character", message: "This holds a NUL character." };
  }
  return text.isWellFormed()
    ? undefined
    : { code: "lone_surrogate", message: "This holds half of a surrogate pair." };
}
