import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Outcome, type Surroundings, run } from "../src/command.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "create-martlet-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the command, and takes the directory, which differs from test to test, out of its words. */
function said(args: readonly string[], surroundings: Partial<Surroundings> = {}): Outcome {
  const outcome = run(args, { directory, node: "24.0.0", userAgent: undefined, ...surroundings });
  const plain = (text: string): string => text.replaceAll(directory, "<directory>");
  return { ...outcome, output: plain(outcome.output), errors: plain(outcome.errors) };
}

function put(path: string, text: string): void {
  mkdirSync(join(directory, path, ".."), { recursive: true });
  writeFileSync(join(directory, path), text);
}

function read(path: string): string {
  return readFileSync(join(directory, path), "utf8");
}

const files = [
  ".env.example",
  ".gitignore",
  "AGENTS.md",
  "README.md",
  "package.json",
  "src/app.ts",
  "src/main.ts",
  "test/app.test.ts",
  "tsconfig.json",
];

test("a project is written, and what to do next is said", () => {
  expect(said(["birds"])).toEqual({
    exitCode: 0,
    output: `birds is in <directory>/birds:

${files.map((path) => `  ${path}\n`).join("")}
Next:

  cd birds
  npm install
  npm run dev
`,
    errors: "",
  });
  for (const path of files) expect(read(join("birds", path))).not.toContain("{{");
  expect(JSON.parse(read("birds/package.json"))).toMatchObject({ name: "birds", type: "module" });
  expect(read("birds/README.md")).toMatch(/^# birds\n/);
});

test("without a name it is my-api", () => {
  said([]);
  expect(readdirSync(directory)).toEqual(["my-api"]);
});

test("a directory elsewhere, the one of now, and a scope are taken", () => {
  expect(said(["apps/my birds/api"]).output).toContain('  cd "apps/my birds/api"\n');
  expect(said(["@acme/birds", "--json"]).output).toContain('"directory": "<directory>/birds"');
  expect(JSON.parse(read("birds/package.json"))).toMatchObject({ name: "@acme/birds" });
  mkdirSync(join(directory, "here/.git"), { recursive: true });
  const here = said(["."], { directory: join(directory, "here") });
  expect(here.output).toMatch(/^here is in [^]*Next:\n\n {2}npm install\n/);
});

test("the package manager that started it is the one to go on with", () => {
  const { output } = said([], { userAgent: "pnpm/11.0.0 npm/? node/v24.0.0 linux x64" });
  expect(output).toMatch(/ {2}pnpm install\n {2}pnpm run dev\n$/);
});

test("a directory that is not empty is refused, and left as it is", () => {
  for (const name of ["a", "b", "c", "d"]) put(`birds/${name}`, "mine");
  expect(said(["birds"])).toEqual({
    exitCode: 1,
    output: "",
    errors:
      "create-martlet: <directory>/birds is not empty: it has a, b, c, …. Choose another name, or write into it with --force, which replaces files of the same name.\n",
  });
  expect(readdirSync(join(directory, "birds"))).toEqual(["a", "b", "c", "d"]);
});

test("--force replaces files of the same name only, and says which", () => {
  put("birds/README.md", "mine");
  put("birds/notes.md", "mine");
  const { exitCode, output } = said(["birds", "--force"]);
  expect([exitCode, output.match(/.*replaced.*/g)]).toEqual([0, ["  README.md (replaced)"]]);
  expect(read("birds/README.md")).toMatch(/^# birds\n/);
  expect(read("birds/notes.md")).toBe("mine");
});

test("what is in the way stops it before anything is written", () => {
  put("birds/src", "a file");
  expect(said(["birds", "--force"]).errors).toContain("src/app.ts cannot be written");
  put("finches/README.md/x", "a file in a directory of that name");
  expect(said(["finches", "--force"]).errors).toContain("README.md cannot be written");
  expect(said(["birds/src"]).errors).toContain("birds/src is not a directory.");
  expect(readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted()).toEqual([
    "birds",
    "birds/src",
    "finches",
    "finches/README.md",
    "finches/README.md/x",
  ]);
});

test("a place that cannot be written to is a message, not a stack", () => {
  put("file", "");
  const { exitCode, errors } = said(["file/birds"]);
  expect(exitCode).toBe(1);
  expect(errors).toMatch(/^create-martlet: The project cannot be written: ENOTDIR.*\n$/);
});

test("--dry-run writes nothing, and refuses what would be refused", () => {
  const { exitCode, output } = said(["birds", "--dry-run"]);
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^birds would be written to <directory>\/birds:\n\n {2}\.env\.example\n/);
  expect(existsSync(join(directory, "birds"))).toBe(false);
  put("birds/a", "mine");
  expect(said(["birds", "--dry-run"]).exitCode).toBe(1);
});

test("--json says the same to a program", () => {
  const done = said(["birds", "--json"]);
  expect(JSON.parse(done.output)).toEqual({
    name: "birds",
    directory: "<directory>/birds",
    files,
    replaced: [],
    dryRun: false,
    next: ["cd birds", "npm install", "npm run dev"],
  });
  const refused = said(["birds", "--json"]);
  expect([refused.exitCode, refused.errors]).toEqual([1, ""]);
  expect(JSON.parse(refused.output)).toMatchObject({ error: { code: "not-empty" } });
  const wrong = said(["--json", "--nothing"]);
  expect(JSON.parse(wrong.output)).toMatchObject({ error: { code: "bad-arguments" } });
});

test.each([
  [
    ["My Birds"],
    '"My Birds" cannot be the name of a package: it has capital letters. "my-birds" would do.',
  ],
  [
    ["鳥"],
    '"鳥" cannot be the name of a package: it may only have letters, digits, "-", "." and "_".',
  ],
  [["a", "b", "c"], "One directory at a time: b c is too much."],
  [["--nothing"], "Unknown option '--nothing'. See --help."],
])("%j is refused with a reason", (args, message) => {
  expect(said(args)).toEqual({ exitCode: 1, output: "", errors: `create-martlet: ${message}\n` });
  expect(readdirSync(directory)).toEqual([]);
});

test("--help and --version say so, and write nothing", () => {
  expect(said(["--help"]).output).toContain("npm create martlet@latest");
  expect(said(["-v"]).output).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect(readdirSync(directory)).toEqual([]);
});

test("whoever has an older Node is told", () => {
  expect(said(["a"], { node: "22.18.0" }).errors).toBe("");
  expect(said(["b"], { node: "22.17.9" }).errors).toContain("this one is 22.17.9");
  expect(said(["c"], { node: "20.20.2" })).toMatchObject({ exitCode: 0 });
});

test("it is a program, with an exit code", () => {
  const main = join(import.meta.dirname, "../src/main.ts");
  const start = (): string =>
    execFileSync(process.execPath, [main, "birds"], { cwd: directory, stdio: "pipe" }).toString();
  expect(start()).toContain("npm run dev");
  expect(start).toThrow("is not empty");
});
