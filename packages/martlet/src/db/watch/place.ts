/**
 * Places in code, found in the stack of an error.
 *
 * @module
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Martlet's own directory; `undefined` where a bundler has put it into a file with other code. */
const martlet = /^(?<directory>.*\/)db\/watch\/place\.[jt]s$/.exec(import.meta.url)?.groups?.[
  "directory"
];

/** The first place of a stack that is in the user's own code: no package, and nothing of the runtime. */
export function placeOf(stack: unknown): string | undefined {
  // Whoever sets `Error.prepareStackTrace` may make anything of a stack.
  if (typeof stack !== "string") return undefined;
  for (const line of stack.split("\n")) {
    const { file, position } = frame.exec(line)?.groups ?? {};
    const path = file === undefined ? undefined : ownPath(file);
    if (path !== undefined) return `${path}:${position}`;
  }
  return undefined;
}

/** `at name (file:1:2)`, `at async file:1:2`: as V8 writes the calls of a stack. */
const frame =
  /^\s*at (?:async )?(?:.*? \()?(?<file>(?:file:|\/|[a-z]:[/\\]).*):(?<position>\d+:\d+)\)?$/i;

/** The path of a file as it is told, if it is one of the user's. */
function ownPath(file: string): string | undefined {
  // What is evaluated tells where that was done, and then that it has no file.
  if (/[/\\]node_modules[/\\]|<anonymous>/.test(file)) return undefined;
  const path = pathOf(file);
  if (martlet !== undefined && path.startsWith(pathOf(martlet))) return undefined;
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from;
}

function pathOf(file: string): string {
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : file;
  } catch {
    return file;
  }
}
