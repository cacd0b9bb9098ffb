/**
 * Coders: content compressed by node:zlib, never on the thread that answers requests.
 *
 * @module
 */
import process from "node:process";
import { promisify } from "node:util";
import type * as zlib from "node:zlib";
import type { Answer } from "../index.ts";

/** A content coding that this server can write. */
export type Coding = "br" | "gzip" | "zstd";

/** A stream of zlib's. */
type ZlibStream = zlib.BrotliCompress | zlib.Gzip | zlib.ZstdCompress;

/** What compresses in one coding. */
export interface Coder {
  /** Compresses what is there as a whole. */
  readonly whole: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly stream: () => ZlibStream;
  /** What brings out of a stream all that was written so far. */
  readonly flush: number;
}

/** The coders that this runtime has, each as hard as its level: zstd is younger than the others. */
export function codersOf(levels: Readonly<Record<Coding, number>>): ReadonlyMap<Coding, Coder> {
  // Loaded for who compresses, and not for every server.
  const { constants, ...zlib } = process.getBuiltinModule("node:zlib");
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: levels.br } };
  const zstd = { params: { [constants.ZSTD_c_compressionLevel]: levels.zstd } };
  const gzip = { level: levels.gzip };
  const coders: [Coding, Coder][] = [
    [
      "br",
      {
        whole: (bytes) => promisify(zlib.brotliCompress)(bytes, brotli),
        stream: () => zlib.createBrotliCompress(brotli),
        flush: constants.BROTLI_OPERATION_FLUSH,
      },
    ],
    [
      "zstd",
      {
        whole: (bytes) => promisify(zlib.zstdCompress)(bytes, zstd),
        stream: () => zlib.createZstdCompress(zstd),
        flush: constants.ZSTD_e_flush,
      },
    ],
    [
      "gzip",
      {
        whole: (bytes) => promisify(zlib.gzip)(bytes, gzip),
        stream: () => zlib.createGzip(gzip),
        flush: constants.Z_SYNC_FLUSH,
      },
    ],
  ];
  const isThere = (coding: Coding): boolean => coding !== "zstd" || "zstdCompress" in zlib;
  return new Map(coders.filter(([coding]) => isThere(coding)));
}

/** An answer whose body comes bit by bit. */
export interface Streamed {
  readonly answer: Answer;
  readonly body: AsyncIterable<Uint8Array | string>;
}

/**
 * The body of an answer, compressed as it comes: what goes in comes out at once, and no more goes in
 * than is taken out.
 */
export function compressStream(
  { answer, body }: Streamed,
  { stream, flush }: Coder,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      const coder = stream();
      const coded = coder[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      let source: AsyncIterator<Uint8Array | string> | undefined;
      return {
        next: () => {
          if (source === undefined) {
            source = body[Symbol.asyncIterator]();
            void pump(source, coder, flush);
          }
          return coded.next();
        },
        return: async () => {
          coder.destroy();
          if (source === undefined) answer.cancel();
          else await source.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function pump(
  source: AsyncIterator<Uint8Array | string>,
  coder: ZlibStream,
  flush: number,
): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await source.next();
      if (coder.destroyed) return;
      if (done === true) return void coder.end();
      await write(coder, value, flush);
    }
  } catch (error) {
    coder.destroy(error instanceof Error ? error : new Error("The stream failed"));
  }
}

/** Done when all of a chunk has come out, or nobody takes it any more. */
function write(coder: ZlibStream, chunk: Uint8Array | string, flush: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      coder.off("close", done);
      resolve();
    };
    coder.once("close", done);
    coder.write(chunk);
    coder.flush(flush, done);
  });
}
