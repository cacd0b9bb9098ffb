/**
 * Media ranges (RFC 9110 section 12.5.1), as files and raw bodies declare what they take.
 *
 * @module
 */

/** Whether a media type in lower case is one of these; `image/*` is every image, no ranges are all. */
export function takesType(ranges: readonly string[], type: string): boolean {
  return ranges.length === 0 || ranges.some((each) => covers(each.toLowerCase(), type));
}

function covers(range: string, type: string): boolean {
  return (
    range === "*/*" ||
    range === type ||
    (range.endsWith("/*") && type.startsWith(range.slice(0, -1)))
  );
}
