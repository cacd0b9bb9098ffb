/**
 * Calls: what a database knows of the request, job or command that its statements are made in.
 *
 * @module
 */
import type { Connection } from "./driver.ts";
import { CallEnded } from "./own-errors.ts";

/** The parts of a source that a database looks at, where there are such. */
export interface CallSource {
  /** `"GET"` */
  readonly method?: string;
  /** `"GET /items/{id}"` */
  readonly route?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

/** How many different statements are counted. */
const most = 1000;

/** Work that can be ended before its time. */
interface Open {
  readonly abandon: (reason: Error) => unknown;
}

/**
 * One call, as `db.$engine.call` tells of it.
 *
 * @example
 * ```ts
 * import { get, martlet } from "martlet";
 * import { database } from "martlet/db";
 *
 * const db = database({ dialect: "sqlite", url: "sqlite::memory:" });
 * const count = get("/", { use: { db } }, async ({ db }) => {
 *   await db.$engine.query("select 1");
 *   return db.$engine.call?.statements;
 * });
 * const app = martlet({ count });
 * expect(await (await app.fetch(new Request("http://localhost/"))).json()).toBe(1);
 * await app.stop();
 * ```
 */
export class Call {
  readonly source: CallSource;
  /** How many statements were made, those that begin and end transactions aside. */
  statements = 0;
  /** How often each of the first thousand different ones was made, by its text. */
  readonly counts: Map<string, number> = new Map();
  /** Milliseconds that its statements took, together. */
  busy = 0;
  /** How many of its transactions were run anew. */
  retries = 0;
  /** When it last wrote, as `performance.now()` tells the time. */
  wroteAt: number | undefined;
  readonly #running = new Set<Connection>();
  readonly #open = new Set<Open>();
  #gone: Error | undefined;
  #isWatching = false;

  constructor(source: CallSource) {
    this.source = source;
  }

  /** Counts a statement. */
  count(text: string): void {
    this.statements += 1;
    const count = this.counts.get(text);
    // A socket may be open for days.
    if (count !== undefined || this.counts.size < most) this.counts.set(text, (count ?? 0) + 1);
  }

  /** Throws when nobody waits for the answer any more. */
  check(): void {
    if (!this.#isWatching) this.#watch();
    if (this.#gone !== undefined) throw this.#gone;
  }

  /** Notes that a transaction is run anew; throws when nobody waits for the answer any more. */
  retry(): void {
    this.check();
    this.retries += 1;
  }

  /** Keeps a connection in mind, whose statement is cancelled when nobody waits for it any more. */
  begin(connection: Connection): void {
    this.check();
    this.#running.add(connection);
  }

  /** Forgets a connection. */
  end(connection: Connection): void {
    this.#running.delete(connection);
  }

  /** Keeps what is abandoned when nobody waits for it. Gives what forgets it again. */
  hold(open: Open): () => void {
    this.check();
    this.#open.add(open);
    return () => void this.#open.delete(open);
  }

  #watch(): void {
    this.#isWatching = true;
    const { signal } = this.source;
    if (signal === undefined) return;
    if (signal.aborted) this.#leave(signal.reason);
    else signal.addEventListener("abort", () => this.#leave(signal.reason), { once: true });
  }

  #leave(reason: unknown): void {
    this.#gone = new CallEnded(reason);
    for (const each of this.#open) each.abandon(this.#gone);
    for (const each of this.#running) void each.cancel();
  }
}
