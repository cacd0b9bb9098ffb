/**
 * Cursors: places in an order as opaque texts that nobody else can make.
 *
 * A cursor is the base64url of an HMAC-SHA-256 (RFC 2104), cut to 16 bytes, and of the place as JSON.
 * What belongs to the place and is not in it (the order, the path, the rest of the query) is signed with it.
 *
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { standsFor } from "./bound.ts";
import type { Key, Position, Relation } from "./keyset.ts";

/** Characters of a cursor at the most, so that a URL can hold it. */
export const maxCursor = 4096;

const signatureBytes = 16;
const relations: ReadonlySet<unknown> = new Set<Relation>([">", ">=", "<", "<="]);

/** What cursors are made and read with. */
export interface CursorSeal {
  /** The first signs; all are tried for what comes in. */
  readonly secrets: readonly (string | Uint8Array)[];
  /** What a cursor belongs to. */
  readonly context: string;
}

/** Writes a position as a cursor. */
export function sealed({ relation, values }: Position, { secrets, context }: CursorSeal): string {
  const payload = JSON.stringify([relation, ...values]);
  const [secret = ""] = secrets;
  return Buffer.concat([signature(secret, context, payload), Buffer.from(payload)]).toString(
    "base64url",
  );
}

/** Reads a cursor; `undefined` for one that was not made here, or for something else. */
export function opened(
  cursor: string,
  { secrets, context }: CursorSeal,
  keys: readonly Key[],
): Position | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  // Only one spelling of the same bytes is taken.
  if (bytes.length <= signatureBytes || bytes.toString("base64url") !== cursor) return undefined;
  const payload = bytes.toString("utf8", signatureBytes);
  const given = bytes.subarray(0, signatureBytes);
  const isGenuine = secrets.some((secret) =>
    timingSafeEqual(signature(secret, context, payload), given),
  );
  return isGenuine ? positionOf(JSON.parse(payload), keys) : undefined;
}

function signature(secret: string | Uint8Array, context: string, payload: string): Buffer {
  const hmac = createHmac("sha256", secret);
  return hmac
    .update(JSON.stringify([context, payload]))
    .digest()
    .subarray(0, signatureBytes);
}

/** Believes nothing, not even what is signed: a secret may have got out. */
function positionOf(payload: unknown, keys: readonly Key[]): Position | undefined {
  if (!Array.isArray(payload)) return undefined;
  const [relation, ...values] = payload as unknown[];
  if (!relations.has(relation)) return undefined;
  const fit = keys.every(({ shape, isNullable }, index) => {
    const value = values[index];
    return value === null ? isNullable : typeof value === "string" && standsFor(value, shape.type);
  });
  const isEnd = relation === "<" && values.length === 0;
  if (!isEnd && !(fit && values.length === keys.length)) return undefined;
  return { relation: relation as Relation, values: values as (string | null)[] };
}
