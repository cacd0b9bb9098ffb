/**
 * What is told of statements, as the options of a database say.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";
import type { Notice } from "../pool.ts";
import type { Watch } from "../statement-event.ts";
import { channelWatch } from "./channel.ts";
import { Lines } from "./lines.ts";
import { Origins } from "./origins.ts";
import { type RepeatsAction, repeatsWatch } from "./repeats.ts";
import { slowLog, type SlowStatement } from "./slow-log.ts";

/** What is told of the statements of a database. */
export interface WatchOptions {
  /** After how many milliseconds a statement is slow, and is told to `notice`; 0 for never. @default 200 */
  readonly slow?: number;
  /** Receives every slow statement as data. */
  readonly onSlow?: (statement: SlowStatement) => void;
  /** How often a request may make the same statement; 0 for as often as it likes. @default 5 */
  readonly repeats?: number;
  /**
   * What happens to a statement that a request makes more often: it fails with fault M032 (those that
   * write are only told), it is told to `notice`, a function receives it, or nothing.
   *
   * @default "error" if NODE_ENV is "test", false if it is "production", otherwise "warn"
   */
  readonly onRepeats?: RepeatsAction | false;
  /**
   * Whether answers have a header `Server-Timing` with the number of statements and their time.
   *
   * @default true if NODE_ENV is "development"
   */
  readonly serverTiming?: boolean;
}

/** What the options need to know beside. */
export interface Watched {
  /** What the database is called. */
  readonly name: string;
  readonly dialect: Dialect;
  /** `NODE_ENV` */
  readonly environment: string | undefined;
  readonly notice: Notice;
}

/** Makes what watches the statements of a database. */
export function watching(
  options: WatchOptions,
  { name, dialect, environment, notice }: Watched,
): { readonly watches: readonly Watch[]; readonly origins: Origins } {
  const { slow = 200, onSlow, repeats = 5, onRepeats = usualAction(environment) } = options;
  const origins = new Origins({ always: environment !== "production" });
  const watches = [channelWatch({ database: name, dialect })];
  if (slow > 0)
    watches.push(slowLog({ dialect, slow, onSlow, lines: new Lines({ notice }), origins }));
  if (repeats > 0 && onRepeats !== false) {
    watches.push(repeatsWatch({ dialect, most: repeats, action: onRepeats, notice }));
  }
  return { watches, origins };
}

function usualAction(environment: string | undefined): RepeatsAction | false {
  if (environment === "production") return false;
  return environment === "test" ? "error" : "warn";
}
