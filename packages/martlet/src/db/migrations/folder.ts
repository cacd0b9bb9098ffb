/**
 * The folder of migrations: one folder each, `<timestamp>_<name>/{up.sql,down.sql,snapshot.json}`.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { Fault } from "../../index.ts";
import { codeOf, textOf } from "../files.ts";
import { type Migration, scriptOf } from "./migration.ts";

/** Whether a name can be that of a migration. It goes into SQL and paths as it is. */
const isName = /^[0-9][0-9A-Za-z_.-]{0,199}$/;

/** The migrations of a folder in the order of their names; none, when the folder is not there. */
export function readFolder(directory: string): Migration[] {
  return namesOf(directory).map((name) => {
    const read = (file: string): string | undefined => textOf(join(directory, name, file));
    const [up, down] = [read("up.sql"), read("down.sql")];
    if (up === undefined) throw unread(join(directory, name));
    return {
      name,
      up: scriptOf(shown(directory, name, "up.sql"), up),
      down: down === undefined ? undefined : scriptOf(shown(directory, name, "down.sql"), down),
      snapshot: read("snapshot.json"),
    };
  });
}

/** The migrations of a folder that has to be there. */
export function readExisting(directory: string): Migration[] {
  const found = readFolder(directory);
  if (found.length > 0) return found;
  throw new Fault("M018", `There are no migrations in ${directory}`, {
    hint: "Write the first one with `martlet db revision <name>`, or name another directory.",
  });
}

/** The path of a file as people want to see it. */
function shown(...path: readonly string[]): string {
  const full = join(...path);
  const short = relative(process.cwd(), full);
  return short.startsWith("..") ? full : short;
}

function namesOf(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((each) => each.isDirectory() && isName.test(each.name))
      .map((each) => each.name)
      .toSorted();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function unread(folder: string): Fault {
  return new Fault("M018", `The migration in ${folder} has no up.sql`, {
    hint: "Restore the file, or remove the folder if it was never applied.",
  });
}

/**
 * The migration that is meant by a name: in full, by its timestamp, or by what comes after it.
 *
 * @throws Fault M018 when there is none, or more than one
 */
export function named(names: readonly string[], name: string): string {
  const found = names.includes(name)
    ? [name]
    : names.filter((each) => each.startsWith(`${name}_`) || each.endsWith(`_${name}`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const choice = found.length > 1 ? found : names;
  throw new Fault(
    "M018",
    `${found.length > 1 ? "Several migrations are" : "No migration is"} called "${name}"`,
    {
      hint: choice.length === 0 ? "There are none." : `Name one of ${choice.slice(-8).join(", ")}.`,
    },
  );
}
