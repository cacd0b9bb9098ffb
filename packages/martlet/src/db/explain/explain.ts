/**
 * Explaining queries: what the database does to answer one, for development and tests.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Engine } from "../engine.ts";
import { boundQuery, type BoundQuery, type ExplainedQuery } from "./explained-query.ts";
import { mysqlPlan } from "./mysql-plan.ts";
import { postgresqlPlan } from "./postgresql-plan.ts";
import { type QueryPlan, queryPlan, type ReadPlan } from "./query-plan.ts";
import { sqlitePlan } from "./sqlite-plan.ts";

/** How a query is explained. */
export interface ExplainOptions {
  /**
   * Whether the query is run, so that rows and times are those that were and not those expected.
   * What it does is rolled back, all but the numbers that sequences gave. PostgreSQL and MariaDB
   * only; the others never run it.
   *
   * @default true
   */
  readonly isRun?: boolean;
  /** The values of Drizzle's `sql.placeholder`s, by name. */
  readonly placeholders?: Readonly<Record<string, unknown>>;
  /** Tables of which fewer rows are read are left out of `sequentialScans`. @default 0 */
  readonly smallTable?: number;
  /**
   * Whether an index is used wherever there is one: small tables, as in tests, are read faster
   * without. PostgreSQL only.
   *
   * @default false
   */
  readonly preferIndexes?: boolean;
  /** Whether it is done in production too. @default false */
  readonly isForced?: boolean;
  /** `"production"` has to be forced. @default process.env.NODE_ENV */
  readonly environment?: string | undefined;
}

/**
 * Explains a query: which tables and indexes the database reads to answer it, how many rows and how
 * long that takes. The query is one of Drizzle or Kysely that is not awaited, or SQL.
 *
 * @throws Fault M033 in production unless it is forced, and when there are several statements
 *
 * @example
 * ```ts no-run
 * import { get, martlet } from "martlet";
 * import { database, explain } from "martlet/db";
 *
 * const db = database({ url: "embedded:" });
 * const plan = get("/plan", { use: { db } }, async ({ db }) => {
 *   const found = await explain(db, { text: "select * from items where id = $1", values: [1] });
 *   return { text: found.text, slow: found.sequentialScans };
 * });
 * export const app = martlet({ plan });
 * ```
 */
export async function explain(
  db: Engine | { readonly $engine: Engine },
  query: ExplainedQuery,
  options: ExplainOptions = {},
): Promise<QueryPlan> {
  const { environment = process.env["NODE_ENV"], isForced = false, smallTable = 0 } = options;
  if (environment === "production" && !isForced) {
    throw new Fault(
      "M033",
      "A query that is explained costs what it costs, and is for development",
      {
        hint: "Leave it out in production, or say `isForced: true`.",
      },
    );
  }
  const engine = "$engine" in db ? db.$engine : db;
  const bound = await boundQuery(query, engine.dialect, options.placeholders ?? {});
  const read = await undone(engine, () => readers[engine.dialect](engine, bound, options));
  return queryPlan(engine.dialect, read, smallTable);
}

type Reader = (engine: Engine, query: BoundQuery, options: ExplainOptions) => Promise<ReadPlan>;

const readers: { readonly [D in Engine["dialect"]]: Reader } = {
  postgresql: async (engine, { text, values }, { isRun = true, preferIndexes = false }) => {
    if (preferIndexes) await engine.query("set local enable_seqscan = off");
    const how = isRun ? "analyze, buffers, format json" : "format json";
    return postgresqlPlan(await valueOf(engine, { text: `explain (${how}) ${text}`, values }));
  },
  mysql: async (engine, { text, values }, { isRun = true }) => {
    const version = await valueOf(engine, { text: "select version()", values: [] });
    // What MySQL calls so writes a text of another kind.
    const canRun = isRun && String(version).includes("MariaDB");
    const how = canRun ? "analyze format=json" : "explain format=json";
    return mysqlPlan(await valueOf(engine, { text: `${how} ${text}`, values }));
  },
  sqlite: async (engine, { text, values }) =>
    sqlitePlan((await engine.query(`explain query plan ${text}`, values)).rows),
};

/** The one value of the one row that a query gives. */
async function valueOf(engine: Engine, { text, values }: BoundQuery): Promise<unknown> {
  const [row = {}] = (await engine.query(text, values)).rows;
  return Object.values(row)[0];
}

/** Runs work in a transaction, or a savepoint of the one that runs, of which nothing remains. */
async function undone<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  const end = new Error("What was explained is undone");
  const results: T[] = [];
  const ended = engine.transaction(
    async () => {
      results.push(await work());
      throw end;
    },
    { retries: 0 },
  );
  await ended.catch((error: unknown) => {
    if (error !== end) throw error;
  });
  // There is one, since what failed has thrown.
  return results[0] as T;
}
