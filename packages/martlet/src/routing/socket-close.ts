/**
 * How sockets are closed: codes and reasons (RFC 6455 section 7.4).
 *
 * @module
 */
import { HttpProblem, InvalidInput, type Issue } from "../errors.ts";
import type { MessageKind } from "../http/upgrade.ts";

/** A close code with its reason. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** How many bytes the reason of a close frame may have. */
const maxReason = 123;

/** The place and the word for the first of the issues: what a client can be told in a close frame. */
export function policyViolation(issues: readonly Issue[]): Closing {
  const [first] = issues;
  const text = first === undefined ? "" : `${first.loc.join(".")}: ${first.message}`;
  return { code: 1008, reason: shortened(text) };
}

/** A message of a kind that the socket does not take. */
export function unsupportedData(kind: MessageKind): Closing {
  return { code: 1003, reason: `Send ${kind === "binary" ? "binary" : "text"} messages.` };
}

/** How a socket is closed for what was thrown. What is no problem is told without a word. */
export function closingFor(error: unknown): Closing {
  if (error instanceof InvalidInput) return policyViolation(error.extension.errors);
  if (!(error instanceof HttpProblem)) return { code: 1011, reason: "internal" };
  return { code: error.status < 500 ? 1008 : 1011, reason: shortened(error.code) };
}

/**
 * Refuses what no endpoint may close with.
 *
 * @throws {RangeError} for a code that is kept for the protocol, or a reason that is too long
 */
export function checkClosing({ code, reason }: Closing): void {
  const isProtocol = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
  if (!Number.isInteger(code) || !(isProtocol || (code >= 3000 && code <= 4999))) {
    throw new RangeError(`${code} is no code to close a socket with: use 1000, or 3000 to 4999`);
  }
  if (new TextEncoder().encode(reason).length > maxReason) {
    throw new RangeError(`The reason for closing a socket has more than ${maxReason} bytes`);
  }
}

/** A text that fits into a close frame. */
function shortened(text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxReason));
  if (read === text.length) return text;
  const fit = new TextEncoder().encodeInto(text, new Uint8Array(maxReason - 3));
  return `${text.slice(0, fit.read)}…`;
}
