/**
 * The directory of an embedded server, where its own account can reach it.
 *
 * @module
 */
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../files.ts";
import type { Notice } from "../pool.ts";
import { type Account, closedTo, makeReachable, stateDirectory } from "./account.ts";

/** The directory that holds the data, the password, the lock and the log. */
export interface Home {
  /** Absolute and without symbolic links, so that every process calls it the same. */
  readonly path: string;
  /** Who the server runs as, if not as this process does. */
  readonly account: Account | undefined;
  /** Whether it is removed at the end, so that nothing in it need survive. */
  readonly isTemporary: boolean;
}

/** A directory that is removed at the end. */
export function temporaryHome(account: Account | undefined): Home {
  const state = stateDirectory(account);
  const isClosed = closedTo(tmpdir(), account) !== undefined;
  if (isClosed) makeReachable(state, account);
  const path = realpathSync(mkdtempSync(join(isClosed ? state : tmpdir(), "martlet-")));
  if (account !== undefined) chownSync(path, account.uid, account.gid);
  return { path, account, isTemporary: true };
}

/**
 * The directory that was asked for. One that the account cannot enter, because it is below
 * `/root` for instance, only names another one: its modes are the user's and stay as they are.
 */
export function homeOf(directory: string, account: Account | undefined, notice: Notice): Home {
  const closed = closedTo(directory, account);
  const path = closed === undefined ? directory : elsewhere(directory, account);
  if (closed !== undefined) {
    notice(
      `PostgreSQL does not run as root, and nobody (uid 65534) may not enter ${closed}: the data of ${directory} are in ${path}`,
    );
  }
  makeReachable(path, account);
  const ignore = join(path, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  return { path: realpathSync(path), account, isTemporary: false };
}

/**
 * The place that a directory names in its file `moved-to`. The name is by chance: a directory that
 * was removed and made again, such as a clone, must not find the data of the one before.
 */
function elsewhere(directory: string, account: Account | undefined): string {
  mkdirSync(directory, { recursive: true });
  const words = directory.split("/").filter((word) => word !== "" && !word.startsWith("."));
  const name = `${words.slice(-2).join("-")}-${randomUUID().slice(0, 8)}`;
  const sign = join(directory, "moved-to");
  try {
    writeFileSync(sign, `${join(stateDirectory(account), name)}\n`, { flag: "wx" });
    writeFileSync(join(directory, ".gitignore"), "*\n");
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  return readFileSync(sign, "utf8").trim();
}
