/**
 * Migrations as one text of SQL: to be read before they are run, or to be run by somebody else.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import { creation } from "./book.ts";
import { doneBefore, type Plan } from "./step.ts";
import { bare } from "./statements.ts";
import { table } from "./target.ts";

/** The SQL of plans, with what is entered in the book; empty, if there are none. */
export function sqlOf(plans: readonly Plan[], dialect: Dialect, now: Date): string {
  if (plans.length === 0) return "";
  const parts = plans.map((plan) => partOf(plan, dialect, now));
  const isUp = plans.some(({ direction }) => direction === "up");
  return `${[...(isUp ? [`${creation(dialect)};`] : []), ...parts].join("\n\n")}\n`;
}

function partOf(plan: Plan, dialect: Dialect, now: Date): string {
  const { migration, direction, script } = plan;
  const statements = script.statements.slice(doneBefore(plan)).map((each) => ended(each, dialect));
  const isWhole = script.isTransactional && dialect !== "mysql";
  const lines = [...statements, bookingOf(plan, now)];
  return [
    `-- ${migration.name}, ${direction}`,
    ...(isWhole ? ["begin;", ...lines, "commit;"] : lines),
  ].join("\n");
}

/** A statement with its semicolon, before a comment at its end. */
function ended(statement: string, dialect: Dialect): string {
  return /;\s*$/.test(bare(statement, dialect)) ? statement : `${statement}\n;`;
}

/** A name has no character that means anything in SQL, see `folder.ts`. */
function bookingOf({ migration, direction, entry }: Plan, now: Date): string {
  const { name, up } = migration;
  const removal = `delete from ${table} where name = '${name}';`;
  if (direction === "down") return removal;
  const values = [
    `'${name}'`,
    `'${up.checksum}'`,
    "'applied'",
    up.statements.length,
    `'${now.toISOString()}'`,
    0,
  ].join(", ");
  const insertion = `insert into ${table} (name, checksum, state, statements, applied_at, took_ms) values (${values});`;
  return entry === undefined ? insertion : `${removal}\n${insertion}`;
}
