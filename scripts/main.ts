/**
 * Tells a script that was started from one that was imported, also where the checkout lies behind
 * a symbolic link and on a Node without `import.meta.main`.
 *
 * @module
 */
import { realpathSync } from "node:fs";

/** Whether the file, an `import.meta.filename`, is the one that Node was started with. */
export function isMain(file: string): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === file;
}
