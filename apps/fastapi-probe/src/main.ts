/**
 * `npm run parity`: replays recorded cases and tells where Martlet and FastAPI agree.
 * `--cases FILE` takes another file of cases, `--json` closes with the figures on one line, `--page`
 * writes the rules to the documentation instead.
 *
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { keptCases, readCases } from "./cases.ts";
import { differences } from "./differences.ts";
import { differencesPage, withRules } from "./page.ts";
import { replay } from "./replay.ts";
import { report, reportJson } from "./report.ts";
import { judge } from "./verdict.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    json: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
  },
});

if (values.page) {
  await writeFile(differencesPage, withRules(await readFile(differencesPage, "utf8"), differences));
} else {
  const cases = await readCases(values.cases ?? keptCases);
  const verdict = judge(await replay(cases), differences);
  process.stdout.write(report(verdict));
  if (values.json) process.stdout.write(`${reportJson(verdict)}\n`);
  // Who asks for the figures judges them.
  else if (verdict.unexplained.length > 0) process.exitCode = 1;
}
