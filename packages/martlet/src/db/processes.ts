/**
 * Processes, as far as one can tell of those of others: whether one runs, and since when.
 *
 * @module
 */
import { codeOf, textOf } from "./files.ts";

/** Whether a process runs. One that has ended and waits to be asked how does not. */
export function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It runs, as another user.
    if (codeOf(error) !== "EPERM") return false;
  }
  return statOf(pid)?.[0] !== "Z";
}

/** When a process began, where the system tells (Linux): boot and clock tick. */
export function beginningOf(pid: number): string | undefined {
  const tick = statOf(pid)?.[19];
  if (tick === undefined) return undefined;
  return `${textOf("/proc/sys/kernel/random/boot_id")?.trim()} ${tick}`;
}

/** Sends a signal to one process, which may be gone. Zero and below would be groups. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  if (!(pid > 0)) return;
  try {
    process.kill(pid, signal);
  } catch {
    // There is nothing left to end.
  }
}

/** The fields of `/proc/<pid>/stat` after the name, which stands in parentheses and may hold any. */
function statOf(pid: number): string[] | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}
