// @ts-check
/**
 * Sets the repository up, then runs a script with its own Node:
 * `node scripts/run.mjs [Node's options] script.ts [arguments]`. A shell that has looked `node` up
 * once may go on with the machine's, hence this file and not two commands.
 *
 * @module
 */
import "./setup.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./child.mjs";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const own = join(modules, ".bin", "node");
const node = existsSync(own) ? own : process.execPath;
// Most of a start is the stripping of types, which need not be done twice.
const env = { NODE_COMPILE_CACHE: join(modules, ".cache", "compile"), ...process.env };
process.exitCode = await run(node, process.argv.slice(2), { stdio: "inherit", env });
