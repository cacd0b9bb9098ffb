/**
 * The house rules of `packages/martlet/src`, as a check: every file has a layer and imports only
 * its own and the ones below; a subpath imports the public core and what is declared here; nothing
 * goes round in a circle, types included; no file is longer than 400 lines. With `--table` it also
 * brings the table of files in `ARCHITECTURE.md` up to date.
 *
 * @module
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { isMain } from "./main.ts";

/** A file under `packages/martlet/src`, named from there. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly from: SourceFile;
  readonly line: number;
  readonly specifier: string;
  /** The imported file, named as in `SourceFile`. */
  readonly to: string;
  readonly how: "type" | "value" | "dynamic";
}

/** Layer by layer from the bottom; a folder's name ends in `/`. The first match counts. */
const layers: readonly (readonly string[])[] = [
  [
    "answer-type.ts",
    "errors.ts",
    "fault.ts",
    "scope.ts",
    "secret.ts",
    "standard.ts",
    "openapi/document.ts",
    "openapi/description.ts",
  ],
  ["params/", "schema.ts", "schema/", "size.ts", "source.ts", "text.ts"],
  [
    "signature.ts",
    "callable.ts",
    "concurrency.ts",
    "operations.ts",
    "plan.ts",
    "lifespan.ts",
    "generator.ts",
  ],
  ["http/"],
  ["routing/"],
  ["openapi/", "asyncapi/"],
  ["index.ts", "app.ts"],
  "server testing client settings models db cache auth security jobs observe static templates check cli"
    .split(" ")
    .map((name) => `${name}/`),
];
const subpaths = layers.length - 1;

/** Which subpaths may import which; always by their `index.ts`. */
const edges: Readonly<Record<string, readonly string[]>> = {
  auth: ["cache", "db"],
  db: ["models"],
  security: ["cache"],
  jobs: ["cache", "db"],
  testing: ["client"],
};

const longest = 400;

/** What a newcomer reads to follow one request. */
const spine: ReadonlySet<string> = new Set([
  "params/param.ts",
  "callable.ts",
  "plan.ts",
  "operations.ts",
  "scope.ts",
  "routing/tree.ts",
  "routing/route.ts",
  "routing/router.ts",
  "http/request.ts",
  "http/answer.ts",
  "http/serialize.ts",
  "app.ts",
]);

/** How many lines, comments included, some files may have together. */
const budgets: readonly {
  readonly what: string;
  readonly most: number;
  readonly holds: (path: string) => boolean;
}[] = [
  { what: "the spine", most: 2450, holds: (path) => spine.has(path) },
  {
    what: "the core (layers 0 to 6)",
    most: 15_200,
    holds: (path) => (layerOf(path) ?? subpaths) < subpaths,
  },
];

/** Every breach of the rules, one line each; empty when the house is in order. */
export function breaches(files: readonly SourceFile[]): string[] {
  const imports = files.flatMap((file) => [...importsOf(file)]);
  const known = new Set(files.map((each) => each.path));
  return [
    ...files.flatMap((file) => [...sizeAndPlace(file)]),
    ...imports.flatMap((each) => {
      const reason = refusal(each);
      return reason === undefined
        ? []
        : [`${each.from.path}:${each.line} imports ${each.specifier}: ${reason}`];
    }),
    ...cycles(imports.filter((each) => known.has(each.to))),
    ...overBudget(files),
  ];
}

function* overBudget(files: readonly SourceFile[]): Generator<string> {
  for (const { what, most, holds } of budgets) {
    const texts = files.filter(({ path }) => holds(path)).map(({ text }) => text);
    const lines = texts.reduce((sum, text) => sum + text.trimEnd().split("\n").length, 0);
    if (lines > most) yield `${what} has ${lines} lines, more than ${most}`;
  }
}

/** The number of a file's layer, or `undefined` when the table has none for it. */
export function layerOf(path: string): number | undefined {
  const index = layers.findIndex((layer) =>
    layer.some((entry) => (entry.endsWith("/") ? path.startsWith(entry) : path === entry)),
  );
  return index < 0 ? undefined : index;
}

/** What the table of files in `ARCHITECTURE.md` does not say, or says of a file that is not there. */
export function tableBreaches(markdown: string, files: readonly SourceFile[]): string[] {
  const said = rowsOf(markdown);
  const wrong = files.flatMap(({ path }) => {
    const [row, layer] = [said.get(path), String(layerOf(path))];
    if (row === undefined) return [`${path} is not in the table: run \`npm run table\``];
    if (row.what === "") return [`${path} is in the table without what it is`];
    return row.layer === layer ? [] : [`${path} is in layer ${layer}, not ${row.layer}`];
  });
  const paths = new Set(files.map((each) => each.path));
  const stale = [...said.keys()].filter((path) => !paths.has(path));
  return [...wrong, ...stale.map((path) => `${path} is in the table but not there`)];
}

/** The page with a line for each file: what is said stays, what is missing the file's comment says. */
export function withTable(markdown: string, files: readonly SourceFile[]): string {
  const said = rowsOf(markdown);
  const rows = files.map((file) => {
    const what = said.get(file.path)?.what || summary(file);
    return `| ${layerOf(file.path)} | \`${file.path}\` | ${what} |\n`;
  });
  const [before, after] = split(markdown);
  return before + rows.toSorted().join("") + after;
}

/** The page before the rows of its table (`| layer | file | what |`), and after them. */
function split(markdown: string): [before: string, after: string, rows: string] {
  const [, before = markdown, rows = "", after = ""] =
    /^([^]*\n## Table of files\n[^]*?\n\|[-|]+\|\n)((?:\|.*\n)*)([^]*)$/.exec(`\n${markdown}`) ??
    [];
  return [before.replace(/^\n/, ""), after, rows];
}

function rowsOf(markdown: string): Map<string, { layer: string; what: string }> {
  const rows = split(markdown)[2].matchAll(/^\| *(\S+) *\| *`([^`]+)` *\|(.*)\|$/gm);
  return new Map(
    [...rows].map(([, layer = "", path = "", what = ""]) => [path, { layer, what: what.trim() }]),
  );
}

/** The files as they are on disk, below the repository's root. */
export function sourceFiles(root: string): SourceFile[] {
  const src = join(root, "packages/martlet/src");
  return globSync("**/*.ts", { cwd: src })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(src, path), "utf8") }));
}

function* sizeAndPlace({ path, text }: SourceFile): Generator<string> {
  const lines = text.trimEnd().split("\n").length;
  if (lines > longest) yield `${path} has ${lines} lines, more than ${longest}`;
  if (layerOf(path) === undefined)
    yield `${path} is in no layer: see the table in scripts/layers.ts`;
}

/** Why an import is refused, or `undefined`. */
function refusal(found: Import): string | undefined {
  const { from, to, specifier } = found;
  if (/^martlet(?:\/|$)/.test(specifier)) return "the package does not import itself by name";
  if (to.startsWith("../")) return "it is outside of the package's source";
  const [above, below] = [layerOf(from.path), layerOf(to)];
  if (above === undefined || below === undefined) return undefined;
  if (above === subpaths) return refusalOfSubpath(found);
  return below > above ? `layer ${above} may not import layer ${below}` : undefined;
}

function refusalOfSubpath(found: Import): string | undefined {
  const [own = "", other = ""] = [found.from.path.split("/")[0], found.to.split("/")[0]];
  if (own === other) return undefined;
  return layerOf(found.to) === subpaths
    ? refusalOfEdge(own, other, found)
    : refusalOfCore(own, found);
}

function refusalOfCore(own: string, { to, how }: Import): string | undefined {
  if (to !== "index.ts") return "a subpath builds on the public core, ../index.ts";
  if (own !== "client" || how === "type") return undefined;
  return "the client takes types only, so that nothing of the server ships";
}

function refusalOfEdge(own: string, other: string, { to, how }: Import): string | undefined {
  if (own === "cli" && how === "value") {
    return "the command line loads a subpath when it is asked for, by import()";
  }
  if (own !== "cli" && !edges[own]?.includes(other)) {
    return `there is no declared edge from ${own} to ${other}`;
  }
  return to === `${other}/index.ts` ? undefined : `only ${other}/index.ts is public`;
}

/** Circles among the files, each named once: `a.ts -> b.ts -> a.ts`. */
function cycles(imports: readonly Import[]): string[] {
  const next = Map.groupBy(imports, (each) => each.from.path);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push(`a circle: ${[...trail.slice(start), path].join(" -> ")}`);
    if (start >= 0 || done.has(path)) return;
    for (const to of new Set(next.get(path)?.map((each) => each.to))) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}

const statement = /^(?:import|export)\s+(?<type>type\s)?(?:[^"';]*?\bfrom\s+)?"(?<static>[^"]+)"/;
const call = /\bimport\(\s*"(?<dynamic>[^"]+)"/;
const either = new RegExp(`${statement.source}|${call.source}`, "gm");

/** The imports of the package's own files, in code formatted as ours is. */
function* importsOf(from: SourceFile): Generator<Import> {
  const code = from.text
    .replaceAll(/^[ \t]*\/\*[^]*?\*\//gm, (comment) => comment.replaceAll(/[^\n]/g, " "))
    .replaceAll(/^[ \t]*\/\/.*$/gm, "");
  for (const { index, groups = {} } of code.matchAll(either)) {
    const specifier = groups.static ?? groups.dynamic ?? "";
    if (!/^(?:\.|martlet(?:\/|$))/.test(specifier)) continue;
    yield {
      from,
      line: code.slice(0, index).split("\n").length,
      specifier,
      to: posix.join(posix.dirname(from.path), specifier),
      how: groups.dynamic !== undefined ? "dynamic" : groups.type !== undefined ? "type" : "value",
    };
  }
}

/** What a file says of itself in the first comment: a sentence, and the next one after a title. */
function summary({ text }: SourceFile): string {
  const comment = /\/\*\*([^]*?)\*\//.exec(text)?.[1] ?? "";
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trim());
  const first =
    lines
      .join("\n")
      .trim()
      .split(/\n(?:\n|@)/)[0] ?? "";
  const words = first.replaceAll("\n", " ").replaceAll("|", "\\|");
  return (/^.{25,}?[.:](?= |$)/.exec(words)?.[0] ?? (words || "…")).replace(/[.:]$/, "");
}

if (isMain(import.meta.filename)) {
  const root = join(import.meta.dirname, "..");
  const files = sourceFiles(root);
  if (process.argv.includes("--table")) {
    const page = join(root, "ARCHITECTURE.md");
    writeFileSync(page, withTable(readFileSync(page, "utf8"), files));
  }
  const found = breaches(files);
  for (const each of found) console.error(each);
  process.exitCode = found.length > 0 ? 1 : 0;
}
