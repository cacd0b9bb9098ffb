/**
 * Zod's issues in Martlet's words, which are those of FastAPI's users where they fit.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import type { Issue } from "../errors.ts";
import type { IssuePlace } from "./adapter.ts";

type Told = Pick<Issue, "code" | "context">;

const typeCodes: Readonly<Record<string, string>> = {
  string: "string_type",
  number: "float_type",
  int: "int_type",
  bigint: "int_type",
  boolean: "bool_type",
  array: "list_type",
  tuple: "tuple_type",
  set: "set_type",
  object: "object_type",
  record: "object_type",
  date: "datetime_type",
};

const formatCodes: Readonly<Record<string, string>> = {
  regex: "string_pattern_mismatch",
  starts_with: "string_pattern_mismatch",
  ends_with: "string_pattern_mismatch",
  includes: "string_pattern_mismatch",
  email: "value_error",
};

/** The issues that a value which is not there can have. */
const absentCodes: ReadonlySet<string> = new Set([
  "invalid_type",
  "invalid_value",
  "invalid_union",
]);

/** Tells one of Zod's issues; one with several unknown keys is told key by key. */
export function zodIssue(issue: core.$ZodIssue, { loc, value }: IssuePlace): readonly Issue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      loc: [...loc, key],
      code: "extra_forbidden",
      message: "This is not expected here.",
    }));
  }
  if (issue.code === "invalid_union" && "discriminator" in issue) {
    const outer = loc.slice(0, -1);
    const code = value === undefined ? "union_tag_not_found" : "union_tag_invalid";
    return [{ loc: outer, code, message: issue.message, context: { tag: loc.at(-1) } }];
  }
  if (value === undefined && absentCodes.has(issue.code)) {
    const message = issue.message.startsWith("Invalid") ? "This is required." : issue.message;
    return [{ loc, code: "missing", message }];
  }
  return [{ loc, ...tell(issue, value), message: issue.message }];
}

function tell(issue: core.$ZodIssue, value: unknown): Told {
  switch (issue.code) {
    case "invalid_type":
      return { code: typeCode(issue.expected, value) };
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    case "invalid_format":
      return formatIssue(issue);
    case "invalid_value":
      return { code: "literal_error", context: { expected: issue.values } };
    case "not_multiple_of":
      return { code: "multiple_of", context: { multipleOf: issue.divisor } };
    case "invalid_union":
      return { code: "union_mismatch" };
    case "custom":
    case "invalid_key":
    case "invalid_element":
    case "unrecognized_keys":
      return { code: "value_error" };
  }
}

function typeCode(expected: string, value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return "finite_number";
  if (expected === "int" && typeof value === "number") return "int_from_float";
  // A number that JSON could not keep exactly is what is left of a larger integer.
  if (expected === "bigint" && typeof value === "number") {
    return Number.isInteger(value) ? "int_parsing_size" : "int_from_float";
  }
  return typeCodes[expected] ?? "type_error";
}

function tooSmall(issue: core.$ZodIssueTooSmall): Told {
  const min = limit(issue.minimum, issue.origin);
  if (issue.origin === "string") return { code: "string_too_short", context: { min } };
  if (issue.origin === "array" || issue.origin === "set") {
    return { code: "too_short", context: { min } };
  }
  return {
    code: issue.inclusive === false ? "greater_than" : "greater_than_equal",
    context: { min },
  };
}

function tooBig(issue: core.$ZodIssueTooBig): Told {
  const max = limit(issue.maximum, issue.origin);
  if (issue.origin === "string") return { code: "string_too_long", context: { max } };
  if (issue.origin === "array" || issue.origin === "set") {
    return { code: "too_long", context: { max } };
  }
  if (max === Number.MAX_SAFE_INTEGER) return { code: "int_parsing_size" };
  return { code: issue.inclusive === false ? "less_than" : "less_than_equal", context: { max } };
}

/** A limit as JSON can tell it; that of a date is milliseconds in Zod. */
function limit(value: unknown, origin: string): unknown {
  if (origin === "date") return new Date(value as number | Date).toISOString();
  return typeof value === "bigint" ? String(value) : value;
}

function formatIssue(issue: core.$ZodIssueInvalidStringFormat): Told {
  const code = formatCodes[issue.format] ?? `${issue.format}_parsing`;
  const { pattern } = issue as { readonly pattern?: string };
  return issue.format === "regex" && pattern !== undefined
    ? { code, context: { pattern } }
    : { code };
}
