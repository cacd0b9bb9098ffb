/**
 * Usage: what was written behind the name of a command, read and refused.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Command, Option, Options } from "./command.ts";

/** Something that was written and cannot be meant. The exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** What every command takes. */
export const common: Options = {
  json: { kind: "flag", summary: "write one JSON document, for machines" },
  trace: { kind: "flag", summary: "tell where in the code an error came from" },
  help: { kind: "flag", summary: "say this" },
};

/** What was written, by name. */
export interface Written {
  readonly options: Readonly<Record<string, unknown>>;
  readonly word: string | undefined;
}

/** Reads what was written. */
export function read(command: Command, args: readonly string[]): Written {
  const options: Options = { ...command.options, ...common };
  const { values, positionals } = parse(options, args);
  const [word, ...rest] = positionals;
  const most = command.word === undefined ? 0 : 1;
  if (positionals.length > most) {
    throw new UsageError(`"${most === 0 ? word : rest.join(" ")}" is too much`);
  }
  const read = Object.entries(options).map(([name, option]) => [
    name,
    valueOf(name, option, values[name]),
  ]);
  return { options: Object.fromEntries(read), word };
}

/** Refuses what cannot be run; `--help` can be read all the same. */
export function refuseIncomplete({ word }: Command, written: Written): void {
  if (word?.isRequired === true && written.word === undefined) {
    throw new UsageError(`The ${word.name} is missing`);
  }
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parse(options: Options, args: readonly string[]): Parsed {
  const known = Object.entries(options).map(([name, { kind }]) => {
    const type = kind === "flag" ? ("boolean" as const) : ("string" as const);
    return [name, { type, multiple: kind === "list", ...(name === "help" && { short: "h" }) }];
  });
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries(known),
      allowPositionals: true,
    });
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(
      (message.split(/\. (?=To specify|Did you)/)[0] ?? message).replace(/\.$/, ""),
    );
  }
}

function valueOf(name: string, { kind }: Option, value: unknown): unknown {
  if (kind === "flag") return value === true;
  if (kind === "list") return value ?? [];
  if (kind === "text" || value === undefined) return value;
  if (typeof value === "string" && /^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`--${name} takes a whole number from 1, not ${JSON.stringify(value)}`);
}
