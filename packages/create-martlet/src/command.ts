/**
 * The command: from its arguments to a project and what is said about it.
 *
 * @module
 */
import { basename, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nameFault, similarName } from "./name.ts";
import { type Project, ownVersion, projectOf, replacedBy, write } from "./project.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** Where a command runs. */
export interface Surroundings {
  /** The working directory. */
  readonly directory: string;
  /** The version of Node, without a `v`. */
  readonly node: string;
  /** What npm and its like say of themselves in `npm_config_user_agent`. */
  readonly userAgent: string | undefined;
}

/** What a command has come to. */
export interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

const help = `Starts a Martlet project: a small API with its types, tests and settings.

  npm create martlet@latest [directory] [-- options]

The directory is "my-api" unless you name one; its last part is the name of the package.

  --force     write into a directory that has files in it; those of the same name are replaced
  --dry-run   say what would be written, and write nothing
  --json      say it as JSON
  --help      say this
  --version   say the version
`;

const options = {
  force: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "v", default: false },
} as const;

/** Runs the command. Writes to the disk, but not to the terminal. */
export function run(args: readonly string[], surroundings: Surroundings): Outcome {
  const parsed = parse(args);
  if ("refused" in parsed) return told(parsed, args.includes("--json"));
  const { values, target } = parsed;
  if (values.help) return { exitCode: 0, output: help, errors: "" };
  if (values.version) return { exitCode: 0, output: `${ownVersion()}\n`, errors: "" };
  const project = projectAt(target, surroundings.directory);
  if ("refused" in project) return told(project, values.json);
  const replaced = written(project, { isForced: values.force, isDry: values["dry-run"] });
  if ("refused" in replaced) return told(replaced, values.json);
  const creation = {
    name: project.name,
    directory: project.directory,
    files: project.files.map((each) => each.path),
    replaced,
    dryRun: values["dry-run"],
    next: nextSteps(project, surroundings),
  };
  const output = values.json ? json(creation) : inWords(creation);
  return { exitCode: 0, output, errors: remarkOnNode(surroundings.node) };
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    const [target = "my-api", ...rest] = positionals;
    if (rest.length === 0) return { values, target };
    return refusal("bad-arguments", `One directory at a time: ${rest.join(" ")} is too much.`);
  } catch (error) {
    const { message } = error as Error;
    return refusal("bad-arguments", `${message.split(". ")[0] ?? message}. See --help.`);
  }
}

/** A directory is named after the package, but for the scope of `@scope/name`. */
function projectAt(target: string, workingDirectory: string): Project | Refusal {
  const isScoped = /^@[^/]+\/[^/]+$/.test(target);
  const directory = resolve(workingDirectory, isScoped ? basename(target) : target);
  const name = isScoped ? target : basename(directory);
  const fault = nameFault(name);
  if (fault === undefined) return projectOf(name, directory);
  const similar = similarName(name);
  const advice = similar === undefined ? "" : ` ${JSON.stringify(similar)} would do.`;
  const message = `${JSON.stringify(name)} cannot be the name of a package: ${fault}.${advice}`;
  return refusal("bad-name", message);
}

/** Writes a project, unless it is only asked for; gives the files that were there before. */
function written(
  project: Project,
  how: { readonly isForced: boolean; readonly isDry: boolean },
): readonly string[] | Refusal {
  try {
    const replaced = replacedBy(project, how.isForced);
    if (!how.isDry && !("refused" in replaced)) write(project, replaced);
    return replaced;
  } catch (error) {
    // No permission, no space, a name that the file system does not take.
    return refusal("not-written", `The project cannot be written: ${(error as Error).message}.`);
  }
}

interface Creation {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly string[];
  readonly replaced: readonly string[];
  readonly dryRun: boolean;
  /** Commands, to be run one after the other. */
  readonly next: readonly string[];
}

function nextSteps(project: Project, surroundings: Surroundings): string[] {
  const path = relative(surroundings.directory, project.directory);
  const cd = `cd ${/^[\w./\\:@-]+$/.test(path) ? path : JSON.stringify(path)}`;
  const known = /^(?:npm|pnpm|yarn|bun)(?=\/)/.exec(surroundings.userAgent ?? "");
  const manager = known?.[0] ?? "npm";
  return [...(path === "" ? [] : [cd]), `${manager} install`, `${manager} run dev`];
}

function inWords({ name, directory, files, replaced, dryRun, next }: Creation): string {
  const list = files.map((path) => `  ${path}${replaced.includes(path) ? " (replaced)" : ""}\n`);
  if (dryRun) return `${name} would be written to ${directory}:\n\n${list.join("")}`;
  const steps = next.map((step) => `  ${step}\n`).join("");
  return `${name} is in ${directory}:\n\n${list.join("")}\nNext:\n\n${steps}`;
}

function told({ refused, message }: Refusal, asJson: boolean): Outcome {
  const output = asJson ? json({ error: { code: refused, message } }) : "";
  return { exitCode: 1, output, errors: asJson ? "" : `create-martlet: ${message}\n` };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Whoever has an older Node still gets the files, and hears why they will not run. */
function remarkOnNode(version: string): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > 22 || (major === 22 && minor >= 18);
  return isEnough ? "" : `\nMartlet needs Node 22.18 or newer; this one is ${version}.\n`;
}
