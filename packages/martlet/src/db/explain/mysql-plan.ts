/**
 * The plans of MySQL and MariaDB, from `explain format=json` and MariaDB's `analyze format=json`.
 *
 * @module
 */
import { member, type PlanStep, type ReadPlan } from "./query-plan.ts";

/** Reads the one value that `explain format=json` gives: a text. */
export function mysqlPlan(text: unknown): ReadPlan {
  const json: unknown = typeof text === "string" ? JSON.parse(text) : text;
  const steps: PlanStep[] = [];
  collect(json, 0, steps);
  const block = (json as { readonly query_block?: object }).query_block ?? {};
  return { json, steps, duration: member(block, "r_total_time_ms", "number") };
}

/** What is done beside reading tables, as both call it. */
const operations: ReadonlySet<string> = new Set(["filesort", "temporary_table"]);

function collect(node: unknown, depth: number, steps: PlanStep[]): void {
  if (Array.isArray(node)) {
    for (const each of node) collect(each, depth, steps);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  let inner = depth;
  const step = tableStep(node, depth);
  if (step !== undefined) {
    steps.push(step);
    inner += 1;
  }
  for (const [name, each] of Object.entries(node)) {
    const isOperation = operations.has(name) && typeof each === "object";
    if (isOperation) steps.push({ depth: inner, operation: name, isSequential: false });
    collect(each, isOperation ? inner + 1 : inner, steps);
  }
}

function tableStep(node: object, depth: number): PlanStep | undefined {
  const table = member(node, "table_name", "string");
  // `<union1,2>`, `<derived3>`: what other steps have made.
  if (table === undefined || table.startsWith("<")) return undefined;
  const number = (name: string): number | undefined => member(node, name, "number");
  const operation = member(node, "access_type", "string") ?? "WRITE";
  const loops = number("r_loops") ?? 1;
  const read = number("r_rows");
  const share = number("r_filtered");
  return {
    depth,
    operation,
    table,
    index: member(node, "key", "string"),
    condition: member(node, "attached_condition", "string"),
    expectedRows: number("rows") ?? number("rows_examined_per_scan"),
    rows: read === undefined ? undefined : Math.round((read * loops * (share ?? 100)) / 100),
    readRows: read === undefined ? undefined : read * loops,
    duration: number("r_table_time_ms"),
    isSequential: operation === "ALL",
  };
}
