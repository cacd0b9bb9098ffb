/**
 * Help: what there is, and what each takes.
 *
 * @module
 */
import type { Command, Option } from "./command.ts";
import type { Styles } from "./styles.ts";
import { common } from "./usage.ts";

/** What is said of the whole. */
export function overview(commands: readonly Command[], styles: Styles): string {
  const rows = commands.map(({ name, word, summary }) => [
    word === undefined ? name : `${name} ${wordOf(word)}`,
    summary,
  ]);
  return [
    `${styles.strong("martlet")} <command> [options]`,
    "",
    table(rows, styles),
    "",
    "martlet <command> --help says what a command takes, martlet --version which one this is.",
    "",
    "Exit codes: 0 done, 1 failed or something found, 2 not understood.",
  ].join("\n");
}

/** What is said of one command. */
export function helpOf(command: Command, styles: Styles): string {
  const { name, word, summary, details } = command;
  const call = ["martlet", name, ...(word === undefined ? [] : [wordOf(word)]), "[options]"];
  const options = Object.entries({ ...command.options, ...common });
  return [
    styles.strong(call.join(" ")),
    "",
    `${summary}.${details === undefined ? "" : `\n${details}`}`,
    "",
    table(
      [
        ...(word === undefined ? [] : [[wordOf(word), word.summary] as const]),
        ...options.map(([option, about]) => [spelled(option, about), about.summary] as const),
      ],
      styles,
    ),
  ].join("\n");
}

function wordOf({ name, isRequired = false }: NonNullable<Command["word"]>): string {
  return isRequired ? `<${name}>` : `[${name}]`;
}

function spelled(name: string, { kind, placeholder = kind }: Option): string {
  return kind === "flag" ? `--${name}` : `--${name} <${placeholder}>`;
}

function table(rows: readonly (readonly string[])[], styles: Styles): string {
  const width = Math.max(...rows.map(([first = ""]) => first.length));
  return rows
    .map(([first = "", second = ""]) => `  ${styles.name(first.padEnd(width))}  ${second}`)
    .join("\n");
}
