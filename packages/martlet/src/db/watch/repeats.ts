/**
 * Statements that one request makes again and again: what one for all rows could do.
 *
 * @module
 */
import { Fault } from "../../index.ts";
import type { Call } from "../call.ts";
import type { Dialect, Statement } from "../driver.ts";
import { type Watch, writes } from "../statement-event.ts";
import type { Notice } from "../pool.ts";
import { Lines } from "./lines.ts";
import { shortened } from "./shown-sql.ts";

/** A statement that a request has made too often. */
export interface RepeatedStatement {
  /** The SQL, on one line and without the values that are written into it. */
  readonly text: string;
  /** How often it was made, this time included. */
  readonly count: number;
  /** `"GET /items"` */
  readonly route: string;
  /** Where in the code it was made, `"src/items.ts:12:5"`; `undefined` where that is not known. */
  readonly place: string | undefined;
  /** Whether it changes something. */
  readonly isWrite: boolean;
}

/** What happens to it: its caller gets an error, a line is told, or what a function does. */
export type RepeatsAction = "error" | "warn" | ((statement: RepeatedStatement) => void);

/** What repeated statements are found with. */
export interface RepeatsParts {
  readonly dialect: Dialect;
  /** How often a request may make the same statement. */
  readonly most: number;
  readonly action: RepeatsAction;
  readonly notice: Notice;
}

/** Finds statements that a request makes more often than it may. */
export function repeatsWatch({ dialect, most, action, notice }: RepeatsParts): Watch {
  const lines = new Lines({ notice, every: Infinity, most: differentOnes });
  return {
    before: (statement, call) => {
      const repeated = repeatedStatement(statement, call, { dialect, most });
      if (repeated === undefined) return;
      if (typeof action === "function") {
        if (repeated.isFirst) action(repeated.statement);
        return;
      }
      // One that writes may be on purpose: what it gives decides what comes next.
      if (action === "error" && !repeated.statement.isWrite) throw fault(repeated.statement, most);
      const { route, text } = repeated.statement;
      lines.tell(`${route}\n${text}`, () => fault(repeated.statement, most).message);
    },
  };
}

/** How many of them are told, each once. */
const differentOnes = 1000;

function repeatedStatement(
  { text, origin }: Statement,
  call: Call,
  { dialect, most }: Pick<RepeatsParts, "dialect" | "most">,
): { readonly statement: RepeatedStatement; readonly isFirst: boolean } | undefined {
  const count = call.counts.get(text) ?? 0;
  // What is run anew makes its statements anew.
  const allowed = most * (1 + call.retries);
  if (count <= allowed || origin?.mayRepeat === true) return undefined;
  const { route } = call.source;
  // Jobs and sockets go on for long, and may do the same for each row or message.
  if (route === undefined || route.startsWith("WEBSOCKET ")) return undefined;
  const isWrite = writes(text);
  const shown = shortened(text, dialect);
  const statement = { text: shown, count, route, place: origin?.place, isWrite };
  return { statement, isFirst: count === allowed + 1 };
}

function fault({ text, route, place, isWrite }: RepeatedStatement, most: number): Fault {
  return new Fault("M032", `A request makes the same statement more than ${most} times: ${text}`, {
    trail: [route, place ?? "a place that is not known"],
    hint: isWrite ? manyRows : oneForAll,
  });
}

const allow = "or allow it with `db.$engine.allowRepeats(() => …)`.";
const oneForAll = `Read what all rows need at once, with a relation (\`with\`), a join or \`inArray\`, ${allow}`;
const manyRows = `Write all rows with one statement, such as \`insert(…).values([…])\`, ${allow}`;

/** The fault for which a statement was not made, if that is what an error was caused by. */
export function repeatsFault(error: unknown): Fault | undefined {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < 8; depth += 1) {
    if (each instanceof Fault && each.code === "M032") return each;
    each = each.cause;
  }
  return undefined;
}
