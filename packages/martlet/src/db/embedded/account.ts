/**
 * The account that PostgreSQL runs as: it refuses to be root.
 *
 * @module
 */
import { chmodSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A user and a group, as numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`, who owns nothing else, when this process is root; else the process's own account. */
export function serverAccount(): Account | undefined {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}

/** Where Martlet keeps what cannot be in the application's directory, within the account's reach. */
export function stateDirectory(account: Account | undefined): string {
  const asked = process.env["XDG_STATE_HOME"];
  if (asked && closedTo(asked, account) === undefined) return join(asked, "martlet");
  return join(account === undefined ? join(homedir(), ".local/state") : "/var/lib", "martlet");
}

/** The innermost directory on the way to a path that an account may not enter, if there is one. */
export function closedTo(path: string, account: Account | undefined): string | undefined {
  if (account === undefined) return undefined;
  let directory = nearest(path);
  while (mayEnter(directory, account)) {
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
  return directory;
}

/** Makes a directory that an account can reach, whatever the process's umask. */
export function makeReachable(path: string, account: Account | undefined): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined || account === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

/** The directory itself, or the closest above it that is there, by its real name. */
function nearest(path: string): string {
  let directory = path;
  while (statSync(directory, { throwIfNoEntry: false }) === undefined) {
    directory = dirname(directory);
  }
  return realpathSync(directory);
}

function mayEnter(directory: string, { uid, gid }: Account): boolean {
  const found = statSync(directory);
  const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
  return (found.mode & bit) !== 0;
}
