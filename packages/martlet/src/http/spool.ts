/**
 * Spools: content on its way in, held in memory while it is small and in a temporary file beyond.
 *
 * @module
 */
import { joined } from "./chunks.ts";
import { type TemporaryFile, temporaryFile } from "./temporary-file.ts";

/** Content that has come in as a whole, to be read as often as one likes. */
export interface Content {
  readonly size: number;
  /** So many bytes from a position on, for the reader to keep; fewer at the end. */
  readonly read: (
    position: number,
    length: number,
  ) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

/** The memory that all spools of one form have together, in bytes. */
export interface SpoolMemory {
  left: number;
}

/** How much is gathered for one write, in bytes. */
const block = 65_536;

/** The content of one file of a form. */
export class Spool implements Content {
  readonly #memory: SpoolMemory;
  readonly #fail: (error: unknown) => void;
  #held: Uint8Array[] = [];
  #heldSize = 0;
  #size = 0;
  #file: TemporaryFile | undefined;
  #writing: Promise<void> | undefined;
  /** What happens to the content: it may stay where it is, because there is no other place. */
  #fate: "open" | "kept in memory" | "let go of" = "open";

  /** `fail` is told when the file cannot be written. */
  constructor(memory: SpoolMemory, fail: (error: unknown) => void) {
    this.#memory = memory;
    this.#fail = fail;
  }

  get size(): number {
    return this.#size;
  }

  /** The writing that is to be waited for before more is added, if there is any. */
  get writing(): Promise<void> | undefined {
    return this.#writing;
  }

  /** Whether there is, or is about to be, a file to close. */
  get isSpilled(): boolean {
    return this.#file !== undefined || this.#writing !== undefined;
  }

  add(chunk: Uint8Array): void {
    if (this.#fate === "let go of") return;
    this.#held.push(chunk);
    this.#heldSize += chunk.length;
    this.#size += chunk.length;
    if (this.#writing === undefined && this.#isFull(chunk.length)) this.#spill();
  }

  /** Writes what is left of a content that has a file. */
  async end(): Promise<void> {
    await this.#writing;
    if (this.#file !== undefined && this.#heldSize > 0) this.#spill();
    await this.#writing;
  }

  read(
    position: number,
    length: number,
  ): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
    if (this.#fate === "let go of") {
      throw new Error("This file is gone: its request and the tasks after it are over");
    }
    if (this.#file !== undefined) return this.#file.read(position, length);
    if (this.#held.length > 1) this.#held = [joined(this.#held, this.#heldSize)];
    // A copy: what one reader does to it must not be seen by the next.
    return Uint8Array.from(this.#held[0]?.subarray(position, position + length) ?? []);
  }

  /** Lets go of the content. */
  async close(): Promise<void> {
    this.#fate = "let go of";
    await this.#writing;
    this.#held = [];
    await this.#file?.close();
  }

  #isFull(more: number): boolean {
    if (this.#file !== undefined) return this.#heldSize >= block;
    if (this.#fate === "kept in memory") return false;
    this.#memory.left -= more;
    return this.#memory.left < 0;
  }

  #spill(): void {
    this.#writing = this.#write()
      .catch(this.#fail)
      .finally(() => (this.#writing = undefined));
  }

  async #write(): Promise<void> {
    if (this.#file === undefined) {
      this.#memory.left += this.#heldSize;
      this.#file = await temporaryFile();
    }
    if (this.#file === undefined) {
      this.#fate = "kept in memory";
      return;
    }
    const bytes = joined(this.#held, this.#heldSize);
    this.#held = [];
    this.#heldSize = 0;
    await this.#file.write(bytes);
  }
}
