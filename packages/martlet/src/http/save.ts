/**
 * Saves content under a name of the application: there is a whole file, or none.
 *
 * @module
 */
import type * as FileSystem from "node:fs/promises";
import type { SaveOptions } from "../source.ts";
import type { Content } from "./spool.ts";
import { writeAll } from "./temporary-file.ts";

/** How much is copied at a time, in bytes. */
const block = 262_144;

type Files = typeof FileSystem;

/** Saves content as a file. Throws an error with the code `EEXIST` when there is one already. */
export async function saveContent(
  content: Content,
  target: string | URL,
  { overwrite = false }: SaveOptions = {},
): Promise<void> {
  const [files, paths, { fileURLToPath }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
    import("node:url"),
  ]);
  const path = typeof target === "string" ? target : fileURLToPath(target);
  // In the same directory, for only there a file changes its name in one go.
  const partial = paths.join(paths.dirname(path), `.martlet-${crypto.randomUUID()}`);
  try {
    await copy(files, content, partial);
    await (overwrite ? files.rename(partial, path) : place(files, partial, path));
  } finally {
    await files.rm(partial, { force: true });
  }
}

async function copy({ open }: Files, content: Content, path: string): Promise<void> {
  const handle = await open(path, "wx");
  try {
    for (let position = 0; position < content.size; position += block) {
      await writeAll(handle, await content.read(position, block), position);
    }
    // A name may reach the disk before what it stands for.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file a name that must be free. */
async function place({ link, open, rename }: Files, from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // Not every file system has links: there the name is taken first, and then replaced.
    await (await open(to, "wx")).close();
    await rename(from, to);
  }
}
