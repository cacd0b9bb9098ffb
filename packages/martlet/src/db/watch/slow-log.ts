/**
 * The log of slow statements.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import type { StatementEvent, Watch } from "../statement-event.ts";
import type { Lines } from "./lines.ts";
import type { Origins } from "./origins.ts";
import { shortened, withoutValues } from "./shown-sql.ts";

/** A statement that took long. */
export interface SlowStatement {
  /** The SQL, without the values that are written into it. */
  readonly text: string;
  /** Milliseconds, from when the connection was there. */
  readonly duration: number;
  /** How many rows were read or changed; `undefined` when it failed. */
  readonly rowCount: number | undefined;
  /** What it failed with. */
  readonly error: unknown;
  /** `"GET /items/{id}"`; `undefined` outside of a request. */
  readonly route: string | undefined;
  /** Where in the code it was made, `"src/items.ts:12:5"`; `undefined` where that is not known. */
  readonly place: string | undefined;
  readonly isInTransaction: boolean;
  /** Whether a replica was asked. */
  readonly isReplica: boolean;
}

/** What the log of slow statements is made of. */
export interface SlowLogParts {
  readonly dialect: Dialect;
  /** Milliseconds. */
  readonly slow: number;
  readonly onSlow?: ((statement: SlowStatement) => void) | undefined;
  readonly lines: Lines;
  readonly origins: Origins;
}

/** Tells of every statement that takes long, and has the code of its route looked at from then on. */
export function slowLog({ dialect, slow, onSlow, lines, origins }: SlowLogParts): Watch {
  return {
    wants: (duration) => duration >= slow,
    after: (event) => {
      const statement = slowStatement(event, dialect);
      const { route, place } = statement;
      if (place === undefined) origins.look(route);
      onSlow?.(statement);
      const text = shortened(event.text, dialect);
      lines.tell(`${route}\n${place}\n${text}`, () => lineOf(statement, text));
    },
  };
}

function slowStatement(event: StatementEvent, dialect: Dialect): SlowStatement {
  const { duration, rowCount, error, place, isInTransaction, isReplica } = event;
  const route = event.call?.source.route;
  const text = withoutValues(event.text, dialect);
  return { text, duration, rowCount, error, route, place, isInTransaction, isReplica };
}

function lineOf(statement: SlowStatement, text: string): string {
  const { duration, rowCount, route = "no request", place = "place not known" } = statement;
  const rows = rowCount === undefined ? "failed" : `${rowCount} ${rowCount === 1 ? "row" : "rows"}`;
  return `Slow statement: ${Math.round(duration)} ms, ${rows}, ${route}, ${place}: ${text}`;
}
