/**
 * The header `Server-Timing` (W3C Server Timing): what a request has cost the database.
 *
 * @module
 */
import type { Call } from "../call.ts";
import type { Engine } from "../engine.ts";

/** The part of a request's source that takes headers. */
interface Drafted {
  readonly response?: { readonly header: (name: string, value: string) => void };
}

/** Runs the rest of a call, and has its answer tell how many statements it made and how long they took. */
export function timed(engine: Engine, next: () => unknown, source: unknown): unknown {
  const { call } = engine;
  const tell = (value: unknown): unknown => {
    // A command or a job has no answer that a header could be put on.
    const { response } = source as Drafted;
    if (call !== undefined) response?.header("server-timing", serverTiming(call));
    return value;
  };
  const done = next();
  return done instanceof Promise ? done.then(tell) : tell(done);
}

function serverTiming({ statements, busy }: Call): string {
  const shown = `${statements} ${statements === 1 ? "statement" : "statements"}`;
  return `db;desc="${shown}";dur=${busy.toFixed(1)}`;
}
