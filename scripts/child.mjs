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

/** How often to see whether the parent is there, in milliseconds. */
const watch = 250;

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @param {object} [hooks]
 * @param {(chunk: Buffer) => void} [hooks.onOutput] what a piped child prints, both streams
 * @param {(child: ChildProcess, signal: NodeJS.Signals) => void} [hooks.onSignal] by default, it is
 *   passed on and the child decides
 * @returns {Promise<number>} its exit code, or as a shell says it: 128 and the signal's number
 */
export function run(command, args, options, { onOutput = () => {}, onSignal = pass } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    const stop = listen((signal) => onSignal(child, signal));
    child.stdout?.on("data", onOutput);
    child.stderr?.on("data", onOutput);
    child.once("error", (error) => {
      stop();
      reject(error);
    });
    child.once("close", (code, signal) => {
      stop();
      resolve(code ?? exitCode(signal ?? "SIGKILL"));
    });
  });
}

/** @param {NodeJS.Signals} signal */
export function exitCode(signal) {
  return 128 + constants.signals[signal];
}

/**
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function pass(child, signal) {
  // On Windows the console tells every process itself, and `kill` would be a hard end.
  if (process.platform !== "win32") child.kill(signal);
}

/**
 * @param {(signal: NodeJS.Signals) => void} onSignal
 * @returns {() => void} ends the listening
 */
function listen(onSignal) {
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const last = new Map();
  /** @param {NodeJS.Signals} signal */
  const once = (signal) => {
    if (Date.now() - (last.get(signal) ?? 0) < burst) return;
    last.set(signal, Date.now());
    onSignal(signal);
  };
  for (const signal of signals) process.on(signal, once);
  // npm tells the shell between it and us, and some shells end without telling anyone.
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    once("SIGTERM");
  }, watch).unref();
  return () => {
    clearInterval(timer);
    for (const signal of signals) process.off(signal, once);
  };
}
