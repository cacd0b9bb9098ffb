/**
 * `Content-Disposition` (RFC 6266): whether an answer is shown or saved, and under which name.
 *
 * @module
 */

/** Whether a browser shows an answer or saves it. */
export type Disposition = "attachment" | "inline";

/**
 * The value of a `Content-Disposition` header. A name beyond ASCII is told twice: as near as ASCII
 * comes, and in full (RFC 8187) for all clients of this century.
 *
 * @example
 * ```ts
 * import { contentDisposition } from "martlet/static";
 *
 * expect(contentDisposition("résumé.pdf")).toBe(
 *   "attachment; filename=\"r_sum_.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf",
 * );
 * ```
 */
export function contentDisposition(
  filename: string,
  disposition: Disposition = "attachment",
): string {
  // A client that took a folder out of a name would write where it was not asked to.
  const name = filename.toWellFormed().replaceAll(/[\\/\p{Cc}]/gu, "_");
  // Quotes and percent signs are read differently by different clients, escaped or not.
  const ascii = name.replaceAll(/[^ -~]|["%]/gu, "_");
  const short = `${disposition}; filename="${ascii}"`;
  return ascii === name ? short : `${short}; filename*=UTF-8''${extended(name)}`;
}

/** Only what RFC 8187 section 3.2.1 calls an attr-char stands as it is. */
function extended(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
