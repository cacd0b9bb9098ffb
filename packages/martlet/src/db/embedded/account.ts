/**
 * The account that PostgreSQL runs as: it refuses to be root.
 *
 * @module
 */
import { chmodSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** A user and a group, as numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`, who owns nothing else, when this process is root; else the process's own account. */
export function serverAccount(): Account | undefined {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}

/** Whether an account may go through a path's directories, and enter the last. */
export function isReachable(path: string, account: Account | undefined): boolean {
  if (account === undefined) return true;
  let directory = nearest(path);
  for (;;) {
    if (!mayEnter(directory, account)) return false;
    const parent = dirname(directory);
    if (parent === directory) return true;
    directory = parent;
  }
}

/** Makes a directory that an account can reach, whatever the process's umask. */
export function makeReachable(path: string, account: Account | undefined): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined || account === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

/** The directory itself, or the closest above it that is there, by its real name. */
function nearest(path: string): string {
  for (let directory = path; ; directory = dirname(directory)) {
    if (statSync(directory, { throwIfNoEntry: false }) !== undefined)
      return realpathSync(directory);
  }
}

function mayEnter(directory: string, { uid, gid }: Account): boolean {
  const found = statSync(directory);
  const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
  return (found.mode & bit) !== 0;
}
