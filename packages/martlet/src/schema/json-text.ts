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

const nestedTooDeep = { wrong: `nests deeper than ${maxDepth} levels` };

/** Reads a JSON text; `loc` is where it stands in the request. */
export function readJson(text: string, loc: Issue["loc"]): JsonText {
  if (tooDeep(text)) return nestedTooDeep;
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
  return isSafe ? { value, issues: [] } : unsafe(value, loc);
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

/** What a value holds that no text of JSON may: `loc` is where it stands in the request. */
export function unsafe(value: unknown, loc: Issue["loc"]): JsonText {
  const issues: Issue[] = [];
  const isFlat = inspect(value, { loc: [...loc], issues, depth: 0 });
  return isFlat ? { value, issues } : nestedTooDeep;
}

/** A place within a value; `loc` is the same list all the way. */
interface Inspection {
  readonly loc: (string | number)[];
  readonly issues: Issue[];
  readonly depth: number;
}

/** Looks at every text within. Gives whether nothing nests too deep. */
function inspect(value: unknown, at: Inspection): boolean {
  if (at.issues.length >= maxIssues) return true;
  if (typeof value === "string") refuseText(textIssue(value), at);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  return at.depth < maxDepth && inspectMembers(value, at);
}

function inspectMembers(value: object, { loc, issues, depth }: Inspection): boolean {
  const isList = Array.isArray(value);
  for (const [key, each] of isList ? value.entries() : Object.entries(value)) {
    if (typeof key === "string") {
      refuseText(key === "__proto__" ? reserved : textIssue(key), { loc, issues, depth });
    }
    if (typeof each === "number" || typeof each === "boolean") continue;
    loc.push(key);
    if (!inspect(each, { loc, issues, depth: depth + 1 })) return false;
    loc.pop();
  }
  return true;
}

type TextIssue = Pick<Issue, "code" | "message">;

function refuseText(issue: TextIssue | undefined, { loc, issues }: Inspection): void {
  if (issue !== undefined) issues.push({ loc: [...loc], ...issue });
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
