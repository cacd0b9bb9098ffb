/** Order: what runs before what. */
import { featureOf } from "../cases.ts";
import { issuesOf } from "../compare.ts";
import type { Difference } from "../verdict.ts";
import { refusedFor, sameJson, statuses } from "./kind.ts";

const inputFirst: Difference = {
  name: "input before dependencies",
  instead:
    "a dependency that refuses the request before the rest of the input is looked at; Martlet answers 422 first",
  reason:
    "All input is validated in one go, so that dependencies start with a valid request. What must come first is a credential.",
  levels: ["status"],
  explains: (observed) =>
    featureOf(observed.case).startsWith("d-") &&
    statuses(observed, 400, 422) &&
    refusedFor(observed.actual, "missing", "int_parsing", "less_than_equal") &&
    issuesOf(observed.actual).every(({ loc }) => own.has(loc.join("."))),
};

/** The input of the routes behind a dependency that refuses. */
const own: ReadonlySet<string> = new Set([
  "path.n",
  "query.q",
  "query.skip",
  "query.limit",
  "body",
  "body.name",
  "body.price",
]);

const ranForNothing: Difference = {
  name: "dependencies of an invalid request",
  instead:
    "dependencies whose own input is valid run, though the request is refused; Martlet runs none",
  reason:
    "What a dependency opens, writes or counts must not happen for a request that no handler sees.",
  levels: ["json"],
  explains: ({ case: one, actual }) => {
    const expected = logOf(one.expect.json);
    const got = logOf(actual.json);
    return (
      featureOf(one) === "d-order" &&
      got.length > 0 &&
      got.length < expected.length &&
      [...expected, ...got].every((entry) => entry === "key-ok")
    );
  },
};

const tasksKept: Difference = {
  name: "background tasks of a failed request",
  instead: "dropped; Martlet runs them, and reports one that fails",
  reason: "The handler had already asked for the work.",
  levels: ["json"],
  explains: ({ case: { expect }, actual }) => {
    const expected = logOf(expect.json);
    const got = logOf(actual.json);
    return (
      !expected.includes("bg") && got.includes("bg") && sameJson(expected, got.filter(isNoTask))
    );
  },
};

const tasksLast: Difference = {
  name: "background tasks after clean-ups",
  instead: "tasks run before the clean-ups of dependencies; Martlet runs them last",
  reason:
    "A connection is given back before long work begins; a task that needs one of its own asks for it.",
  levels: ["json"],
  explains: ({ case: { expect }, actual }) => {
    const expected = logOf(expect.json);
    const got = logOf(actual.json);
    return (
      expected.includes("bg") &&
      got.at(-1) === "bg" &&
      sameJson(expected.filter(isNoTask), got.filter(isNoTask))
    );
  },
};

/** What the application logged, when that is what was answered. */
function logOf(json: unknown): readonly string[] {
  return Array.isArray(json) ? json.filter((each) => typeof each === "string") : [];
}

function isNoTask(entry: string): boolean {
  return entry !== "bg";
}

export const order: readonly Difference[] = [inputFirst, ranForNothing, tasksKept, tasksLast];
