/** Order: what runs before what. */
import type { Difference } from "../verdict.ts";
import { sameJson, statuses } from "./kind.ts";

const inputFirst: Difference = {
  name: "input before dependencies",
  instead:
    "a dependency that refuses the request before the rest of the input is looked at; Martlet answers 422 first",
  reason:
    "All input is validated in one go, so that dependencies start with a valid request. What must come first is a credential.",
  levels: ["status"],
  explains: (observed) => observed.case.example.includes("/d-") && statuses(observed, 400, 422),
};

const tasksKept: Difference = {
  name: "background tasks of a failed request",
  instead: "dropped; Martlet runs them, and reports one that fails",
  reason: "W10: the handler had already asked for the work.",
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

export const order: readonly Difference[] = [inputFirst, tasksKept, tasksLast];
