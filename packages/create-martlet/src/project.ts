/**
 * A new project: the files of the template with its name in them, and their way to the disk.
 *
 * @module
 */
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Refusal, refusal } from "./refusal.ts";

/** A project that is not written yet. */
export interface Project {
  readonly name: string;
  /** An absolute path. */
  readonly directory: string;
  /** In the order of their paths. */
  readonly files: readonly ProjectFile[];
}

/** A file of a project. */
interface ProjectFile {
  /** Below the project's directory, with `/` on every system. */
  readonly path: string;
  readonly text: string;
}

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const template = join(packageRoot, "template");
/** npm leaves `.gitignore` out of a package, hence another name for it in the template. */
const renamed: Readonly<Record<string, string>> = { gitignore: ".gitignore" };
/** What a directory may hold and still count as empty: a repository without a commit, say. */
const overlooked = new Set([".git", ".DS_Store"]);

/** The version of this package, which is that of the framework, too. */
export function ownVersion(): string {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** The project that the template makes. */
export function projectOf(name: string, directory: string): Project {
  const values: Readonly<Record<string, string>> = { name, version: ownVersion() };
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const source = join(entry.parentPath, entry.name);
      const path = relative(template, source).replaceAll(sep, "/");
      const text = readFileSync(source, "utf8");
      return {
        path: renamed[path] ?? path,
        text: text.replaceAll(/\{\{(\w+)\}\}/g, (all, key: string) => values[key] ?? all),
      };
    });
  return { name, directory, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** The files that a project would replace, or why it cannot be written. Only looks. */
export function replacedBy(project: Project, isForced: boolean): readonly string[] | Refusal {
  const { directory, files } = project;
  const kind = kindOf(directory);
  if (kind === "other") return refusal("not-a-directory", `${directory} is not a directory.`);
  if (kind === undefined) return [];
  const held = readdirSync(directory).filter((name) => !overlooked.has(name));
  if (held.length > 0 && !isForced) {
    const some = held.slice(0, 3).join(", ") + (held.length > 3 ? ", …" : "");
    return refusal(
      "not-empty",
      `${directory} is not empty: it has ${some}. Choose another name, or write into it with --force, which replaces files of the same name.`,
    );
  }
  const inTheWay = files.find(({ path }) => {
    const parent = join(directory, dirname(path));
    return kindOf(join(directory, path)) === "directory" || kindOf(parent) === "other";
  });
  if (inTheWay !== undefined) {
    return refusal("in-the-way", `${inTheWay.path} cannot be written: what is there has to go.`);
  }
  return files.map(({ path }) => path).filter((path) => kindOf(join(directory, path)) === "other");
}

/** Writes a project. Only what is in `replaced` may be there already. */
export function write(project: Project, replaced: readonly string[]): void {
  for (const { path, text } of project.files) {
    const target = join(project.directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { flag: replaced.includes(path) ? "w" : "wx" });
  }
}

function kindOf(path: string): "directory" | "other" | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? "directory" : "other";
}
