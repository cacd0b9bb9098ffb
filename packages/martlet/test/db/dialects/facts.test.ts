import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { can, facts } from "./facts.ts";
import { type Opened, openSubject, subjects } from "./subjects.ts";

const page = new URL("../../../../../docs/dialects.md", import.meta.url);

/** The table of the page: what a database in a column can do. */
function told(column: string): Readonly<Record<string, string>> {
  const lines = readFileSync(page, "utf8").split("\n");
  const head = lines.findIndex((line) => line.startsWith("| | PostgreSQL |"));
  const cellsOf = (line: string): string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const place = cellsOf(lines[head] ?? "").indexOf(column);
  const end = lines.findIndex((line, index) => index > head && !line.startsWith("|"));
  return Object.fromEntries(
    lines.slice(head + 2, end).map((line) => {
      const cells = cellsOf(line);
      return [cells[0], cells[place]];
    }),
  );
}

test("the page about dialects tells every fact, and no other", () => {
  expect(Object.keys(told("SQLite"))).toEqual(facts.map(({ what }) => what));
});

describe.each(subjects)("$title, by trying,", (subject) => {
  describe.skipIf(subject.isSkipped)("can do", { timeout: 60_000 }, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await openSubject(subject);
    }, 120_000);
    afterAll(() => opened.close());

    test("what the page about dialects says, and nothing else", async () => {
      const found: Record<string, string> = {};
      for (const fact of facts) found[fact.what] = (await can(opened, fact)) ? "yes" : "no";
      expect(found).toEqual(told(subject.column));
    });
  });
});
