/**
 * Two answers to one request side by side, at four levels.
 *
 * @module
 */
import type { Answered, Case } from "./cases.ts";
import { canonical } from "./json.ts";

/**
 * What is compared: status and media type of every answer, the JSON of a success, and the places and
 * the words of what is wrong with the input.
 */
export const levels = ["status", "json", "loc", "type"] as const;

export type Level = (typeof levels)[number];

/** One thing that is wrong with the input, as FastAPI tells it. */
export interface Told {
  readonly type: string;
  readonly loc: readonly (string | number)[];
}

/** A case, what came back, and where the two agree. */
export interface Observed {
  readonly case: Case;
  readonly actual: Answered;
  /** Whether the two are equal, for each level that the case is counted at. */
  readonly equal: Partial<Record<Level, boolean>>;
}

/** Compares what came back with what was recorded. */
export function observe(one: Case, actual: Answered): Observed {
  const { expect } = one;
  const unordered = one.replay?.startsWith("order varies") === true;
  const equal: Observed["equal"] = {
    status: expect.status === actual.status && mediaType(expect) === mediaType(actual),
    ...(isSuccess(expect) &&
      "json" in expect && {
        json:
          "json" in actual &&
          canonical(expect.json, { unordered }) === canonical(actual.json, { unordered }),
      }),
    ...(expect.status === 422 && {
      loc: same(expect, actual, ({ loc }) => JSON.stringify(loc)),
      type: same(expect, actual, ({ type }) => type),
    }),
  };
  return { case: one, actual, equal };
}

/** The media type of an answer, without parameters. */
export function mediaType({ headers }: Answered): string | undefined {
  return [headers["content-type"]].flat()[0]?.split(";")[0]?.trim().toLowerCase();
}

/** What an answer says is wrong with the input. */
export function issuesOf({ json }: Answered): readonly Told[] {
  const { detail } = (json ?? {}) as { readonly detail?: unknown };
  return Array.isArray(detail) ? (detail as readonly Told[]) : [];
}

function isSuccess({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}

/** Whether both refuse the input, for the same bag of things. */
function same(expected: Answered, actual: Answered, tell: (issue: Told) => string): boolean {
  const bag = (answer: Answered): string => JSON.stringify(issuesOf(answer).map(tell).toSorted());
  return expected.status === actual.status && bag(expected) === bag(actual);
}
