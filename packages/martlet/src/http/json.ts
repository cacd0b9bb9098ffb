/**
 * JSON bodies (RFC 8259): strict UTF-8, and JSON as it is read everywhere.
 *
 * @module
 */
import { InvalidInput, MalformedBody } from "../errors.ts";
import { readJson, unsafe } from "../schema/json-text.ts";
import type { Codec } from "../source.ts";

const utf8: Readonly<Record<"drop" | "keep", InstanceType<typeof TextDecoder>>> = {
  drop: new TextDecoder("utf-8", { fatal: true }),
  keep: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
};

/**
 * Decodes UTF-8. A byte order mark is dropped, or kept where it may be part of a value. Throws
 * {@link MalformedBody} when the bytes are no UTF-8.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  { bom = "drop" }: { readonly bom?: keyof typeof utf8 } = {},
): string {
  try {
    return utf8[bom].decode(bytes);
  } catch (cause) {
    throw new MalformedBody({}, { detail: "The body is not UTF-8.", cause });
  }
}

/** Parses a JSON body. Throws {@link MalformedBody} or {@link InvalidInput}. */
export function parseJson(bytes: Uint8Array): unknown {
  return parseJsonText(decodeUtf8(bytes));
}

/** Parses text as a JSON body. Throws {@link MalformedBody} or {@link InvalidInput}. */
export function parseJsonText(text: string): unknown {
  const read = readJson(text, ["body"]);
  if ("wrong" in read) {
    throw new MalformedBody({}, { detail: `The body ${read.wrong}.`, cause: read.cause });
  }
  if (read.issues.length > 0) throw new InvalidInput({ errors: read.issues });
  return read.value;
}

/** Reads a body by a codec: what no JSON may hold, it may not hold either. */
export function decodeBy({ mediaType, decode }: Codec, bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = decode(bytes);
  } catch (cause) {
    throw new MalformedBody({}, { detail: `The body is no valid ${mediaType}.`, cause });
  }
  const found = unsafe(value, ["body"]);
  if ("wrong" in found) throw new MalformedBody({}, { detail: `The body ${found.wrong}.` });
  if (found.issues.length > 0) throw new InvalidInput({ errors: found.issues });
  return value;
}
