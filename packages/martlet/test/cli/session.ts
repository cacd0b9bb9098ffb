/**
 * Many command lines in one process, which starts but once: for each line of JSON, a list of
 * arguments, it writes a line with what that came to.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { commands } from "../../src/cli/commands.ts";
import { run } from "../../src/cli/run.ts";

/** What a command came to. */
export interface Done {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

for await (const line of createInterface({ input: process.stdin })) {
  const texts = { output: "", errors: "" };
  const exitCode = await run(JSON.parse(line) as string[], commands, {
    directory: process.cwd(),
    output: (text) => (texts.output += text),
    errors: (text) => (texts.errors += text),
    isColoured: { output: false, errors: false },
    signal: new AbortController().signal,
  });
  const done: Done = { exitCode, ...texts };
  process.stdout.write(`${JSON.stringify(done)}\n`);
}
