/**
 * The TypeScript compiler as a process, and what it says of its work.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Files } from "./routes.ts";

/** What one run of the compiler took. */
export interface Figures {
  /** Type instantiations: the same in every run. */
  readonly instantiations: number;
  readonly types: number;
  /** Memory, in megabytes. */
  readonly memory: number;
  /** CPU time of the whole process in user mode, in seconds. */
  readonly cpu: number;
  /** Time of the check alone by the clock, in seconds. */
  readonly check: number;
  /** Every error, one line each. */
  readonly errors: readonly string[];
}

/** A folder with a `tsconfig.json`, ready to be compiled. */
export interface Project {
  readonly folder: string;
  /** Compiler options beside the shared ones. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The files to start from, relative to the folder. */
  readonly roots: readonly string[];
}

const root = join(import.meta.dirname, "../..");
const tsc = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "lib/tsc.js",
);

/** The folder of all generated projects; within the repository, so that packages are found. */
export const generated = join(import.meta.dirname, ".generated");

const shared = {
  target: "ES2024",
  lib: ["ES2024"],
  module: "NodeNext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  rewriteRelativeImportExtensions: true,
  moduleDetection: "force",
  skipLibCheck: true,
};

/** Writes a project anew. */
export function write({ folder, options = {}, roots }: Project, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  const config = { compilerOptions: { ...shared, ...options }, files: roots };
  const all = { ...files, "tsconfig.json": JSON.stringify(config, undefined, 2) };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Compiles a project with one checker, so that the figures are those of the types alone. */
export function compile(folder: string, ...flags: readonly string[]): Figures {
  const config = join(folder, "tsconfig.json");
  const command = [process.execPath, tsc, "-p", config, "--singleThreaded"];
  // `times` is the one way to a child's CPU time that every POSIX shell has.
  const { stdout, error } = spawnSync(
    "sh",
    ["-c", '"$@"; times', "sh", ...command, "--extendedDiagnostics", "--pretty", "false", ...flags],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (error !== undefined) throw error;
  return {
    instantiations: diagnostic(stdout, "Instantiations"),
    types: diagnostic(stdout, "Types"),
    memory: diagnostic(stdout, "Memory used") / 1024,
    cpu: userTime(stdout),
    check: diagnostic(stdout, "Check time"),
    errors: stdout.split("\n").filter((line) => /error TS\d+/.test(line)),
  };
}

/** Martlet's own declarations, as an installed package has them, and the paths that lead there. */
export function declareMartlet(
  folder: string,
  source: string = join(root, "packages/martlet/src"),
): Readonly<Record<string, readonly string[]>> {
  const output = join(folder, "installed");
  const options = {
    rootDir: source,
    outDir: output,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
  };
  const roots = ["index.ts", "auth/index.ts", "client/index.ts"].map((path) => join(source, path));
  const project = { folder: join(folder, "installing"), options, roots };
  write(project, {});
  compile(project.folder);
  return {
    martlet: [join(output, "index.d.ts")],
    "martlet/auth": [join(output, "auth/index.d.ts")],
    "martlet/client": [join(output, "client/index.d.ts")],
  };
}

function diagnostic(text: string, name: string): number {
  const [, value] = new RegExp(`^${name}: +([\\d.]+)`, "m").exec(text) ?? [];
  return Number(value ?? Number.NaN);
}

/** The second line of `times`: what the shell's children took, user time first. */
function userTime(text: string): number {
  const [, minutes, seconds] = /(\d+)m([\d.]+)s +\d+m[\d.]+s\s*$/.exec(text) ?? [];
  return Number(minutes ?? Number.NaN) * 60 + Number(seconds ?? Number.NaN);
}
