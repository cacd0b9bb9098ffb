#!/usr/bin/env node
/**
 * The program `martlet`.
 *
 * @module
 */
import process from "node:process";
import { styleText } from "node:util";
import { commands } from "./commands.ts";
import { run } from "./run.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  // The second one ends the process: what cannot be given up must not keep it.
  process.once(name, () => stop.abort(new Error(`${name}: given up`)));
}

const exitCode = await run(process.argv.slice(2), commands, {
  directory: process.cwd(),
  output: (text) => void process.stdout.write(text),
  errors: (text) => void process.stderr.write(text),
  isColoured: { output: isColoured(process.stdout), errors: isColoured(process.stderr) },
  signal: stop.signal,
});

// What the application has left open must not keep it either, once everything is written.
await Promise.all([process.stdout, process.stderr].map(written));
process.exit(exitCode);

/** As NO_COLOR, FORCE_COLOR and the terminal say. */
function isColoured(stream: NodeJS.WriteStream): boolean {
  return styleText("red", "x", { stream }) !== "x";
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}
