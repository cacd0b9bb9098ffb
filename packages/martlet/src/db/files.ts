/**
 * Files that other processes make and remove while one looks.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** The text of a file, `undefined` if there is none. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // The second is what /proc says of a process that ends at this moment.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return undefined;
    throw error;
  }
}

/** The `code` of a system's error. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
