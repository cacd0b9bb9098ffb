/**
 * Conditional requests (RFC 9110 section 13): what a client has already, or takes for granted.
 *
 * @module
 */
import type { HttpSource } from "../index.ts";

/** What tells one state of a file from another. */
export interface Validators {
  /** The entity tag, quoted: `"a1"` or `W/"a1"`. */
  readonly etag: string | undefined;
  /** When the file was last modified, in whole seconds since 1970. */
  readonly modified: number;
}

/** What the preconditions of a request make of it. */
export type Verdict = "go on" | "not modified" | "failed";

/** Looks at the preconditions of a GET or HEAD in the order of RFC 9110 section 13.2.2. */
export function judge(request: HttpSource, validators: Validators): Verdict {
  const { etag, modified } = validators;
  const wanted = request.header("if-match");
  const unmodified = secondsOf(request.header("if-unmodified-since"));
  if (wanted !== undefined) {
    if (!tagsOf(wanted).some((each) => each === "*" || isSame(each, etag))) return "failed";
  } else if (unmodified !== undefined && modified > unmodified) return "failed";
  const known = request.header("if-none-match");
  if (known !== undefined) {
    const isKnown = tagsOf(known).some((each) => each === "*" || opaque(each) === opaque(etag));
    return isKnown ? "not modified" : "go on";
  }
  const since = secondsOf(request.header("if-modified-since"));
  return since !== undefined && modified <= since ? "not modified" : "go on";
}

/** Whether the parts that a client has are of this very state, so that a range may be sent. */
export function isRangeWanted(request: HttpSource, { etag, modified }: Validators): boolean {
  const condition = request.header("if-range");
  if (condition === undefined) return true;
  return /^(?:W\/)?"/.test(condition) ? isSame(condition, etag) : secondsOf(condition) === modified;
}

/** The strong comparison: weak tags stand for what is alike, and not for the same bytes. */
function isSame(tag: string, etag: string | undefined): boolean {
  return tag === etag && !tag.startsWith("W/");
}

function opaque(tag: string | undefined): string | undefined {
  return tag?.replace(/^W\//, "");
}

function tagsOf(header: string): readonly string[] {
  return header.trim() === "*" ? ["*"] : (header.match(/(?:W\/)?"[!#-~\u0080-\u00ff]*"/g) ?? []);
}

const time = String.raw`\d\d:\d\d:\d\d`;
/** The three forms of RFC 9110 section 5.6.7; whatever else a date looks like is to be ignored. */
const dates = [
  new RegExp(String.raw`^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} ${time} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d ${time} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d ${time} \d{4}$`),
];

/** A date of HTTP in seconds since 1970; `undefined` when it is none. */
function secondsOf(date: string | undefined): number | undefined {
  if (date === undefined || !dates.some((each) => each.test(date))) return undefined;
  const milliseconds = Date.parse(date.endsWith("GMT") ? date : `${date} GMT`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
