/** Input: what is taken, what is refused, and how much is told of it. */
import { issuesOf } from "../compare.ts";
import type { Difference } from "../verdict.ts";
import { beyond, refusedFor, sameOnce, statuses } from "./kind.ts";

const repeated: Difference = {
  name: "a repeated scalar",
  instead:
    "the last value of a query, cookie or form, the first of a header; Martlet refuses it (422 repeated)",
  reason: "W15: one rule for every place. Which of two values counts must not be a guess.",
  levels: ["status", "json"],
  explains: (observed) => statuses(observed, 200, 422) && refusedFor(observed.actual, "repeated"),
};

const textLiterals: Difference = {
  name: "numbers in a query",
  instead:
    "Literal[1, 2] and strict integers can never match (422 literal_error, int_type); Martlet reads the number",
  reason: "W15: all text is text. What is declared as a number is read as one, strictly or not.",
  levels: ["status", "loc", "type"],
  explains: ({ case: { expect, request }, actual }) => {
    const sent = new URLSearchParams(request.path.split("?")[1]).get("v");
    const got = (actual.json as { readonly v?: unknown } | undefined)?.v;
    return (
      refusedFor(expect, "literal_error", "int_type") &&
      issuesOf(expect).every(({ loc }) => loc[0] === "query") &&
      actual.status === 200 &&
      typeof got === "number" &&
      got === Number(sent)
    );
  },
};

const moreTold: Difference = {
  name: "every constraint is told",
  instead:
    "the first constraint that a value breaks; Martlet tells all of them, and those of a list beside those of its items",
  reason: "Who mends one should not have to send the request again to hear of the next.",
  levels: ["loc", "type"],
  explains: ({ case: { expect }, actual }) => {
    const expected = issuesOf(expect);
    const more = beyond(issuesOf(actual), expected);
    const isNear = (loc: readonly unknown[]): boolean =>
      expected.some((each) => `${each.loc.join("\0")}\0`.startsWith(`${loc.join("\0")}\0`));
    return (
      actual.status === 422 &&
      beyond(expected, issuesOf(actual)).length === 0 &&
      more.every(({ type, loc }) => constraints.has(type) && isNear(loc))
    );
  },
};

const constraints: ReadonlySet<string> = new Set([
  "string_too_short",
  "string_too_long",
  "string_pattern_mismatch",
  "too_short",
  "too_long",
  "int_parsing",
  "value_error",
]);

const nulCharacters: Difference = {
  name: "NUL characters",
  instead: "what the model says of the text; Martlet says nul_character",
  reason:
    "No database and no file keeps such a text as it is: it is refused whatever the model says.",
  levels: ["type"],
  explains: ({ case: { request }, actual }) =>
    /%00|\\u0000/.test(`${request.path} ${JSON.stringify(request.body)}`) &&
    refusedFor(actual, "nul_character"),
};

const listHeaders: Difference = {
  name: "lists in a header",
  instead: '["a, b"] for the header "a, b"; Martlet reads ["a", "b"]',
  reason: "RFC 9110 section 5.3: a header sent twice and one with a comma are the same.",
  levels: ["json"],
  explains: (observed) =>
    observed.case.example.includes("/h-") &&
    sameOnce(observed, (value) =>
      Array.isArray(value) ? value.flatMap((each) => String(each).split(/\s*,\s*/)) : value,
    ),
};

const cookieEncoding: Difference = {
  name: "percent-encoding in cookies",
  instead: '"%20x" as it was sent; Martlet reads " x"',
  reason:
    "Martlet writes cookies percent-encoded, so that any text survives; what it writes it reads.",
  levels: ["json"],
  explains: (observed) =>
    observed.case.example.includes("/c-") &&
    sameOnce(observed, (value) => (typeof value === "string" ? decodeURIComponent(value) : value)),
};

export const input: readonly Difference[] = [
  repeated,
  textLiterals,
  moreTold,
  nulCharacters,
  listHeaders,
  cookieEncoding,
];
