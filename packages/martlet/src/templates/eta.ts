/**
 * Eta as the template engine (https://eta.js.org): HTML with JavaScript in it.
 *
 * @module
 */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Eta } from "eta";
import { Fault, Faults } from "../index.ts";
import type { TemplateEngine } from "./engine.ts";

/** Where Eta's templates are, and how they are read. */
export interface EtaOptions {
  /** A path, or a `file:` URL: `new URL("./views/", import.meta.url)`. */
  readonly directory: string | URL;
  /** What the names of template files end with. @default ".eta" */
  readonly extension?: string;
  /** Whether templates are kept once they are read, or read anew each time. @default in production */
  readonly cache?: boolean;
  /** `"production"` makes `cache` the default. @default process.env.NODE_ENV */
  readonly environment?: string;
}

/**
 * Templates of Eta: `<%= it.name %>` is escaped for HTML, `<%~ include("./part") %>` is not. It needs the
 * package `eta`. All templates of the directory are compiled at start, and their mistakes told at once;
 * what fails in one later names it, and the line.
 *
 * @throws {Faults} at start: M017 without the package, M018 without the directory, M022 for templates
 *
 * @example
 * ```ts
 * import { martlet, get } from "martlet";
 * import { eta, templates } from "martlet/templates";
 * import { testClient } from "martlet/testing";
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 *
 * const directory = await mkdtemp(join(tmpdir(), "views-"));
 * await writeFile(`${directory}/hello.eta`, "<h1>Hello <%= it.name %></h1>");
 *
 * const views = templates(eta({ directory }));
 * const hello = get("/", { use: { views } }, ({ views }) => views.page("hello", { name: "<Ann>" }));
 * const answer = await testClient(martlet({ hello })).get("/");
 * expect(await answer.text()).toBe("<h1>Hello &lt;Ann&gt;</h1>");
 * ```
 */
export function eta(options: EtaOptions): TemplateEngine {
  const { extension = ".eta", environment = process.env["NODE_ENV"] } = options;
  const { cache = environment === "production" } = options;
  const directory = resolve(pathOf(options.directory));
  let engine: Eta | undefined;
  return {
    start: async () => {
      const { Eta } = await load();
      // Without `debug` an error says neither the template nor the line.
      const made = new Eta({ views: directory, defaultExtension: extension, cache, debug: true });
      const faults = await compileAll(made, directory, extension);
      if (faults.length > 0) throw new Faults(faults);
      engine = made;
    },
    render: (name, data) => {
      if (engine === undefined) throw new Error("The templates have not been started");
      return engine.render(`./${name}${extension}`, data);
    },
  };
}

function pathOf(directory: string | URL): string {
  return typeof directory === "string" ? directory : fileURLToPath(directory);
}

async function load(): Promise<{ readonly Eta: typeof Eta }> {
  try {
    return await import("eta");
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")) {
      throw cause;
    }
    const fault = new Fault("M017", 'These templates need the package "eta"', {
      hint: "npm install eta",
      cause,
    });
    throw new Faults([fault]);
  }
}

/** Compiles every template of a directory. Gives what is wrong with them. */
async function compileAll(
  engine: Eta,
  directory: string,
  extension: string,
): Promise<readonly Fault[]> {
  let names: readonly string[];
  try {
    names = await readdir(directory, { recursive: true });
  } catch (cause) {
    const hint = "Correct the path of the templates.";
    return [new Fault("M018", `There is no directory ${directory}`, { hint, cause })];
  }
  const faults: Fault[] = [];
  for (const name of names.filter((each) => each.endsWith(extension)).toSorted()) {
    const path = join(directory, name);
    try {
      const template = engine.compile(await readFile(path, "utf8"));
      if (engine.config.cache) engine.templatesSync.define(path, template);
    } catch (cause) {
      faults.push(malformed(name, cause));
    }
  }
  return faults;
}

/** Of what Eta says, the first part says what is wrong; the rest is code that it made. */
function malformed(name: string, cause: unknown): Fault {
  const said = cause instanceof Error ? cause.message : String(cause);
  const [first = "", second = ""] = said.split(/\n+/);
  const what = first === "Bad template syntax" ? second : first.replace(/:$/, "");
  return new Fault("M022", `The template ${name} cannot be compiled: ${what}`, { cause });
}
