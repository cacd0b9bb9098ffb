import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const docs = join(root, "docs");

interface Row {
  readonly id: string;
  readonly cells: readonly string[];
  /** The last column: links to tests, or a reason. */
  readonly proof: string;
}

/** The rows of all tables whose first column is an id. */
function rows(page: string): Row[] {
  return [...page.matchAll(/^\| ([FW]\d+) \|(.*)\|$/gm)].map(([, id = "", rest = ""]) => {
    const cells = rest.split("|").map((each) => each.trim());
    return { id, cells, proof: cells.at(-1) ?? "" };
  });
}

/** The files that a text links to, by their paths from the root. */
function linked(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
  const files = targets.filter((target) => !/^[a-z]+:/.test(target));
  return files.map((target) => relative(root, join(docs, target)));
}

/** Why there is no test. */
const reason = /^(?:none|not yet): \S.{20,}\.$/;

/** What is wrong with a row, or nothing. */
function fault({ id, proof }: Row): string | undefined {
  if (reason.test(proof)) return undefined;
  const tests = linked(proof);
  if (tests.length === 0) return `${id} has neither a test nor a reason`;
  const bad = tests.find((path) => !path.endsWith(".test.ts") || !hasTest(path));
  return bad === undefined ? undefined : `${id} links to ${bad}, which has no test`;
}

function hasTest(path: string): boolean {
  const file = join(root, path);
  return existsSync(file) && /^\s*(?:test|it)(?:\.\w+)*\(/m.test(readFileSync(file, "utf8"));
}

describe("the page of what FastAPI has", () => {
  const page = readFileSync(join(docs, "fastapi-parity.md"), "utf8");
  const all = rows(page);

  test("has every feature and every weakness once, in order", () => {
    const ids = (letter: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
    expect(all.map(({ id }) => id)).toEqual([...ids("F", 220), ...ids("W", 16)]);
  });

  test("has a test or a reason for each", () => {
    expect(all.map(fault).filter((each) => each !== undefined)).toEqual([]);
  });

  test("says what Martlet has where there is a test", () => {
    const silent = all.filter(({ cells, proof }) => !reason.test(proof) && cells.at(-2) === "");
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  test("lacks no more than it did, and says how much", () => {
    const lacking = all.filter(({ proof }) => proof.startsWith("not yet: "));
    expect(lacking.length).toBeLessThanOrEqual(15);
    expect(page).toContain(`(${lacking.length} of 220 features`);
  });

  test("would be found out (negative control)", () => {
    const wrong =
      "| F1 | A | a | |\n| F2 | B | b | [x](../gone.test.ts) |\n| F3 | C | | none: no. |\n";
    expect(rows(wrong).map(fault)).toEqual([
      "F1 has neither a test nor a reason",
      "F2 links to gone.test.ts, which has no test",
      "F3 has neither a test nor a reason",
    ]);
  });
});

describe("the pages of the documentation", () => {
  const pages = globSync("*.md", { cwd: docs });
  const text = new Map(pages.map((page) => [page, readFileSync(join(docs, page), "utf8")]));

  test("all stand on the path through them", () => {
    const path = linked(text.get("README.md") ?? "").map((each) => relative("docs", each));
    const onPath = new Set(["README.md", ...path]);
    expect(pages.filter((page) => !onPath.has(page))).toEqual([]);
  });

  test.each(pages)("link to what there is, in %s", (page) => {
    const missing = linked(text.get(page) ?? "").filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });
});
