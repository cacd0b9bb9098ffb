/**
 * Applying and undoing a migration.
 *
 * @module
 */
import { runPiecewise } from "./piecewise.ts";
import { doneBefore, type MigrationStep, type Plan, type StepTools } from "./step.ts";
import { runWhole } from "./whole.ts";

/** Applies or undoes one migration. */
export async function apply(tools: StepTools, plan: Plan): Promise<MigrationStep> {
  const from = performance.now();
  const took = (): number => Math.round(performance.now() - from);
  const notes: string[] = [];
  const walk = { ...tools, plan, notes, took };
  await (isWhole(tools, plan) ? runWhole(walk) : runPiecewise(walk));
  return {
    name: plan.migration.name,
    direction: plan.direction,
    statements: plan.script.statements.length - doneBefore(plan),
    took: took(),
    notes,
  };
}

/** MySQL commits with every definition; what was begun piece by piece ends so. */
function isWhole({ line }: StepTools, plan: Plan): boolean {
  const isBegun = plan.entry !== undefined && plan.entry.state !== "applied";
  return line.dialect !== "mysql" && plan.script.isTransactional && !isBegun;
}
