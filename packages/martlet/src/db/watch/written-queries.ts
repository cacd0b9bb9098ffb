/**
 * Drizzle's queries, with where they were written: awaiting one runs it when nothing is left in the
 * stack of who awaits it.
 *
 * @module
 */
import type { Call } from "../call.ts";
import type { Calls, Origins } from "./origins.ts";

/** The engine, as far as it matters to where queries were written. */
export interface Looking {
  readonly origins: Origins | undefined;
  readonly call: Call | undefined;
}

/** A session of Drizzle, whichever the dialect. */
interface Session {
  readonly prepareQuery: (...args: never) => object;
  readonly transaction: (...args: never) => unknown;
}

/** What a query is begun at. It hands its session on to the query. */
interface Beginning {
  session: Session;
}

/** Makes the queries that are begun at a Drizzle database, or a transaction of one, remember where. */
export function rememberWriting(db: object, engine: Looking): void {
  // Every dialect's database has both. Relational queries are begun at one object for each table.
  const { query } = db as { readonly query?: Readonly<Record<string, Beginning>> };
  for (const each of [db as Beginning, ...Object.values(query ?? {})]) remember(each, engine);
}

function remember(beginning: Beginning, engine: Looking): void {
  const { origins } = engine;
  if (origins === undefined) return;
  const { session } = beginning;
  Object.defineProperty(beginning, "session", {
    get: () => {
      const written = origins.calls(engine.call?.source.route);
      if (written === undefined) return session;
      // Everything else is the session's own.
      return Object.create(session, {
        prepareQuery: { value: preparing(session, written, origins) },
        transaction: { value: session.transaction.bind(session) },
      }) as Session;
    },
  });
}

/** What can be done with a query that is prepared, by any dialect. */
const ways = ["execute", "all", "get", "run", "values"] as const;

/** Prepares queries that run with where they were written in mind. */
function preparing(session: Session, written: Calls, origins: Origins): Session["prepareQuery"] {
  return (...args) => {
    const prepared = session.prepareQuery(...args) as Record<string, unknown>;
    for (const way of ways) {
      const run = prepared[way];
      if (typeof run !== "function") continue;
      prepared[way] = (...values: unknown[]): unknown =>
        origins.running(written, () => Reflect.apply(run, prepared, values));
    }
    return prepared;
  };
}
