import { describe, expect, test } from "vitest";
import { compileMistakes, type Mistake } from "./mistakes.ts";

/** What each mistake's first message has to name: the offending key, as a literal. */
const named: Readonly<Record<string, string>> = {
  "client-code": '"item-gone"',
  "client-forgets": '"out-of-stock"',
  "client-misspells": "'itemId'",
  "client-omits": "'price'",
  "client-result": "'prize'",
  "db-not-used": "'db'",
  "declared-twice": '"id"',
  "dependency-declared-twice": '"db"',
  "fake-db": "'save(...)'",
  "missing-field": "'price'",
  "missing-field-listed": "'price'",
  "needs-more": "'flag'",
  "path-extra": "'{version}'",
  "path-missing": "'shop'",
  "path-renamed": "'{id}'",
  "path-undeclared": "readonly id:",
  "path-unresolved": "'{orgId}'",
  "path-unresolved-route": "'{orgId}'",
  "undeclared-problem": `'"out-of-stock"'`,
  "undeclared-status": "'200'",
  "user-not-used": "'user'",
  // An expression's own message stands at the value itself.
  "wrong-field": "'string'",
  "wrong-field-later": "'owner'",
  "wrong-problem-data": "'item'",
};

const all = compileMistakes();
const correct = new Set(["app", "shop"]);
const mistakes = all.filter(({ name }) => !correct.has(name));

describe("a mistake", () => {
  test("has a fixture, and a fixture one that is named here", () => {
    expect(mistakes.map(({ name }) => name)).toEqual(Object.keys(named).toSorted());
  });

  test.each(mistakes)("is caught when it is compiled ($name)", ({ name, messages }) => {
    expect(messages[0]).toContain(named[name]);
  });

  test.each(all)("is all that is wrong with its fixture ($name)", ({ remaining }) => {
    expect(remaining).toEqual([]);
  });

  test("is told in the words that are known", async () => {
    await expect(mistakes.map(section).join("\n")).toMatchFileSnapshot("mistakes.snap");
  });
});

function section({ name, what, messages: [first = ""] }: Mistake): string {
  return `## ${name}: ${what} (${first.length} characters)\n\n${first}\n`;
}
