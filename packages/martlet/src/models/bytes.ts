/**
 * Bytes in JSON, and sizes of bytes.
 *
 * @module
 */
import * as z from "zod";
import { byteSize as bytesOf } from "../index.ts";
import { push, reading, type Refusal, refuse, settled, wire } from "./reading.ts";

/** What bytes may be. */
export interface BytesOptions {
  /** The most bytes: a number, or text such as `"1MB"`. */
  readonly maxSize?: number | string;
}

const alphabet = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Bytes: base64 (RFC 4648) in JSON and text, a `Uint8Array` in the program. Both alphabets are read,
 * and the standard one is written.
 *
 * Codes: `bytes_type`, `bytes_invalid_encoding`, `bytes_too_long`.
 *
 * @example
 * ```ts
 * import { bytesBase64 } from "martlet/models";
 * import { z } from "zod";
 *
 * expect(bytesBase64().parse("aGk=")).toEqual(new TextEncoder().encode("hi"));
 * expect(z.encode(bytesBase64(), new Uint8Array([255]))).toBe("/w==");
 * ```
 */
export function bytesBase64(
  options: BytesOptions = {},
): z.ZodCodec<z.ZodType<string, string>, z.ZodType<Uint8Array, Uint8Array>> {
  const maxSize = options.maxSize === undefined ? Infinity : bytesOf(options.maxSize);
  const text = wire<string>({ type: "string", contentEncoding: "base64" });
  const bytes = z.instanceof(Uint8Array) as z.ZodType<Uint8Array, Uint8Array>;
  return z.codec(text, bytes, {
    decode: (value, context) => settled(readBytes(value, maxSize), push(context)),
    encode: (value) => btoa(Array.from(value, (each) => String.fromCodePoint(each)).join("")),
  });
}

function readBytes(value: unknown, maxSize: number): Uint8Array | Refusal {
  if (typeof value !== "string") return refuse("bytes_type", "This is no base64 text.");
  const bare = value.replace(/=+$/, "");
  const isPadded = value.length === bare.length || value.length % 4 === 0;
  if (!alphabet.test(value) || bare.length % 4 === 1 || !isPadded) {
    return refuse("bytes_invalid_encoding", "This is no base64 text.");
  }
  if (Math.floor((bare.length * 3) / 4) > maxSize) {
    return refuse("bytes_too_long", `At most ${maxSize} bytes.`, { max: maxSize });
  }
  const binary = atob(bare.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (each) => each.codePointAt(0) as number);
}

/**
 * A number of bytes: a whole number, or text such as `"5MB"` (10^6) or `"1MiB"` (2^20). The program and
 * answers have the number.
 *
 * Code: `byte_size`.
 *
 * @example
 * ```ts
 * import { byteSize } from "martlet/models";
 *
 * expect(byteSize().parse("5MB")).toBe(5_000_000);
 * expect(byteSize().parse(512)).toBe(512);
 * ```
 */
export function byteSize(): z.ZodPipe<z.ZodType<number, number | string>, z.ZodType<number>> {
  return reading<number, number | string>({
    taken: { anyOf: [{ type: "integer", minimum: 0 }, { type: "string" }] },
    given: { type: "integer", minimum: 0 },
    read: (value) => {
      const isSize = typeof value === "string" || Number.isSafeInteger(value);
      return (isSize ? sizeOf(value as string | number) : undefined) ?? unreadable;
    },
  });
}

const unreadable = refuse("byte_size", 'This is no size such as 512, "5MB" or "1MiB".');

function sizeOf(value: string | number): number | undefined {
  try {
    const size = bytesOf(typeof value === "string" ? value.trim() : value);
    return Number.isSafeInteger(size) ? size : undefined;
  } catch {
    return undefined;
  }
}
