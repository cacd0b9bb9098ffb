/** Numbers: what JavaScript cannot keep is refused, and what it cannot see is let through. */
import { featureOf } from "../cases.ts";
import { issuesOf } from "../compare.ts";
import { isLargeInteger, writtenNumber } from "../json.ts";
import type { Difference } from "../verdict.ts";
import { beyond, detailOf, refusedFor, statuses, valueAt } from "./kind.ts";

const digitSeparators: Difference = {
  name: "digit separators",
  instead: "1_000 is 1000; Martlet refuses it (422 int_parsing or float_parsing)",
  reason: "The underscores are Python's own spelling of numbers; no other client sends them.",
  levels: ["status", "json"],
  explains: (observed) =>
    /\d_\d/.test(observed.case.request.path) &&
    statuses(observed, 200, 422) &&
    refusedFor(observed.actual, "int_parsing", "float_parsing"),
};

const largeIntegers: Difference = {
  name: "large integers",
  instead: "integers of any size; Martlet refuses what is beyond 2^53 (422 int_parsing_size)",
  reason:
    "A JavaScript number would round them. A bigint model takes them exactly; nothing is ever rounded without a word.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 422) &&
    refusedFor(observed.actual, "int_parsing_size") &&
    holds(observed.case.expect.json, isLargeInteger),
};

const nonFinite: Difference = {
  name: "numbers that are none",
  instead:
    "500 for nan, inf, 1e400 and half of a surrogate pair; Martlet refuses them (422, or 400 for NaN in JSON)",
  reason: "A client must not be able to make the server fail.",
  levels: ["status"],
  explains: (observed) =>
    observed.case.expect.status === 500 &&
    (refusedFor(observed.actual, "float_parsing", "finite_number", "lone_surrogate") ||
      (observed.actual.status === 400 && /not valid JSON/.test(detailOf(observed.actual)))),
};

const nanAnswered: Difference = {
  name: "NaN without a response model",
  instead: "500 for a NaN that a handler returns; Martlet answers null",
  reason:
    "JSON has no NaN, and JSON.stringify writes null: an answer without a model is JSON.stringify's. One with a model is checked.",
  levels: ["status"],
  explains: (observed) =>
    statuses(observed, 500, 200) && JSON.stringify(observed.actual.json) === '{"v":null}',
};

const nanModelled: Difference = {
  name: "NaN in a response model",
  instead: "null for NaN and infinity in a model of numbers; Martlet answers 500 and reports it",
  reason:
    "A number that is none is a bug of the handler, told to the operator and not to the client as null.",
  levels: ["status", "json"],
  explains: (observed) =>
    statuses(observed, 200, 500) &&
    featureOf(observed.case).startsWith("r-nan") &&
    detailOf(observed.actual) === "Internal server error" &&
    Object.values(observed.case.expect.json ?? {}).every((each) => each === null),
};

const wholeFloats: Difference = {
  name: "1.0 is 1",
  instead: "a strict integer refuses 1.0 (int_type); Martlet takes it",
  reason: "JSON has one kind of number, and so has JavaScript: 1.0 and 1 are the same value.",
  levels: ["loc", "type"],
  explains: ({ case: { expect, request }, actual }) => {
    const missing = beyond(issuesOf(expect), issuesOf(actual));
    return (
      actual.status === 422 &&
      beyond(issuesOf(actual), issuesOf(expect)).length === 0 &&
      missing.every(
        ({ type, loc }) =>
          type === "int_type" &&
          /^-?\d+\.0+$/.test(writtenNumber(valueAt(request.body, loc)) ?? ""),
      )
    );
  },
};

function holds(value: unknown, is: (value: unknown) => boolean): boolean {
  if (is(value)) return true;
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((each) => holds(each, is))
  );
}

export const numbers: readonly Difference[] = [
  digitSeparators,
  largeIntegers,
  nonFinite,
  nanAnswered,
  nanModelled,
  wholeFloats,
];
