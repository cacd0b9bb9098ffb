/**
 * Query plans as data: what a database does to answer a query.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";

/** One step of a plan. */
export interface PlanStep {
  /** How deep it is: it takes what the deeper steps that follow it give. */
  readonly depth: number;
  /** What the database calls it: `"Seq Scan"` (PostgreSQL), `"ALL"` (MySQL), `"SCAN"` (SQLite). */
  readonly operation: string;
  /** The table that it reads or writes; with MySQL and SQLite, what the query calls it. */
  readonly table?: string | undefined;
  /** The index that it uses. */
  readonly index?: string | undefined;
  /** By what it finds or leaves out rows. It has values of parameters in it. */
  readonly condition?: string | undefined;
  /** How many rows the database expected of it, each time that it runs. */
  readonly expectedRows?: number | undefined;
  /** How many rows it gave, all times together; `undefined` when it was not run. */
  readonly rows?: number | undefined;
  /** How many rows it had to look at for those, where the database tells. */
  readonly readRows?: number | undefined;
  /** Milliseconds, all times together, with those of the steps that it takes from. */
  readonly duration?: number | undefined;
  /** Whether it reads a table from its first row to its last. */
  readonly isSequential: boolean;
}

/** The plan of a query. */
export interface QueryPlan {
  readonly dialect: Dialect;
  /** The steps, a line each, for people to read. It has values of parameters in it. */
  readonly text: string;
  /** What the database gave. */
  readonly json: unknown;
  readonly steps: readonly PlanStep[];
  /** The tables that are read from their first row to their last. */
  readonly sequentialScans: readonly string[];
  /** The indexes that are used. */
  readonly indexes: readonly string[];
  /** Milliseconds that the query took; `undefined` when it was not run. */
  readonly duration: number | undefined;
}

/** What one dialect makes of its answer. */
export interface ReadPlan {
  readonly json: unknown;
  readonly steps: readonly PlanStep[];
  readonly duration?: number | undefined;
}

/** A plan with what matters of it; scans of fewer than `smallTable` rows do not. */
export function queryPlan(
  dialect: Dialect,
  { json, steps, duration }: ReadPlan,
  smallTable: number,
): QueryPlan {
  const scans = steps.filter(
    ({ isSequential, readRows, rows, expectedRows }) =>
      isSequential && (readRows ?? rows ?? expectedRows ?? Infinity) >= smallTable,
  );
  return {
    dialect,
    text: steps.map(lineOf).join("\n"),
    json,
    steps,
    sequentialScans: names(scans.map(({ table }) => table)),
    indexes: names(steps.map(({ index }) => index)),
    duration,
  };
}

function names(all: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(all.filter((each) => each !== undefined))];
}

function lineOf(step: PlanStep): string {
  const { depth, operation, table, index, condition } = step;
  const target = `${table === undefined ? "" : ` on ${table}`}${index === undefined ? "" : ` using ${index}`}`;
  const facts = [
    fact(step.rows, "rows"),
    fact(step.readRows, "read"),
    fact(step.expectedRows, "expected"),
    fact(step.duration, "ms"),
  ].filter((each) => each !== undefined);
  const figures = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  const how = condition === undefined ? "" : `: ${condition}`;
  return `${"  ".repeat(depth)}${operation}${target}${figures}${how}`;
}

function fact(figure: number | undefined, unit: string): string | undefined {
  return figure === undefined ? undefined : `${Number(figure.toFixed(2))} ${unit}`;
}

/** A member of something that a database has sent, if it has the type. */
export function member(of: object, name: string, type: "number"): number | undefined;
export function member(of: object, name: string, type: "string"): string | undefined;
export function member(of: object, name: string, type: string): unknown {
  const value = (of as Readonly<Record<string, unknown>>)[name];
  return typeof value === type ? value : undefined;
}
