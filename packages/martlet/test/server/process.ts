/**
 * The fixture as a child process.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

/** A running fixture. */
export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** What it wrote to standard error so far. */
  readonly errors: () => string;
  /** Sends a signal; the exit code and how long it took, once it has ended. */
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
}

/** How a process ended. */
interface Ended {
  readonly code: number | null;
  readonly took: number;
}

/** Most of a start is the stripping of types, which need not be done for each. */
const cached = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, "../../../../node_modules/.cache/compile"),
};

/** Starts the fixture and waits until it listens. */
export async function start(env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const child = spawn(
    process.execPath,
    ["--expose-gc", "--conditions=@martlet/source", join(import.meta.dirname, "fixture.ts")],
    { env: { ...process.env, ...cached, PORT: "0", ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  // "close" and not "exit": what the process said last has been read by then.
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (text: Buffer) => resolve(Number(String(text))));
    child.once("close", (code) => reject(new Error(`The fixture ended with ${code}:\n${errors}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    child,
    errors: () => errors,
    end: async (signal) => {
      const begin = performance.now();
      child.kill(signal);
      return { code: await ended, took: performance.now() - begin };
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
