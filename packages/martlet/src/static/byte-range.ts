/**
 * Ranges of bytes (RFC 9110 section 14): which parts of a file a client asks for.
 *
 * @module
 */

/** Bytes of a file, from 0, the last one included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** How many ranges one request may ask for; more of them get the whole file. */
const maxRanges = 16;

/**
 * The ranges that a `Range` header asks for, in the order it does; `undefined` for the whole file,
 * which is also the answer to a header that is malformed, of another unit, or of more bytes than the
 * file has; an empty list when none of the ranges is in the file (416).
 */
export function byteRanges(
  header: string | undefined,
  size: number,
): readonly ByteRange[] | undefined {
  const members = /^bytes=(.*)$/i.exec(header ?? "")?.[1]?.split(",");
  if (members === undefined || members.length > maxRanges) return undefined;
  const found: ByteRange[] = [];
  for (const member of members) {
    const range = rangeOf(member.trim(), size);
    if (range === "malformed") return undefined;
    if (range === "outside") continue;
    found.push(range);
  }
  // Whatever is asked for twice is asked for to have work done: the file itself is cheaper.
  const wanted = found.reduce((sum, each) => sum + lengthOf(each), 0);
  return wanted > size ? undefined : found;
}

function rangeOf(member: string, size: number): ByteRange | "malformed" | "outside" {
  const [, start = "", end = ""] = /^(\d{0,15})-(\d{0,15})$/.exec(member) ?? [];
  if (start === "" && end === "") return "malformed";
  if (start === "") return suffix(Number(end), size);
  const [first, last] = [Number(start), end === "" ? Infinity : Number(end)];
  if (first > last) return "malformed";
  return first < size ? { first, last: Math.min(last, size - 1) } : "outside";
}

/** The last bytes. Of an empty file there are none to tell the place of. */
function suffix(length: number, size: number): ByteRange | "malformed" | "outside" {
  if (length === 0) return "outside";
  return size === 0 ? "malformed" : { first: Math.max(0, size - length), last: size - 1 };
}

/** How many bytes a range has. */
export function lengthOf({ first, last }: ByteRange): number {
  return last - first + 1;
}

/** The value of `Content-Range`. */
export function contentRange({ first, last }: ByteRange, size: number): string {
  return `bytes ${first}-${last}/${size}`;
}
