/**
 * Places in a directory: from the path of a request to the file that it names, and to no file
 * anywhere else.
 *
 * @module
 */
import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { absenceOf } from "./stored-file.ts";

/** What of a directory is open to clients. */
export interface PlaceOptions {
  /** Whether files and directories with a dot in front are. */
  readonly dotFiles: boolean;
  /** Whether links that lead out of the directory are. */
  readonly followLinks: boolean;
}

/**
 * The segments that the rest of a route's path stands for, each decoded by itself, so that an encoded
 * slash is seen. `path` is as it was sent.
 */
export function segmentsOf(path: string, rest: string): readonly string[] {
  const sent = path.split("/").map((each) => decodeURIComponent(each));
  let length = -1;
  // From its end on, one part of the path alone is as long as the rest.
  for (let index = sent.length - 1; index > 0 && length < rest.length; index -= 1) {
    length += 1 + (sent[index] as string).length;
    const segments = length === rest.length ? sent.slice(index) : [];
    if (segments.length > 0 && segments.join("/") === rest) return segments;
  }
  // Of another path than the one that was sent, nothing is known: as one name it names no file.
  return [`/${rest}`];
}

/** Where something really is, links followed; `undefined` when it is nowhere. */
export async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    absenceOf(error);
    return undefined;
  }
}

/**
 * Where the file really is that the segments name, below a directory without links in its own path;
 * `undefined` when there is none, or none that is open to clients.
 */
export async function placeOf(
  root: string,
  segments: readonly string[],
  options: PlaceOptions,
): Promise<string | undefined> {
  if (!isOpen(segments, options)) return undefined;
  const real = await realPathOf(join(root, ...segments));
  if (real === undefined || options.followLinks) return real;
  // A link, or the short name of old, may lead to what has another name: a hidden one, a step up out of
  // the directory, or another drive.
  return isOpen(relative(root, real).split(sep), options) ? real : undefined;
}

/** What Windows takes for a device, whatever directory and ending it is given. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3])(?:[. ]|$)/i;

/**
 * Whether a segment is the name of a file or directory, on whatever system: neither a step elsewhere
 * nor a drive, a stream or a device of Windows, which also drops dots and spaces at the end.
 */
function isName(segment: string): boolean {
  return (
    !/^\.{0,2}$/.test(segment) &&
    !/[\\/:\p{Cc}]/u.test(segment) &&
    !/[. ]$/.test(segment) &&
    !device.test(segment)
  );
}

/**
 * Whether segments name something below a directory that is open to clients. What RFC 8615 puts below
 * `/.well-known/` always is.
 */
export function isOpen(
  segments: readonly string[],
  { dotFiles }: Pick<PlaceOptions, "dotFiles">,
): boolean {
  const [first, ...rest] = segments;
  const undotted = dotFiles ? [] : first === ".well-known" ? rest : segments;
  return segments.every(isName) && !undotted.some((each) => each.startsWith("."));
}
