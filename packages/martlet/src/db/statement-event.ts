/**
 * Statement events: what those are told who watch an engine.
 *
 * @module
 */
import type { Call } from "./call.ts";
import type { Result, Statement } from "./driver.ts";

/** A statement that is over. It holds no values: those of parameters may be secret. */
export interface StatementEvent {
  /** The SQL, with placeholders. */
  readonly text: string;
  /** Milliseconds, from when the connection was there. */
  readonly duration: number;
  /** How many rows were read or changed; `undefined` when it failed. */
  readonly rowCount: number | undefined;
  /** What it failed with. */
  readonly error: unknown;
  /** The request, job or command that it was made in. */
  readonly call: Call | undefined;
  readonly isInTransaction: boolean;
  /** Whether a replica was asked. */
  readonly isReplica: boolean;
}

/** Watches the statements of an engine. */
export interface Watch {
  /** Sees a statement that a call is about to make; what it throws is thrown in its place. */
  readonly before?: (statement: Statement, call: Call) => void;
  /** Sees a statement that is over. */
  readonly after?: (event: StatementEvent) => void;
}

/** What is known of a statement before it runs. */
export type Running = Pick<StatementEvent, "call" | "isInTransaction" | "isReplica">;

/** Whether a statement may change anything, as far as its first words tell. */
export function writes(text: string): boolean {
  if (/^\s*(?:select|show|explain|values|table|pragma|describe)\b/i.test(text)) return false;
  return !/^\s*with\b/i.test(text) || /\b(?:insert|update|delete|merge)\b/i.test(text);
}

/** Whether a statement is of the transaction itself and not of the work in it. */
export function isControl(text: string): boolean {
  return /^\s*(?:begin|start|commit|rollback|savepoint|release|set)\b/i.test(text);
}

/** The event of a statement that is over. */
export function eventOf(
  { text }: Statement,
  running: Running,
  over: { readonly from: number; readonly result?: Result; readonly error?: unknown },
): StatementEvent {
  return {
    text,
    duration: performance.now() - over.from,
    rowCount: over.result?.rowCount,
    error: over.error,
    ...running,
  };
}
