/**
 * Files on disk. A small one is read when it is looked at; a large one is opened again when it is
 * sent, so that an answer nobody sends holds nothing.
 *
 * @module
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A file as it was when it was looked at. */
export interface StoredFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last modified, in nanoseconds since 1970. */
  readonly modified: bigint;
  /** All of it, if that is little. */
  readonly content: Uint8Array | undefined;
}

/** Why there is no file: nothing there, a directory, or no right to read it. */
export type Absence = "missing" | "directory" | "forbidden";

/** The bytes from `first` up to `end`, which is not one of them. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

const chunkSize = 65_536;
// A pipe would hold the thread that opens it until somebody writes. Windows knows no such flag.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Looks at a file. */
export async function look(path: string): Promise<StoredFile | Absence> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, flags);
    const found = await stateOf(handle, path);
    return typeof found === "string" ? found : await filled(found, handle);
  } catch (error) {
    return absenceOf(error);
  } finally {
    await handle?.close();
  }
}

async function stateOf(handle: FileHandle, path: string): Promise<StoredFile | Absence> {
  const found = await handle.stat({ bigint: true });
  if (found.isDirectory()) return "directory";
  if (!found.isFile()) return "missing";
  return { path, size: Number(found.size), modified: found.mtimeNs, content: undefined };
}

/** Reads a file that is small. What it has become meanwhile is what it is. */
async function filled(file: StoredFile, handle: FileHandle): Promise<StoredFile> {
  if (file.size > chunkSize) return file;
  const bytes = Buffer.allocUnsafeSlow(file.size);
  let size = 0;
  while (size < file.size) {
    const { bytesRead } = await handle.read(bytes, size, file.size - size, size);
    if (bytesRead === 0) break;
    size += bytesRead;
  }
  return { ...file, size, content: bytes.subarray(0, size) };
}

const absences: Readonly<Record<string, Absence>> = {
  ENOENT: "missing",
  ENOTDIR: "missing",
  ENAMETOOLONG: "missing",
  ELOOP: "missing",
  ENXIO: "missing",
  EINVAL: "missing",
  EISDIR: "directory",
  EACCES: "forbidden",
  EPERM: "forbidden",
};

/** What an error of the file system says of a file. Throws what says nothing of it. */
export function absenceOf(error: unknown): Absence {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const absence = absences[code];
  if (absence === undefined) throw error;
  return absence;
}

/** The bytes of a span: at once when the file is small, else as they are read. */
export function contentOf(file: StoredFile, span: Span): Uint8Array | AsyncIterable<Uint8Array> {
  return file.content?.subarray(span.first, span.end) ?? chunks(file, [span]);
}

/**
 * The bytes of spans, and of texts between them. Fails when the file is no longer what it was: its
 * length has been told.
 */
export async function* chunks(
  file: StoredFile,
  pieces: readonly (Span | Uint8Array)[],
): AsyncGenerator<Uint8Array> {
  if (file.content !== undefined) {
    for (const piece of pieces) {
      yield piece instanceof Uint8Array ? piece : file.content.subarray(piece.first, piece.end);
    }
    return;
  }
  const handle = await open(file.path, flags);
  try {
    const now = await stateOf(handle, file.path);
    if (typeof now === "string" || now.size !== file.size || now.modified !== file.modified) {
      throw new Error("The file was changed before it was sent");
    }
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) yield piece;
      else yield* read(handle, piece);
    }
  } finally {
    await handle.close();
  }
}

async function* read(handle: FileHandle, { first, end }: Span): AsyncGenerator<Uint8Array> {
  for (let position = first; position < end;) {
    const bytes = Buffer.allocUnsafeSlow(Math.min(chunkSize, end - position));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, position);
    if (bytesRead === 0) throw new Error("The file became shorter while it was sent");
    position += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}
