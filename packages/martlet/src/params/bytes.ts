/**
 * Raw bodies: the bytes of a body as they came, whole or as a stream, whatever their media type.
 *
 * @module
 */
import { byteSize } from "../size.ts";
import type { BytesLimits, BodySource } from "../source.ts";
import type { Schema } from "../standard.ts";
import { limitsOf, takeBody } from "./limits.ts";
import type { Compiler, Param, Read } from "./param.ts";

/** Which bodies are taken as bytes. */
export interface BytesOptions {
  /** The media types that are taken, such as `"image/png"` or `"image/*"`; 415 otherwise. @default all */
  readonly types?: readonly string[];
  /**
   * The largest size: bytes, or text such as `"5MB"` (10^6) or `"5MiB"` (2^20); 413 beyond.
   *
   * @default the route's `limits.body`
   */
  readonly maxSize?: number | string;
}

/** What a client sends where bytes are asked for. Text is sent as UTF-8. */
export type SentBytes =
  | string
  | Blob
  | ArrayBuffer
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array<ArrayBuffer>>;

/** A kind of body of its own: stands in `body` where a schema would, and reads the body itself. */
export interface BodyKind<Sent, Value> extends Schema<Sent, Value> {
  readonly "~param": Param<Value, BodySource>;
}

/**
 * A body that is given as its bytes. A request without a body gives none.
 *
 * @example
 * ```ts
 * import { bytes, martlet, put } from "martlet";
 *
 * const store = put("/picture", { body: bytes({ types: ["image/*"], maxSize: "2MB" }) }, ({ body }) => ({
 *   size: body.length,
 * }));
 * const request = new Request("http://localhost/picture", {
 *   method: "PUT",
 *   headers: { "content-type": "image/png" },
 *   body: Uint8Array.of(0x89, 0x50),
 * });
 * expect(await (await martlet({ store }).fetch(request)).json()).toEqual({ size: 2 });
 * ```
 */
export function bytes(options: BytesOptions = {}): BodyKind<SentBytes, Uint8Array<ArrayBuffer>> {
  return bodyKind(options, (limits) => (source) => source.bytes(limits));
}

/**
 * A body that is given as a stream, while the client still sends it: never held as a whole, and no
 * faster than it is read. What goes wrong on the way is thrown where the stream is read, as a problem:
 * 400 for a body that ends early, 408 for one that comes too slowly, 413 for one that is too large.
 *
 * @example
 * ```ts
 * import { byteStream, martlet, put } from "martlet";
 *
 * const count = put("/log", { body: byteStream({ maxSize: "1GB" }) }, async ({ body }) => {
 *   let size = 0;
 *   for await (const chunk of body) size += chunk.length;
 *   return { size };
 * });
 * const request = new Request("http://localhost/log", { method: "PUT", body: "a line" });
 * expect(await (await martlet({ count }).fetch(request)).json()).toEqual({ size: 6 });
 * ```
 */
export function byteStream(
  options: BytesOptions = {},
): BodyKind<SentBytes, ReadableStream<Uint8Array<ArrayBuffer>>> {
  return bodyKind(options, (limits) => (source) => source.stream(limits));
}

function bodyKind<Value>(
  { types = [], maxSize }: BytesOptions,
  reader: (limits: BytesLimits) => Read<Value, BodySource>,
): BodyKind<SentBytes, Value> {
  const size = maxSize === undefined ? undefined : byteSize(maxSize);
  const kind: BodyKind<SentBytes, Value> = {
    "~standard": standardOf(size),
    "~param": {
      kind: "body",
      phase: "body",
      describe: (_name, operation) => {
        for (const each of types.length > 0 ? types : ["*/*"]) operation.body(kind, each);
      },
      compile: (_name, compiler: Compiler) => {
        takeBody("body", compiler);
        return reader({ types, maxSize: size ?? limitsOf(compiler).text });
      },
    },
  };
  return kind;
}

/** What makes a kind of body a schema to the types and to the document. Nothing is validated by it. */
function standardOf<Value>(maxSize: number | undefined): Schema<SentBytes, Value>["~standard"] {
  const told = {
    type: "string",
    format: "binary",
    ...(maxSize !== undefined && { maxLength: maxSize }),
  };
  const standard = {
    version: 1,
    vendor: "martlet",
    validate: () => ({ issues: [{ message: "A body is required." }] }),
    jsonSchema: { input: () => told, output: () => told },
  } as const;
  return standard;
}
