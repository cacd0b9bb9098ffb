/**
 * Kinds of answers, for rules: what was expected, and what came instead.
 *
 * @module
 */
import type { Answered, RecordedPart } from "../cases.ts";
import { issuesOf, type Observed, type Told } from "../compare.ts";
import { canonical, writtenNumber } from "../json.ts";

/** Whether FastAPI answered the first status, and Martlet the second. */
export function statuses(
  { case: { expect }, actual }: Observed,
  expected: number,
  instead: number,
): boolean {
  return expect.status === expected && actual.status === instead;
}

/** Whether input was refused for these reasons alone. */
export function refusedFor(answer: Answered, ...types: readonly string[]): boolean {
  const issues = issuesOf(answer);
  return (
    answer.status === 422 && issues.length > 0 && issues.every(({ type }) => types.includes(type))
  );
}

/** What an answer's `detail` says, when it is a text. */
export function detailOf({ json }: Answered): string {
  const { detail } = (json ?? {}) as { readonly detail?: unknown };
  return typeof detail === "string" ? detail : "";
}

/** A header of the recorded request, as one text. */
export function sentHeader({ case: { request } }: Observed, name: string): string {
  const found = Object.entries(request.headers).find(([each]) => each.toLowerCase() === name);
  return [found?.[1] ?? ""].flat().join(", ");
}

/** The parts of a recorded multipart form. */
export function partsOf({ case: { request } }: Observed): readonly RecordedPart[] {
  return request.bodyKind === "multipart" ? (request.body as readonly RecordedPart[]) : [];
}

/** Whether the answers are the same once what FastAPI wrote is written as Martlet does. */
export function sameOnce(
  { case: { expect }, actual }: Observed,
  rewrite: (value: unknown) => unknown,
): boolean {
  return sameJson(mapped(expect.json, rewrite), actual.json);
}

export function sameJson(one: unknown, other: unknown): boolean {
  return canonical(one, { unordered: false }) === canonical(other, { unordered: false });
}

/** A value with each value within it rewritten, innermost first. */
function mapped(value: unknown, rewrite: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return rewrite(value.map((each) => mapped(each, rewrite)));
  const isScalar = typeof value !== "object" || value === null;
  if (isScalar || writtenNumber(value) !== undefined) return rewrite(value);
  const members = Object.entries(value).map(([key, each]) => [key, mapped(each, rewrite)] as const);
  return rewrite(Object.fromEntries(members));
}

/** The issues of `some` that are not among `others`. */
export function beyond(some: readonly Told[], others: readonly Told[]): readonly Told[] {
  return some.filter((each) => !others.some((other) => sameIssue(each, other)));
}

function sameIssue(one: Told, other: Told): boolean {
  return one.type === other.type && JSON.stringify(one.loc) === JSON.stringify(other.loc);
}

/** What was sent at a place of the body. */
export function valueAt(body: unknown, [, ...path]: Told["loc"]): unknown {
  let value = body;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | null)?.[key];
  return value;
}
