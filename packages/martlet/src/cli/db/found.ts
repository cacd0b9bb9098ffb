/**
 * Finding the database of an application: the value that `database()` made.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Database, DatabaseDependency } from "../../db/index.ts";
import { Fault } from "../../index.ts";
import type { Option } from "../command.ts";

/** A database, as far as tools are concerned. */
export type FoundDatabase = DatabaseDependency<Database>;

/** The option that says where it is. */
export const databaseOption: Option & { readonly kind: "text" } = {
  kind: "text",
  summary: "where the database is declared, if it is not found",
  placeholder: "file[#export]",
};

/** Where it is looked for, if nobody says. */
const usual = ["src/database", "src/db", "database", "db", "dist/database", "dist/db"].flatMap(
  (name) => [`${name}.ts`, `${name}.js`],
);

/** Where a database is declared. */
interface Place {
  readonly file: string;
  readonly name: string | undefined;
  /** Who says so, for messages. */
  readonly said: string;
}

/**
 * Finds the database of an application.
 *
 * @throws Fault M030 when there is none, or its file cannot be loaded
 */
export async function findDatabase(
  directory: string,
  asked: string | undefined,
): Promise<FoundDatabase> {
  const place = placeOf(directory, asked);
  const shown = relative(directory, place.file);
  if (!existsSync(place.file)) {
    throw new Fault("M030", `There is no file ${shown}, as ${place.said} says`, {
      hint: "Name the file in which database() is called.",
    });
  }
  const exports = await load(place.file, shown);
  return choose(exports, place.name, shown);
}

function placeOf(directory: string, asked: string | undefined): Place {
  if (asked !== undefined) return parsed(asked, directory, "--database");
  const root = packageOf(directory);
  const named = root && namedIn(join(root, "package.json"));
  if (root !== undefined && named !== undefined) {
    return parsed(named, root, '"martlet.database" in package.json');
  }
  const [first = directory, ...others] = [...new Set([directory, root ?? directory])];
  for (const each of [first, ...others]) {
    const file = usual.map((path) => join(each, path)).find((path) => existsSync(path));
    if (file !== undefined) return { file, name: undefined, said: "its name" };
  }
  throw new Fault("M030", "No database was found", {
    hint: `Put it into src/database.ts, name its file with --database, or write "martlet": { "database": "path/to/file.ts" } into package.json.`,
  });
}

function parsed(text: string, directory: string, said: string): Place {
  const [, path = "", name] = /^(.*?)(?:#([\w$]+))?$/.exec(text) ?? [];
  return { file: resolve(directory, path), name, said };
}

/** The nearest directory with a package.json. */
function packageOf(directory: string): string | undefined {
  if (existsSync(join(directory, "package.json"))) return directory;
  const above = dirname(directory);
  return above === directory ? undefined : packageOf(above);
}

function namedIn(file: string): string | undefined {
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as {
      readonly martlet?: { readonly database?: unknown };
    };
    const named = read.martlet?.database;
    return typeof named === "string" ? named : undefined;
  } catch (cause) {
    throw new Fault("M030", `${file} cannot be read`, { hint: "Mend its JSON.", cause });
  }
}

async function load(file: string, shown: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("M030", `${shown} cannot be loaded: ${reason}`, {
      hint: hintOf(cause),
      cause,
    });
  }
}

function hintOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return "Use Node 22.18 or newer, which runs TypeScript, or name the file that it is compiled to.";
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
    case "ERR_INVALID_TYPESCRIPT_SYNTAX":
      return "Node only leaves types out: replace enums, namespaces and parameter properties, or name the file that it is compiled to.";
    case "ERR_MODULE_NOT_FOUND":
      return "Install the package, or write a relative import with its extension: ./tables.ts.";
    default:
      return "Run the file by itself to see more, or add --trace.";
  }
}

function choose(
  exports: Readonly<Record<string, unknown>>,
  name: string | undefined,
  shown: string,
): FoundDatabase {
  const names = Object.keys(exports);
  if (name !== undefined) {
    const value = exports[name];
    if (isDatabase(value)) return value;
    const what =
      name in exports ? `"${name}" in ${shown} is no database` : `${shown} exports no "${name}"`;
    throw new Fault("M030", what, { hint: `It has to be what database() gives. ${listed(names)}` });
  }
  const found = names.filter((each) => isDatabase(exports[each]));
  const [only, ...others] = found;
  const value =
    exports[["db", "database", "default"].find((each) => found.includes(each)) ?? only ?? ""];
  if (isDatabase(value) && (others.length === 0 || found.includes("db"))) return value;
  if (others.length > 0) {
    throw new Fault("M030", `${shown} exports several databases`, {
      hint: `Name one: --database ${shown}#${only}. They are ${found.join(", ")}.`,
    });
  }
  throw new Fault("M030", `${shown} exports no database`, {
    hint: `Export what database() gives: export const db = database({ … }). ${listed(names)}`,
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "It exports nothing." : `It exports ${names.slice(0, 8).join(", ")}.`;
}

/** By its shape: the application may bring a Martlet of its own. */
function isDatabase(value: unknown): value is FoundDatabase {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return "engine" in value && "migrations" in value;
}
