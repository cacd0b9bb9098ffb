/**
 * How files begin: what tells a file of a common type from one that only says it is.
 *
 * @module
 */

/* oxlint-disable no-control-regex -- these are the bytes that the formats begin with */
const beginnings: ReadonlyMap<string, RegExp> = new Map([
  ["image/png", /^\u0089PNG\r\n\u001a\n/],
  ["image/jpeg", /^\u00ff\u00d8\u00ff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["application/pdf", /^%PDF-/],
  ["application/zip", /^PK(?:\u0003\u0004|\u0005\u0006)/],
]);
/* oxlint-enable no-control-regex */

/** How many bytes tell the type. */
const length = 16;

/** Whether content begins as a media type says. Of a type that is not known here nothing does. */
export function beginsAs(type: string, content: Uint8Array): boolean {
  const head = String.fromCharCode(...content.subarray(0, length));
  return beginnings.get(type)?.test(head) ?? false;
}
