/**
 * Commands: a name, what it takes, and a function that gets that by name.
 *
 * @module
 */
import type { MaybePromise } from "../index.ts";

/** Something that is written behind a command: `--to users`, or a word by itself. */
export interface Option {
  /**
   * | kind | | value |
   * | --- | --- | --- |
   * | `flag` | `--empty` | `boolean` |
   * | `text` | `--to users` | `string \| undefined` |
   * | `number` | `--steps 2`, a whole one from 1 | `number \| undefined` |
   * | `list` | `--rename a:b`, as often as it takes | `readonly string[]` |
   */
  readonly kind: "flag" | "text" | "number" | "list";
  /** What it is for, for `--help`. */
  readonly summary: string;
  /** What stands for its value in `--help`: `"file"`. */
  readonly placeholder?: string;
}

/** Options by name, as they are written: `"dry-run"`. */
export type Options = Readonly<Record<string, Option>>;

/** A word that is written behind a command without a name. */
interface Word {
  readonly name: string;
  readonly summary: string;
  readonly isRequired?: boolean;
}

interface Values {
  readonly flag: boolean;
  readonly text: string | undefined;
  readonly number: number | undefined;
  readonly list: readonly string[];
}

/** The values of options. */
type ValuesOf<O extends Options> = { readonly [K in keyof O]: Values[O[K]["kind"]] };

/** What a command runs with. */
export interface Asked<O extends Options = Options> {
  readonly options: ValuesOf<O>;
  /** The word, if the command has one and it was written. */
  readonly word: string | undefined;
  /** The working directory. */
  readonly directory: string;
  /** Tells people how far it is; says nothing where a machine reads. */
  readonly say: (line: string) => void;
  /** Somebody has given up. */
  readonly signal: AbortSignal;
}

/** What a command has come to. */
export interface Outcome {
  /** For machines: what `--json` writes. */
  readonly data: object;
  /** For people, beside what was said on the way; empty for nothing. */
  readonly text: string;
  /** @default true */
  readonly isGood?: boolean;
}

/** A command, whatever it takes. */
export interface Command {
  /** How it is called: `"db upgrade"`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What else there is to say in its `--help`. */
  readonly details?: string | undefined;
  readonly word?: Word | undefined;
  readonly options: Options;
  readonly run: (asked: Asked) => MaybePromise<Outcome>;
}

/** Makes a command, so that its function knows its options. */
export function command<const O extends Options>(
  definition: Omit<Command, "options" | "run"> & {
    readonly options: O;
    readonly run: (asked: Asked<O>) => MaybePromise<Outcome>;
  },
): Command {
  // What it is run with was read by its own options.
  return { ...definition, run: (asked) => definition.run(asked as unknown as Asked<O>) };
}
