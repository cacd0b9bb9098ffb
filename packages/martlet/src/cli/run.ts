/**
 * Running the command line: from its arguments to an exit code and what is said.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { Fault, Faults } from "../index.ts";
import type { Command, Outcome } from "./command.ts";
import { helpOf, overview } from "./help.ts";
import { stylesOf, type Styles } from "./styles.ts";
import { read, refuseIncomplete, UsageError } from "./usage.ts";

/** Where a command line is run. */
export interface Surroundings {
  /** The working directory. */
  readonly directory: string;
  /** Receives what is asked for. */
  readonly output: (text: string) => void;
  /** Receives what went wrong. */
  readonly errors: (text: string) => void;
  /** Whether what is read there may have colours. */
  readonly isColoured: { readonly output: boolean; readonly errors: boolean };
  readonly signal: AbortSignal;
}

/** What a command line ends with: 0 done, 1 failed or something found, 2 not understood. */
export type ExitCode = 0 | 1 | 2;

/** Runs a command line. Never throws. */
export async function run(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const isJson = args.includes("--json");
  try {
    return await dispatch(args, commands, surroundings);
  } catch (error) {
    tell(error, { isJson, isTraced: args.includes("--trace") }, surroundings);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { output } = surroundings;
  const styles = stylesOf(surroundings.isColoured.output);
  const [first, ...rest] = args;
  if (first === "--version" || first === "-v") {
    output(`${version()}\n`);
    return 0;
  }
  if (
    first === undefined ||
    first === "--help" ||
    first === "-h" ||
    (first === "help" && rest.length === 0)
  ) {
    output(`${overview(commands, styles)}\n`);
    return first === undefined ? 2 : 0;
  }
  const found = find(args, commands);
  if (found.command === undefined) {
    output(`${overview(found.group, styles)}\n`);
    return found.isHelp ? 0 : 2;
  }
  return start(found.command, found.rest, surroundings);
}

interface Found {
  readonly command: Command | undefined;
  readonly rest: readonly string[];
  /** The commands that begin with what was written, if none is called so. */
  readonly group: readonly Command[];
  readonly isHelp: boolean;
}

function find(args: readonly string[], commands: readonly Command[]): Found {
  const words = args.slice(0, args.findIndex((each) => each.startsWith("-")) >>> 0);
  for (let count = words.length; count > 0; count -= 1) {
    const name = words.slice(0, count).join(" ");
    const command = commands.find((each) => each.name === name);
    if (command !== undefined)
      return { command, rest: args.slice(count), group: [], isHelp: false };
  }
  const [first = ""] = words;
  const group = commands.filter((each) => each.name.startsWith(`${first} `));
  if (group.length === 0 || words.length > 1) {
    const written = words.join(" ") || args[0];
    throw new UsageError(
      `There is no command "${written}"`,
      "martlet --help says which there are.",
    );
  }
  return { command: undefined, rest: [], group, isHelp: /^(?:--help|-h)$/.test(args[1] ?? "") };
}

async function start(
  command: Command,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { output, directory, signal } = surroundings;
  try {
    const written = read(command, args);
    const { options, word } = written;
    if (options["help"] === true) {
      output(`${helpOf(command, stylesOf(surroundings.isColoured.output))}\n`);
      return 0;
    }
    refuseIncomplete(command, written);
    const isJson = options["json"] === true;
    const say = (line: string): void => (isJson ? undefined : output(`${line}\n`));
    // The options were read by those of the command.
    const outcome = await command.run({ options: options as never, word, directory, say, signal });
    finish(outcome, isJson, output);
    return outcome.isGood === false ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message, `martlet ${command.name} --help says what it takes.`);
  }
}

function finish({ data, text }: Outcome, isJson: boolean, output: Surroundings["output"]): void {
  if (isJson) output(`${JSON.stringify(data)}\n`);
  else if (text !== "") output(`${text}\n`);
}

interface Manner {
  readonly isJson: boolean;
  readonly isTraced: boolean;
}

function tell(error: unknown, { isJson, isTraced }: Manner, surroundings: Surroundings): void {
  const { output, errors, isColoured } = surroundings;
  if (isJson) output(`${JSON.stringify({ error: dataOf(error) })}\n`);
  else errors(`${wordsOf(error, stylesOf(isColoured.errors))}\n`);
  if (isTraced) errors(`${traceOf(error)}\n`);
}

function dataOf(error: unknown): object {
  const message = messageOf(error);
  if (error instanceof Fault) {
    const { code, trail, hint } = error;
    return { code, message: headOf(message), trail, hint };
  }
  if (error instanceof Faults) return { message, faults: error.errors.map(dataOf) };
  return error instanceof UsageError ? { code: "usage", message, hint: error.hint } : { message };
}

/** What a fault says before its trail and its hint, without the code. */
function headOf(message: string): string {
  return message.replace(/^M\d+ /, "").replace(/\n {2}(?:at|fix:) [^]*$/, "");
}

function wordsOf(error: unknown, styles: Styles): string {
  const [first = "", ...rest] = messageOf(error).split("\n");
  const hint = error instanceof UsageError && error.hint !== undefined ? [`  ${error.hint}`] : [];
  return [styles.bad(first), ...rest, ...hint].join("\n");
}

/** A message; one that does not say why is followed by its causes. A fault does. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  if (error instanceof Fault || !(cause instanceof Error) || message.includes(cause.message)) {
    return message;
  }
  return `${message}\n  because: ${messageOf(cause)}`;
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${traceOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return version;
}
