/** Input: what is taken, what is refused, and how much is told of it. */
import { featureOf } from "../cases.ts";
import { issuesOf, type Told } from "../compare.ts";
import type { Difference } from "../verdict.ts";
import { beyond, refusedFor, sameOnce, statuses, valueAt } from "./kind.ts";

const repeated: Difference = {
  name: "a repeated scalar",
  instead:
    "the last value of a query, cookie or form, the first of a header; Martlet refuses it (422 repeated)",
  reason: "One rule for every place. Which of two values counts must not be a guess.",
  levels: ["status", "json"],
  explains: (observed) => statuses(observed, 200, 422) && refusedFor(observed.actual, "repeated"),
};

const textLiterals: Difference = {
  name: "numbers in a query",
  instead:
    "Literal[1, 2] and strict integers can never match (422 literal_error, int_type); Martlet reads the number",
  reason: "All text is text. What is declared as a number is read as one, strictly or not.",
  levels: ["status", "loc", "type"],
  explains: ({ case: { expect, request }, actual }) => {
    const sent = new URLSearchParams(request.path.split("?")[1]).get("v");
    const got = (actual.json as { readonly v?: unknown } | undefined)?.v;
    const isRead = actual.status === 200 && typeof got === "number" && got === Number(sent);
    return (
      refusedFor(expect, "literal_error", "int_type") &&
      issuesOf(expect).every(({ loc }) => loc[0] === "query") &&
      (isRead || (refusedFor(expect, "int_type") && refusedFor(actual, "int_parsing")))
    );
  },
};

const textUnions: Difference = {
  name: "a number or a text in a query",
  instead:
    'int | str is always a text, for all that is sent is text; Martlet reads "1" as the number',
  reason:
    "Otherwise the number could not be had at all. Text that would change by it, such as 01, stays text.",
  levels: ["json"],
  explains: (observed) =>
    featureOf(observed.case).startsWith("q-union") &&
    sameOnce(observed, (value) => {
      if (typeof value === "string" && /^-?\d+$/.test(value)) return Number(value);
      return value === "str" ? "int" : value;
    }),
};

const truthOfNumbers: Difference = {
  name: "other numbers for a boolean",
  instead: "bool_parsing for 2, as for a text; Martlet says bool_type",
  reason: "Text is parsed. A number other than 0 and 1 is of another type.",
  levels: ["type"],
  explains: ({ case: { expect, request }, actual }) =>
    refusedFor(expect, "bool_parsing") &&
    refusedFor(actual, "bool_type") &&
    issuesOf(actual).every(({ loc }) => typeof valueAt(request.body, loc) === "number"),
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
    const isNear = (loc: Told["loc"]): boolean =>
      expected.some((each) => isWithin(each.loc, loc) || isWithin(loc, each.loc));
    return (
      actual.status === 422 &&
      beyond(expected, issuesOf(actual)).length === 0 &&
      more.every(({ type, loc }) => constraints.has(type) && isNear(loc))
    );
  },
};

/** Whether a place is another one, or within it. */
function isWithin(inner: Told["loc"], outer: Told["loc"]): boolean {
  return outer.every((each, index) => each === inner[index]);
}

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
    featureOf(observed.case).startsWith("h-") &&
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
    featureOf(observed.case).startsWith("c-") &&
    sameOnce(observed, (value) => (typeof value === "string" ? decodeURIComponent(value) : value)),
};

const displayNames: Difference = {
  name: "names around an e-mail address",
  instead: '"Bob <bob@ex.com>" is an address; Martlet refuses it (422 value_error)',
  reason: "What is asked for is an address. A header of a mail is something else.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 422) &&
    refusedFor(observed.actual, "value_error") &&
    /<[^>]+@[^>]+>/.test(decodeURIComponent(observed.case.request.path)),
};

const truth: Difference = {
  name: "true is 1",
  instead: "true where the literal 1 is declared; Martlet refuses it (422 literal_error)",
  reason: "The two are equal in Python alone.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 422) &&
    refusedFor(observed.actual, "literal_error") &&
    issuesOf(observed.actual).every(({ loc }) => valueAt(observed.case.request.body, loc) === true),
};

const emptyFields: Difference = {
  name: "empty fields of a form model",
  instead:
    "an empty field of a form model is an empty text, elsewhere a missing one; for Martlet it is missing everywhere",
  reason: "Browsers send every field of a form, also those that nobody filled in.",
  levels: ["type"],
  explains: ({ case: { expect, request }, actual }) =>
    request.bodyKind === "form" &&
    refusedFor(expect, "int_parsing") &&
    refusedFor(actual, "missing") &&
    issuesOf(actual).every(
      ({ loc }) => new URLSearchParams(String(request.body)).get(String(loc[1])) === "",
    ),
};

export const input: readonly Difference[] = [
  repeated,
  emptyFields,
  displayNames,
  truth,
  textLiterals,
  textUnions,
  truthOfNumbers,
  moreTold,
  nulCharacters,
  listHeaders,
  cookieEncoding,
];
