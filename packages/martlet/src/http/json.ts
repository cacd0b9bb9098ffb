/**
 * JSON bodies (RFC 8259): strict UTF-8, bounded depth, and no text that breaks what comes after.
 *
 * @module
 */
import { InvalidInput, type Issue, MalformedBody } from "../errors.ts";
import { maxIssues } from "../schema/adapter.ts";

/** How deep arrays and objects may nest in a JSON body. */
const maxDepth = 64;

const utf8: Readonly<Record<"drop" | "keep", InstanceType<typeof TextDecoder>>> = {
  drop: new TextDecoder("utf-8", { fatal: true }),
  keep: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
};

/**
 * Decodes UTF-8. A byte order mark is dropped, or kept where it may be part of a value. Throws
 * {@link MalformedBody} when the bytes are no UTF-8.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  { bom = "drop" }: { readonly bom?: keyof typeof utf8 } = {},
): string {
  try {
    return utf8[bom].decode(bytes);
  } catch (cause) {
    throw new MalformedBody({}, { detail: "The body is not UTF-8.", cause });
  }
}

/** Parses a JSON body. Throws {@link MalformedBody} or {@link InvalidInput}. */
export function parseJson(bytes: Uint8Array): unknown {
  return parseJsonText(decodeUtf8(bytes));
}

/** Parses text as a JSON body. Throws {@link MalformedBody} or {@link InvalidInput}. */
export function parseJsonText(text: string): unknown {
  if (tooDeep(text)) {
    throw new MalformedBody({}, { detail: `The body nests deeper than ${maxDepth} levels.` });
  }
  const value = parse(text);
  // Only an escape or this one key can bring in what JSON.parse lets pass.
  if (text.includes("\\u") || text.includes("__proto__")) refuseUnsafe(value);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the body, which may hold a password: only the place is told.
    const position = /position (\d+)/.exec(String(cause))?.[1];
    const place = position === undefined ? "" : ` (at position ${position})`;
    throw new MalformedBody({}, { detail: `The body is not valid JSON${place}.`, cause });
  }
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

function refuseUnsafe(value: unknown): void {
  const errors: Issue[] = [];
  inspect(value, ["body"], errors);
  if (errors.length > 0) throw new InvalidInput({ errors });
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
