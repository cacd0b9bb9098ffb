/**
 * Where settings are read from: the environment, `.env` files, and files that hold one value each.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Fault } from "../index.ts";
import { parseDotenv } from "./dotenv.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where to read settings from. */
export interface SourceOptions {
  /**
   * The environment. Given one of its own, nothing else is read, unless `files` say so: a test does
   * not depend on the `.env` file of whoever runs it.
   *
   * @default process.env
   */
  readonly env?: Environment;
  /**
   * The `.env` files. The environment wins over them, and a later file over an earlier one; one that
   * is not there is passed over.
   *
   * @default [".env"], or none when `env` is given
   */
  readonly files?: readonly string[];
  /** Where relative paths of files start. @default the working directory */
  readonly directory?: string;
  /**
   * Reads a file; `undefined` when it is not there. Throws when it cannot be read.
   *
   * @default from `node:fs`
   */
  readonly readFile?: (path: string) => string | undefined;
}

/** Everything that settings are read from, strongest first. */
export interface Sources {
  readonly layers: readonly Layer[];
  readonly read: (path: string) => string | undefined;
  /** What is wrong with the sources themselves. */
  readonly faults: readonly Fault[];
}

/** One place that holds variables. */
interface Layer {
  /** What it is called in messages: `the environment`, or the path of a file. */
  readonly place: string;
  readonly values: Environment;
  readonly isMissing: boolean;
}

/** A variable that was found. */
export interface Found {
  readonly text: string;
  /** Where: `the environment`, `/app/.env`, `the file of DATABASE_URL_FILE`. */
  readonly place: string;
}

/** A mistake on the way to a value. Never holds a value: neither a text nor a path. */
export interface Mistake {
  readonly message: string;
  readonly place: string;
  readonly hint: string;
}

/** Reads the `.env` files, so that variables can be looked up. */
export function openSources(options: SourceOptions): Sources {
  const { env = process.env, directory = process.cwd(), readFile = readText } = options;
  const { files = options.env === undefined ? [".env"] : [] } = options;
  const faults: Fault[] = [];
  const read = (path: string): string | undefined => readFile(resolve(directory, path));
  const layers = files
    .map((file) => openFile(resolve(directory, file), { read, faults }))
    .reverse();
  return {
    layers: [{ place: "the environment", values: env, isMissing: false }, ...layers],
    read,
    faults,
  };
}

function openFile(
  path: string,
  { read, faults }: { readonly read: Sources["read"]; readonly faults: Fault[] },
): Layer {
  try {
    const text = read(path);
    if (text === undefined) return { place: path, values: {}, isMissing: true };
    const { values, broken } = parseDotenv(text);
    for (const { line, message } of broken) {
      faults.push(
        new Fault("M015", `${path}:${line} cannot be read: ${message}`, {
          hint: "Write NAME=value; put quotes around a value that has blanks, quotes or #.",
        }),
      );
    }
    return { place: path, values, isMissing: false };
  } catch (error) {
    faults.push(
      new Fault("M015", `${path} cannot be read${reason(error)}`, {
        hint: "Make it a readable file, or remove it.",
      }),
    );
    return { place: path, values: {}, isMissing: false };
  }
}

/**
 * Looks a variable up: in each place, under its own name and as `<NAME>_FILE`, the path of a file that
 * holds it. An empty one counts as not set.
 *
 * @param reserved variables of other settings, which are not taken for a `<NAME>_FILE`
 */
export function lookUp(
  variable: string,
  { layers, read }: Sources,
  reserved: ReadonlySet<string>,
): Found | Mistake | undefined {
  const pointer = `${variable}_FILE`;
  for (const { place, values } of layers) {
    const text = values[variable] ?? "";
    const path = reserved.has(pointer) ? "" : (values[pointer] ?? "");
    if (text !== "" && path !== "") {
      return {
        message: `is set twice, by itself and by ${pointer}`,
        place,
        hint: `Remove one of them.`,
      };
    }
    if (text !== "") return { text, place };
    if (path !== "") return readPointer(pointer, path, { place, read });
  }
  return undefined;
}

interface Pointed {
  readonly place: string;
  readonly read: Sources["read"];
}

function readPointer(
  pointer: string,
  path: string,
  { place, read }: Pointed,
): Found | Mistake | undefined {
  // The path stays out of the message: people put the secret itself there.
  const wrong = (what: string): Mistake => ({
    message: `cannot be read: ${pointer} names a file that ${what}`,
    place,
    hint: `Set ${pointer} to the path of a readable file that holds the value.`,
  });
  try {
    const text = read(path)
      ?.replace(/^\uFEFF/, "")
      .replace(/[\r\n]+$/, "");
    if (text === undefined) return wrong("is not there");
    return text === "" ? wrong("is empty") : { text, place: `the file that ${pointer} names` };
  } catch (error) {
    return wrong(`cannot be opened${reason(error)}`);
  }
}

/** The system's word for what went wrong: its message would tell the path. */
function reason(error: unknown): string {
  const code: unknown = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A variable that was probably meant: the same letters in other case, or other underscores. */
export function lookAlike(
  variable: string,
  { layers }: Sources,
  reserved: ReadonlySet<string>,
): { readonly variable: string; readonly place: string } | undefined {
  const letters = plain(variable);
  for (const { place, values } of layers) {
    const like = Object.keys(values).find(
      (each) => plain(each) === letters && !reserved.has(each) && values[each] !== "",
    );
    if (like !== undefined) return { variable: like, place };
  }
  return undefined;
}

function plain(variable: string): string {
  return variable.replaceAll(/[_.-]/g, "").toLowerCase();
}
