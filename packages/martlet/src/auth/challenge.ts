/**
 * Challenges: what a caller is told to prove itself with, as values of `WWW-Authenticate` (RFC 9110
 * section 11.6.1).
 *
 * @module
 */

/** An authentication scheme, and what it says of itself. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Writes a challenge: `Bearer error="invalid_token"`. */
export function writeChallenge({ scheme, parameters = {} }: Challenge): string {
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${quotable(value)}"`);
  return written.length > 0 ? `${scheme} ${written.join(", ")}` : scheme;
}

/** What may stand between quotes (RFC 6750 section 3); anything else becomes a question mark. */
function quotable(text: string): string {
  return text.replaceAll(/[^\u0020\u0021\u0023-\u005b\u005d-\u007e]/g, "?");
}
