/**
 * Columns of bytes.
 *
 * @module
 */
import * as z from "zod";
import { bytesBase64 } from "../../models/index.ts";
import type { AnyColumn, Side } from "./column.ts";
import { type Coded, coded, isRefusal, readBy } from "./coded.ts";

/** Bytes: base64 in JSON (RFC 4648), a `Buffer` in the program. */
export function bytesField({ length }: AnyColumn, side: Side): Coded<Buffer> {
  const isBounded = length !== undefined && side === "write";
  const base64 = bytesBase64(isBounded ? { maxSize: length } : {});
  return coded({
    given: { type: "string", contentEncoding: "base64" },
    value: z.instanceof(Uint8Array) as unknown as z.ZodType<Buffer, Buffer>,
    read: (wire) => {
      const bytes = readBy(base64, wire);
      return isRefusal(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    write: (bytes) => Buffer.from(bytes).toString("base64"),
  });
}
