/**
 * The plans of SQLite, from `explain query plan`.
 *
 * @module
 */
import type { PlanStep, ReadPlan } from "./query-plan.ts";

/** A row of `explain query plan`. */
interface Row {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** Reads the rows that `explain query plan` gives. */
export function sqlitePlan(rows: readonly unknown[]): ReadPlan {
  const depths = new Map<number, number>([[0, -1]]);
  const steps = (rows as readonly Row[]).map(({ id, parent, detail }) => {
    const depth = (depths.get(parent) ?? -1) + 1;
    depths.set(id, depth);
    return stepOf(detail, depth);
  });
  return { json: rows, steps };
}

/** `SCAN items`, `SEARCH items USING COVERING INDEX by_name (name=?)`. */
const access =
  /^(?<operation>SCAN|SEARCH) (?<table>\S+)(?: USING (?:(?:AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX (?<index>[^ (]+)|INTEGER PRIMARY KEY))?(?: \((?<condition>.+)\))?/;

function stepOf(detail: string, depth: number): PlanStep {
  const { operation, table, index, condition } = access.exec(detail)?.groups ?? {};
  if (operation === undefined) return { depth, operation: detail, isSequential: false };
  const isSequential = operation === "SCAN" && index === undefined;
  return { depth, operation, table, index, condition, isSequential };
}
