/**
 * Zod's issues in Martlet's words, which are those of FastAPI's users where they fit.
 *
 * @module
 */
import * as core from "zod/v4/core";
import type { Issue } from "../errors.ts";
import { parsingIssue } from "../text.ts";
import type { TextKind } from "./text-shape.ts";

type Raw = core.$ZodRawIssue;
type Told = Pick<Issue, "code" | "context">;

/** Where an issue stands, and what is known of the value there. */
export interface IssuePlace {
  readonly loc: Issue["loc"];
  /** Whether the value is a text that was to be read. */
  readonly isText: boolean;
}

const typeCodes: Readonly<Record<string, string>> = {
  string: "string_type",
  number: "float_type",
  int: "int_type",
  bigint: "int_type",
  boolean: "bool_type",
  array: "list_type",
  tuple: "tuple_type",
  set: "set_type",
  object: "model_attributes_type",
  record: "dict_type",
  map: "dict_type",
  date: "datetime_type",
};

/** What text of a format is, where that is not text. */
const textTypes: Readonly<Record<string, string>> = {
  uuid: "uuid_type",
  guid: "uuid_type",
  url: "url_type",
  date: "date_type",
  datetime: "datetime_type",
  time: "time_type",
  duration: "time_delta_type",
};

const formatCodes: Readonly<Record<string, string>> = {
  regex: "string_pattern_mismatch",
  starts_with: "string_pattern_mismatch",
  ends_with: "string_pattern_mismatch",
  includes: "string_pattern_mismatch",
  lowercase: "string_pattern_mismatch",
  uppercase: "string_pattern_mismatch",
  email: "value_error",
  guid: "uuid_parsing",
  date: "date_from_datetime_parsing",
  datetime: "datetime_from_date_parsing",
  duration: "time_delta_parsing",
  ipv4: "ip_v4_address",
  ipv6: "ip_v6_address",
  cidrv4: "ip_v4_network",
  cidrv6: "ip_v6_network",
  base64: "base64_decode",
  base64url: "base64_decode",
  json_string: "json_invalid",
};

/** How text would be read that is none of these types. */
const textKinds: Readonly<Record<string, TextKind>> = {
  int_type: "integer",
  float_type: "number",
  bool_type: "boolean",
  datetime_type: "date",
};

/** The issues that a value which is not there can have. */
const absentCodes: ReadonlySet<string> = new Set([
  "invalid_type",
  "invalid_value",
  "invalid_union",
]);

/** Tells that something has to be there. */
export function missing(loc: Issue["loc"], message = "This is required."): Issue {
  return { loc, code: "missing", message };
}

/** Tells that something has to be away. */
export function unexpected(loc: Issue["loc"]): Issue {
  return { loc, code: "extra_forbidden", message: "This is not expected here." };
}

/** Tells one of Zod's raw issues. */
export function tellIssue(raw: Raw, { loc, isText }: IssuePlace): Issue {
  const { message } = core.util.finalizeIssue(precise(raw), {}, core.config());
  if (raw.input === undefined && absentCodes.has(raw.code)) {
    return missing(loc, message.startsWith("Invalid") ? undefined : message);
  }
  const told = tell(raw);
  const kind = isText ? textKinds[told.code] : undefined;
  const unread = kind && parsingIssue(raw.input as string, [kind]);
  return { loc, ...told, message, ...unread };
}

const intFormats: ReadonlySet<unknown> = new Set(["safeint", "int32", "uint32"]);

/** Zod says "number" where an integer was asked for and something else than a number came. */
function precise(raw: Raw): Raw {
  if (raw.code !== "invalid_type" || raw.expected !== "number") return raw;
  const { format, checks = [] } = defOf(raw);
  const formats = [format, ...checks.map((each) => each._zod.def.format)];
  return formats.some((each) => intFormats.has(each)) ? { ...raw, expected: "int" } : raw;
}

interface Def {
  readonly type?: string;
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly format?: string } } }[];
}

function defOf({ inst }: Raw): Def {
  return (inst?._zod.def ?? {}) as Def;
}

function tell(raw: Raw): Told {
  switch (raw.code) {
    case "invalid_type":
      return { code: typeCode(precise(raw)) };
    case "too_small":
      return tooSmall(raw);
    case "too_big":
      return tooBig(raw);
    case "invalid_format":
      return formatIssue(raw);
    case "invalid_value":
      return choiceIssue(raw);
    case "not_multiple_of":
      return { code: "multiple_of", context: { multipleOf: raw.divisor } };
    case "invalid_union":
      return unionIssue(raw);
    case "custom":
      return ownIssue(raw.params);
    case "invalid_key":
    case "invalid_element":
    case "unrecognized_keys":
      return { code: "value_error" };
  }
}

function typeCode(raw: Raw): string {
  const { input, expected } = raw as core.$ZodRawIssue<core.$ZodIssueInvalidType>;
  if (typeof input === "number") {
    if (!Number.isFinite(input)) return "finite_number";
    if (expected === "int") return "int_from_float";
    // A number that JSON could not keep exactly is what is left of a larger integer.
    if (expected === "bigint") {
      return Number.isInteger(input) ? "int_parsing_size" : "int_from_float";
    }
  }
  if (expected === "date" && typeof input === "string") return "datetime_from_date_parsing";
  const { format } = defOf(raw);
  if (expected === "string" && format !== undefined) return textTypes[format] ?? "string_type";
  return typeCodes[expected] ?? "type_error";
}

function tooSmall({
  minimum,
  origin,
  inclusive,
  input,
}: core.$ZodRawIssue<core.$ZodIssueTooSmall>): Told {
  const min = limit(minimum, origin);
  if (origin === "string") return { code: "string_too_short", context: { min } };
  const actual = sizeOf(input);
  if (actual !== undefined) return { code: "too_short", context: { min, actual } };
  return { code: inclusive === false ? "greater_than" : "greater_than_equal", context: { min } };
}

function tooBig({
  maximum,
  origin,
  inclusive,
  input,
}: core.$ZodRawIssue<core.$ZodIssueTooBig>): Told {
  const max = limit(maximum, origin);
  if (origin === "string") return { code: "string_too_long", context: { max } };
  const actual = sizeOf(input);
  if (actual !== undefined) return { code: "too_long", context: { max, actual } };
  if (max === Number.MAX_SAFE_INTEGER) return { code: "int_parsing_size" };
  return { code: inclusive === false ? "less_than" : "less_than_equal", context: { max } };
}

/** How many a list, a set or a map holds. */
function sizeOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return value instanceof Set || value instanceof Map ? value.size : undefined;
}

/** A limit as JSON can tell it; that of a date is milliseconds in Zod. */
function limit(value: unknown, origin: string): unknown {
  if (origin === "date") return new Date(value as number | Date).toISOString();
  return typeof value === "bigint" ? String(value) : value;
}

const isoDateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/;

/** What is a URL, but not of the web, where one of those is asked for. */
const otherScheme = /^\s*(?!https?:)[a-z][a-z0-9+.-]*:/i;

function formatIssue(raw: core.$ZodRawIssue<core.$ZodIssueInvalidStringFormat>): Told {
  const { format, note } = raw;
  const input = String(raw.input);
  if (note === "Invalid protocol" || (note === "Invalid URL format" && otherScheme.test(input))) {
    return { code: "url_scheme" };
  }
  // A time that is not midnight would be lost without a word.
  if (format === "date" && isoDateTime.test(input)) {
    return { code: "date_from_datetime_inexact" };
  }
  const code = formatCodes[format] ?? `${format}_parsing`;
  const { pattern } = raw as { readonly pattern?: string };
  return format === "regex" && pattern !== undefined
    ? { code, context: { pattern: pattern.replace(/^\/([^]*)\/$/, "$1") } }
    : { code };
}

function choiceIssue(raw: core.$ZodRawIssue<core.$ZodIssueInvalidValue>): Told {
  const expected = raw.values.map((each) => (typeof each === "bigint" ? String(each) : each));
  return { code: defOf(raw).type === "enum" ? "enum" : "literal_error", context: { expected } };
}

function unionIssue(raw: Raw): Told {
  const { discriminator, options = [], input } = raw as Tagged;
  if (discriminator === undefined) return { code: "union_mismatch" };
  const hasTag = Object.hasOwn(input as object, discriminator);
  return hasTag
    ? { code: "union_tag_invalid", context: { discriminator, expected: options } }
    : { code: "union_tag_not_found", context: { discriminator } };
}

interface Tagged {
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
  readonly input?: unknown;
}

const codeWord = /^[a-z][a-z0-9_]*$/;

/** A check of one's own may have a code of its own: `params: { code: "isbn", context: { … } }`. */
function ownIssue({ code, context }: Record<string, unknown> = {}): Told {
  if (typeof code !== "string" || !codeWord.test(code)) return { code: "value_error" };
  const isRecord = typeof context === "object" && context !== null;
  return { code, ...(isRecord && { context: context as Record<string, unknown> }) };
}
