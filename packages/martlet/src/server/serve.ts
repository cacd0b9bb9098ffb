/**
 * Serving: a server for a process of its own, which ends in order when it is told to.
 *
 * @module
 */
import process from "node:process";
import type { App } from "../index.ts";
import { listen, type ListenOptions, type RunningServer, type StopOptions } from "./node.ts";

/** How a process serves. */
export interface ServeOptions extends ListenOptions, StopOptions {
  /** @default the environment's PORT, else 8000 */
  readonly port?: number;
  /** @default the environment's HOST, else "127.0.0.1" */
  readonly host?: string;
  /** The signals that stop the server. @default ["SIGINT", "SIGTERM"] */
  readonly signals?: readonly NodeJS.Signals[];
}

/**
 * Serves an application until SIGINT or SIGTERM, then stops in order and ends the process: with 0
 * when every request was finished, with 1 when some had to be cut. A second signal ends it at once.
 *
 * @example
 * ```ts no-run
 * import { get, martlet } from "martlet";
 * import { serve } from "martlet/server";
 *
 * const app = martlet({ ping: get("/ping", {}, () => "pong") });
 * await serve(app);
 * ```
 *
 * @throws {Faults} when the application is at fault
 */
export async function serve(app: App<unknown>, options: ServeOptions = {}): Promise<RunningServer> {
  const { env } = process;
  const {
    port = portOf(env["PORT"]),
    host = env["HOST"] || "127.0.0.1",
    signals = ["SIGINT", "SIGTERM"],
    ...rest
  } = options;
  // A promise that nobody awaits must not end every request in flight.
  process.on("unhandledRejection", (error) => {
    process.stderr.write(`A promise that nobody awaits was rejected: ${inspect(error)}\n`);
  });
  const server = await listen(app, { ...rest, port, host });
  let told: number | undefined;
  for (const signal of signals) {
    process.on(signal, () => {
      // A terminal and whatever started us may both pass one signal on: that is one wish, not two.
      if (told !== undefined && Date.now() - told < 1000) return;
      if (told !== undefined) process.exit(1);
      told = Date.now();
      // At a terminal nobody waits for a load balancer to look away.
      const lameDuck = signal === "SIGINT" ? 0 : (options.lameDuck ?? 1000);
      void server
        .stop({ onCut: tellCut, ...rest, lameDuck })
        .then((cut) => process.exit(cut > 0 ? 1 : 0));
    });
  }
  return server;
}

function tellCut(cut: readonly string[]): void {
  process.stderr.write(`The time to stop was over; had to be cut: ${cut.join(", ")}\n`);
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return 8000;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new TypeError(`PORT is ${JSON.stringify(text)}: it must be a number from 0 to 65535`);
}

function inspect(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
