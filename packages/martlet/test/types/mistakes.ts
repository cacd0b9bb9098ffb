/**
 * The mistakes of `mistakes/*.ts`, compiled in one process, each beside the same file without it.
 *
 * A fixture tells its correction itself: the line after `// right: …` is the mistake, `…` what
 * should stand there. `// wrong: nothing` says that the mistake is that the line is missing.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/** What the compiler says of one fixture and of its correction. */
export interface Mistake {
  readonly name: string;
  /** The first comment of the fixture: what is wrong. */
  readonly what: string;
  /** Messages about the fixture, each with its explanation, in the order of lines. */
  readonly messages: readonly string[];
  /** Messages about the same file without the mistake: there should be none. */
  readonly remaining: readonly string[];
}

const folder = join(import.meta.dirname, "mistakes");
const generated = join(import.meta.dirname, ".generated");
const tsc = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "lib/tsc.js",
);

/** Compiles all fixtures and their corrections. */
export function compileMistakes(): readonly Mistake[] {
  const names = globSync("*.ts", { cwd: folder }).map((file) => basename(file, ".ts"));
  mkdirSync(generated, { recursive: true });
  // A folder of its own, for tests may run twice at the same time.
  const corrections = mkdtempSync(join(generated, "corrections-"));
  try {
    for (const name of names) {
      writeFileSync(join(corrections, `${name}.ts`), corrected(textOf(name)));
    }
    const config = { extends: join(folder, "tsconfig.json"), include: [folder, corrections] };
    writeFileSync(join(corrections, "tsconfig.json"), JSON.stringify(config));
    const messages = compile(join(corrections, "tsconfig.json"));
    return names.toSorted().map((name) => ({
      name,
      what: firstComment(textOf(name)),
      messages: messages.get(join(folder, `${name}.ts`)) ?? [],
      remaining: messages.get(join(corrections, `${name}.ts`)) ?? [],
    }));
  } finally {
    rmSync(corrections, { recursive: true, force: true });
  }
}

function textOf(name: string): string {
  return readFileSync(join(folder, `${name}.ts`), "utf8");
}

/** A fixture without its mistakes. */
function corrected(text: string): string {
  return text.replaceAll(/^ *\/\/ right: (?<right>.*)\n.*$/gm, "$<right>");
}

function firstComment(text: string): string {
  return /^\/(?:\/|\*\*) (?<what>.*?)(?: \*\/)?$/m.exec(text)?.groups?.what ?? "";
}

/** The compiler's messages by file. */
function compile(config: string): ReadonlyMap<string, readonly string[]> {
  const { stdout, error } = spawnSync(process.execPath, [tsc, "-p", config, "--pretty", "false"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (error !== undefined) throw error;
  const messages = new Map<string, string[]>();
  for (const each of stdout.split(/^(?=\S+\(\d+,\d+\): error )/m)) {
    const { file = "", message } =
      /^(?<file>\S+)\(\d+,\d+\): error (?<message>TS\d+: [^]*)$/.exec(each)?.groups ?? {};
    if (message === undefined) continue;
    const path = join(folder, file);
    messages.set(path, [...(messages.get(path) ?? []), message.trimEnd()]);
  }
  return messages;
}
