/**
 * Statement events: what those are told who watch an engine.
 *
 * @module
 */
import type { Call } from "./call.ts";
import type { Result, Statement } from "./driver.ts";
import type { Counters } from "./metrics.ts";

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
  /** Where in the code it was made, `"src/items.ts:12:5"`; `undefined` where that is not known. */
  readonly place: string | undefined;
  readonly isInTransaction: boolean;
  /** Whether a replica was asked. */
  readonly isReplica: boolean;
}

/** Watches the statements of an engine. */
export interface Watch {
  /** Sees a statement that a call is about to make; what it throws is thrown in its place. */
  readonly before?: (statement: Statement, call: Call) => void;
  /** Whether it wants to see a statement that took so many milliseconds. @default every one */
  readonly wants?: (duration: number) => boolean;
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

/** When a statement began, and what became of it. */
export interface Over {
  /** As `performance.now()` tells the time. */
  readonly from: number;
  readonly result?: Result;
  readonly error?: unknown;
}

/** Who watches, and who is told that one of them failed. */
export interface Watching {
  readonly watches?: readonly Watch[];
  readonly notice: (line: string) => void;
}

/** All who watch an engine, its own counters first. */
export class Watches {
  readonly #all: readonly Watch[];
  readonly #notice: (line: string) => void;
  readonly #counters: Counters;

  constructor({ watches = [], notice }: Watching, counters: Counters) {
    this.#all = watches;
    this.#notice = notice;
    this.#counters = counters;
  }

  /** Tells of a statement that a call is about to make. */
  before(statement: Statement, call: Call): void {
    call.count(statement.text);
    for (const { before } of this.#all) before?.(statement, call);
  }

  /** Tells of a statement that is over, which a mistake of who watches does not change. */
  after(statement: Statement, running: Running, over: Over): void {
    const duration = performance.now() - over.from;
    this.#counters.count(duration, over.error !== undefined);
    if (running.call !== undefined) running.call.busy += duration;
    let event: StatementEvent | undefined;
    for (const { wants, after } of this.#all) {
      if (after === undefined || wants?.(duration) === false) continue;
      event ??= eventOf(statement, { ...running, duration }, over);
      try {
        after(event);
      } catch (error) {
        this.#notice(`Who watches the statements failed: ${String(error)}`);
      }
    }
  }
}

function eventOf(
  { text, origin }: Statement,
  { duration, ...running }: Running & Pick<StatementEvent, "duration">,
  { result, error }: Over,
): StatementEvent {
  return {
    text,
    duration,
    rowCount: result?.rowCount,
    error,
    // Finding it takes longer than many a statement.
    get place() {
      return origin?.place;
    },
    ...running,
  };
}
