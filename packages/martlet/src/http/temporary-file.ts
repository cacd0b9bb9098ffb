/**
 * Temporary files: where content goes that is too large for memory. A file has no name any more as
 * soon as it is open, so that nothing is left of it when it is closed, or when the process ends.
 *
 * @module
 */
import type { FileHandle } from "node:fs/promises";

/** An open file that nobody else can find. */
export interface TemporaryFile {
  /** Writes behind what was written before. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** So many bytes from a position on; fewer at the end. */
  readonly read: (position: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a temporary file in the directory of the system (`TMPDIR`); `undefined` on a runtime that has
 * no files.
 *
 * @throws the error of a system that has files and refuses one
 */
export async function temporaryFile(): Promise<TemporaryFile | undefined> {
  try {
    return await open();
  } catch (error) {
    if (isOfSystem(error)) throw error;
    return undefined;
  }
}

async function open(): Promise<TemporaryFile> {
  const [files, { tmpdir }] = await Promise.all([import("node:fs/promises"), import("node:os")]);
  const path = `${tmpdir()}/martlet-${crypto.randomUUID()}`;
  // A name that is there already, a link of somebody else for one, is refused.
  const handle = await files.open(path, "wx+", 0o600);
  // Where an open file keeps its name, it loses it at the end.
  const isNameless = await files.unlink(path).then(
    () => true,
    () => false,
  );
  let end = 0;
  return {
    write: async (bytes) => {
      await writeAll(handle, bytes, end);
      end += bytes.length;
    },
    read: (position, length) => readAll(handle, position, Math.min(length, end - position)),
    close: async () => {
      await handle.close();
      if (!isNameless) await files.rm(path, { force: true });
    },
  };
}

/** Whether the operating system itself said no, which has a number for each reason. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).errno === "number";
}

/** Writes all bytes from a position on: one write may take only some. */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const left = bytes.length - done;
    const { bytesWritten } = await handle.write(bytes, done, left, position + done);
    done += bytesWritten;
  }
}

async function readAll(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error("A temporary file is shorter than what was written to it");
    done += bytesRead;
  }
  return bytes;
}
