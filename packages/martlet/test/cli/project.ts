/**
 * Projects that the command line is run in, as a process of its own.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Done } from "./session.ts";

const root = join(import.meta.dirname, "../../../..");
const main = join(root, "packages/martlet/src/cli/main.ts");
const cache = join(root, "node_modules/.cache/compile");

/** A program that runs. */
export interface Started {
  readonly done: Promise<Done>;
  readonly kill: (signal: NodeJS.Signals) => boolean;
}

interface Session {
  readonly child: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

/** A directory with files, removed at its end. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "martlet-cli-"));
  readonly #env: Readonly<Record<string, string>>;
  #session: Session | undefined;

  constructor(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
    symlinkSync(join(root, "node_modules"), join(this.directory, "node_modules"));
    this.write({ "package.json": '{ "type": "module" }', ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  list(path: string): string[] {
    return readdirSync(join(this.directory, path)).toSorted();
  }

  /** Starts the program itself; `done` says what it came to. */
  start(args: string, env: Readonly<Record<string, string>> = {}): Started {
    const child = this.#spawn(main, [...words(args)], env);
    const exit = new Promise<number | null>((resolve) => void child.once("close", resolve));
    const { stdout, stderr } = child as { stdout: Readable; stderr: Readable };
    const done = async (): Promise<Done> => {
      const [output, errors, exitCode] = await Promise.all([text(stdout), text(stderr), exit]);
      return { exitCode, output, errors };
    };
    return { done: done(), kill: (signal) => child.kill(signal) };
  }

  /** Runs a command line, in one process with the others of this project. */
  async run(args: string): Promise<Done> {
    this.#session ??= this.#open();
    const { child, lines } = this.#session;
    child.stdin?.write(`${JSON.stringify(words(args))}\n`);
    const { value } = await lines.next();
    return JSON.parse(String(value)) as Done;
  }

  #open(): Session {
    const child = this.#spawn(join(import.meta.dirname, "session.ts"), [], {});
    const { stdout } = child as { stdout: Readable };
    return { child, lines: createInterface({ input: stdout })[Symbol.asyncIterator]() };
  }

  #spawn(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcess {
    return spawn(process.execPath, ["--conditions=@martlet/source", file, ...args], {
      cwd: this.directory,
      env: { ...process.env, NODE_COMPILE_CACHE: cache, NODE_ENV: "test", ...this.#env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  [Symbol.dispose](): void {
    this.#session?.child.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function words(args: string): string[] {
  return args.split(" ").filter((each) => each !== "");
}
