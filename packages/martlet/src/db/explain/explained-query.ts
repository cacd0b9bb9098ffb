/**
 * Queries that can be explained: SQL, and what query builders make of it.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Dialect } from "../driver.ts";
import { loadDrizzleCore } from "../packages.ts";
import { masked } from "../watch/shown-sql.ts";

/** SQL with its values, as Drizzle has them. */
interface DrizzleSql {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A query: SQL, or one of Drizzle or Kysely, which is not run. */
export type ExplainedQuery =
  | string
  | { readonly text: string; readonly values?: readonly unknown[] }
  | { readonly toSQL: () => DrizzleSql }
  | { readonly getQuery: () => DrizzleSql }
  | { readonly compile: () => { readonly sql: string; readonly parameters: readonly unknown[] } };

/** A query and what stands for its placeholders. */
export interface BoundQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The SQL of a query; `placeholders` are the values of those that Drizzle's `sql.placeholder` names. */
export async function boundQuery(
  query: ExplainedQuery,
  dialect: Dialect,
  placeholders: Readonly<Record<string, unknown>>,
): Promise<BoundQuery> {
  const { text, values } = sqlOf(query);
  // The first one alone would be explained, and the others would be run.
  if (/;\s*\S/.test(masked(text, dialect))) {
    throw new Fault("M033", "Only one statement can be explained at a time", {
      hint: "Explain each of them by itself.",
    });
  }
  if (!values.some(isDrizzle)) return { text, values };
  const { fillPlaceholders } = await loadDrizzleCore();
  return { text, values: fillPlaceholders([...values], { ...placeholders }) };
}

function sqlOf(query: ExplainedQuery): BoundQuery {
  if (typeof query === "string") return { text: query, values: [] };
  if ("compile" in query) {
    const { sql, parameters } = query.compile();
    return { text: sql, values: parameters };
  }
  if ("text" in query) return { text: query.text, values: query.values ?? [] };
  const { sql, params } = "toSQL" in query ? query.toSQL() : query.getQuery();
  return { text: sql, values: params };
}

/** Whether a value is yet to be found by Drizzle, which marks its classes so. */
function isDrizzle(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Symbol.for("drizzle:entityKind") in value.constructor;
}
