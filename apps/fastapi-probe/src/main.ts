/**
 * `npm run parity`: replays recorded cases and tells where Martlet and FastAPI agree.
 * `--cases FILE` takes another file of cases, `--json` closes with the figures on one line.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { keptCases, readCases } from "./cases.ts";
import { differences } from "./differences.ts";
import { replay } from "./replay.ts";
import { report, reportJson } from "./report.ts";
import { judge } from "./verdict.ts";

const { values } = parseArgs({
  options: { cases: { type: "string" }, json: { type: "boolean", default: false } },
});
const cases = await readCases(values.cases ?? keptCases);
const verdict = judge(await replay(cases), differences);
process.stdout.write(report(verdict));
if (values.json) process.stdout.write(`${reportJson(verdict)}\n`);
// Who asks for the figures judges them.
else if (verdict.unexplained.length > 0) process.exitCode = 1;
