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
import { fileURLToPath } from "node:url";
import { run } from "./child.mjs";

const own = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
const node = existsSync(own) ? own : process.execPath;
process.exitCode = await run(node, process.argv.slice(2), { stdio: "inherit" });
