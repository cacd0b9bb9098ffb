import { describe, expect, test } from "vitest";
import { parseDotenv } from "martlet/settings";

describe("a .env file", () => {
  test.each([
    ["plain values", "A=1\nB=two words", { A: "1", B: "two words" }],
    ["blanks around names and values", "  A =  1  \n\tB\t=\t2\t", { A: "1", B: "2" }],
    ["an export in front", "export A=1\nexport\t B=2\nexportC=3", { A: "1", B: "2", exportC: "3" }],
    [
      "comments",
      "# A=1\n  # B=2\nC=3 # three\nD=# none\nE= # none",
      { C: "3", D: "# none", E: "" },
    ],
    [
      "a # inside of a value",
      "A=p#ss\nB=#ss\nC='x # y' # z\nD=\"#\"#z",
      { A: "p#ss", B: "#ss", C: "x # y", D: "#" },
    ],
    ["a byte order mark", "\uFEFFA=1", { A: "1" }],
    ["CRLF and CR", "A=1\r\nB='x\r\ny'\r\n\r\nC=3\rD=4", { A: "1", B: "x\ny", C: "3", D: "4" }],
    ["no line break at the end", "A=1\nB=", { A: "1", B: "" }],
    [
      "empty values, whatever follows them",
      "A=\nB=   \nC=''\nD=\"\"\nE=5",
      { A: "", B: "", C: "", D: "", E: "5" },
    ],
    [
      "single quotes and backticks as they are",
      "A='\\n $B \"x\"'\nB=`it's \\n`",
      { A: '\\n $B "x"', B: "it's \\n" },
    ],
    [
      "escapes in double quotes",
      String.raw`A="l1\nl2\t\"x\" \\ \$ \d"`,
      { A: 'l1\nl2\t"x" \\ $ \\d' },
    ],
    [
      "values over several lines",
      "A='l1\nl2'\nB=\"l1\nl2 # in\n\"\nC=`1\n2`",
      { A: "l1\nl2", B: "l1\nl2 # in\n", C: "1\n2" },
    ],
    ["quotes inside of a value", 'A=it\'s\nB=say "hi"', { A: "it's", B: 'say "hi"' }],
    ["an equals sign inside of a value", "A=b=c==", { A: "b=c==" }],
    ["JSON", 'A={"a": ["b"]}\nB=\'{"c": 1}\'', { A: '{"a": ["b"]}', B: '{"c": 1}' }],
    ["names with digits, dots and dashes", "a_1=1\nB.C-d=2", { a_1: "1", "B.C-d": "2" }],
    ["the last of two", "A=1\nA=2", { A: "2" }],
    ["no expansion", "A=$HOME\nB=${A}", { A: "$HOME", B: "${A}" }],
    ["nothing", "", {}],
    ["only blanks", " \n\t\n  ", {}],
  ])("has %s", (_what, text, values) => {
    expect(parseDotenv(text)).toEqual({ values, broken: [] });
  });

  test("has the names of nothing else", () => {
    const { values } = parseDotenv("__proto__=1\nconstructor=2");
    expect(Object.entries(values)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });

  test.each([
    ["a line without =", "A=1\n\nsecret\nB=2", 3, "This is no NAME=value."],
    ["a line without a name", "A=1\n=secret\nB=2", 2, "This is no NAME=value."],
    ["a name that is none", "A=1\n1X=secret\nB=2", 2, "This is no NAME=value."],
    ["a quote without an end", 'A=1\nX="secret\nB=2', 2, "The quote that begins here has no end."],
    ["text behind a quote", "A=1\nX='it'secret\nB=2", 2, "There is text behind the closing quote."],
  ])("tells %s, and reads on", (_what, text, line, message) => {
    const { values, broken } = parseDotenv(text);
    expect(broken).toEqual([{ line, message }]);
    expect(values).toEqual({ A: "1", B: "2" });
  });

  test("is read in a time that grows with its length", () => {
    const long = `${"A=' \n".repeat(20_000)}${' "\\'.repeat(20_000)}`;
    const start = performance.now();
    parseDotenv(long);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
