// @ts-check
/**
 * One child process that ends when its parent is told to: Ctrl-C, `kill` and a closed terminal
 * reach it whether the signal was sent to npm alone or to the whole process group.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Signals of one burst (the terminal's, then npm's copy of it) count once, in milliseconds. */
const burst = 1000;

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @param {(chunk: Buffer) => void} [onOutput] what a piped child prints, both streams
 * @returns {Promise<number>} its exit code, or 128 + the signal's number as a shell says it
 */
export function run(command, args, options, onOutput = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    const stop = forwardSignals(child);
    child.stdout?.on("data", onOutput);
    child.stderr?.on("data", onOutput);
    child.once("error", (error) => {
      stop();
      reject(error);
    });
    child.once("close", (code, signal) => {
      stop();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => void} ends the forwarding
 */
function forwardSignals(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const last = new Map();
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (Date.now() - (last.get(signal) ?? 0) < burst) return;
    last.set(signal, Date.now());
    // On Windows the console tells every process itself, and `kill` would be a hard end.
    if (process.platform !== "win32") child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}
