import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { keptCases, readCases } from "../src/cases.ts";
import { type Level, levels, type Observed, observe } from "../src/compare.ts";
import { differences } from "../src/differences.ts";
import { differencesPage, withRules } from "../src/page.ts";
import { replay } from "../src/replay.ts";
import { judge, type Verdict } from "../src/verdict.ts";
import { planted } from "./planted.ts";
import { unseen } from "./unseen.ts";

/** What agreed when this was written. It may grow, and never shrinks. */
const floor: Readonly<Record<Level, number>> = { status: 444, json: 226, loc: 166, type: 164 };

let observed: readonly Observed[];
let verdict: Verdict;

beforeAll(async () => {
  observed = await replay(await readCases(keptCases));
  verdict = judge(observed, differences);
}, 60_000);

describe("the port answers as FastAPI did", () => {
  test("or as one of the rules says", () => {
    const left = verdict.unexplained.map(({ level, observed }) => `${level} ${observed.case.id}`);
    expect(left).toEqual([]);
  });

  test.for(levels)("as often as before, for the level %s", (level) => {
    expect(verdict.scores[level].equal).toBeGreaterThanOrEqual(floor[level]);
  });
});

describe("a rule", () => {
  test("accounts for a case that is kept, or for one that is made up here", () => {
    const made = judge(
      unseen.map(({ one, actual }) => observe(one, actual)),
      differences,
    );
    expect(made.unexplained).toEqual([]);
    const idle = differences.filter((each) =>
      [verdict, made].every(({ used }) => used.get(each)?.length === 0),
    );
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  test.for(Object.entries(planted))("excuses nowhere %s", ([, answer]) => {
    const excused = observed.flatMap(({ case: one }) => {
      const wrong = observe(one, answer);
      const { unexplained } = judge([wrong], differences);
      const unequal = levels.filter((level) => wrong.equal[level] === false);
      return unexplained.length < unequal.length ? [one.id] : [];
    });
    expect(excused).toEqual([]);
  });

  test("stands in the documentation as it is", async () => {
    const page = await readFile(differencesPage, "utf8");
    expect(page, "npm run parity -- --page brings it up to date").toBe(
      withRules(page, differences),
    );
  });
});
