/**
 * Directories with files in them, for one test file each.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A directory that is gone after the tests. */
export interface Folder extends Disposable {
  readonly path: string;
  readonly write: (name: string, content: string | Uint8Array) => string;
}

/** Makes a directory, with some files. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), "martlet-static-"));
  const write = (name: string, content: string | Uint8Array): string => {
    const place = join(path, name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    return place;
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
