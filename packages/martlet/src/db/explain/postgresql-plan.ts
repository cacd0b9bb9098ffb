/**
 * The plans of PostgreSQL, from `explain (format json)`.
 *
 * @module
 */
import { member, type PlanStep, type ReadPlan } from "./query-plan.ts";

/** Reads the one value that `explain (format json)` gives. */
export function postgresqlPlan(json: unknown): ReadPlan {
  const [first] = json as readonly { readonly Plan: object }[];
  if (first === undefined) return { json, steps: [] };
  return {
    json,
    steps: stepsOf(first.Plan, 0),
    duration: member(first, "Execution Time", "number"),
  };
}

function stepsOf(node: object, depth: number): readonly PlanStep[] {
  const below = (node as { readonly Plans?: readonly object[] }).Plans ?? [];
  return [stepOf(node, depth), ...below.flatMap((each) => stepsOf(each, depth + 1))];
}

/** What tells by what rows are found, joined or left out. */
const conditions = [
  "Index Cond",
  "Recheck Cond",
  "Hash Cond",
  "Merge Cond",
  "Join Filter",
  "Filter",
];

function stepOf(node: object, depth: number): PlanStep {
  const number = (name: string): number | undefined => member(node, name, "number");
  const text = (name: string): string | undefined => member(node, name, "string");
  const operation = text("Node Type") ?? "?";
  const loops = number("Actual Loops");
  // Rows and times are those of one run of a step that may run often.
  const all = (figure: number | undefined): number | undefined =>
    figure === undefined || loops === undefined
      ? undefined
      : Math.round(figure * loops * 1e3) / 1e3;
  const rows = all(number("Actual Rows"));
  const removed = all(number("Rows Removed by Filter"));
  const how = conditions.map(text).filter((each) => each !== undefined);
  return {
    depth,
    operation,
    table: text("Relation Name"),
    index: text("Index Name"),
    condition: how.length === 0 ? undefined : how.join(" and "),
    expectedRows: number("Plan Rows"),
    rows,
    readRows: rows === undefined || removed === undefined ? undefined : rows + removed,
    duration: all(number("Actual Total Time")),
    isSequential: operation === "Seq Scan",
  };
}
