/**
 * What HTTP forbids and node:http lets through: refused before there is an exchange, so that nothing
 * behind it has to choose between two hosts or two credentials.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";

/** How many header fields a request may have. */
const maxFields = 100;
/** A registered name or address with a port up to 65535 (RFC 3986 section 3.2.2), or nothing. */
const port = String.raw`:(?:[0-5]?\d{0,4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])`;
const hostSyntax = new RegExp(String.raw`^(?:(?:[\w.~%-]+|\[[\da-f:.]+\])(?:${port})?)?$`, "i");

/** The status with which a request is refused for what its head says; `undefined` when it is fine. */
export function refusedHead(message: IncomingMessage): 400 | 431 | 505 | undefined {
  const { rawHeaders, httpVersionMajor, httpVersionMinor } = message;
  if (httpVersionMajor !== 1) return 505;
  if (rawHeaders.length > maxFields * 2) return 431;
  const found = singletons(rawHeaders);
  if (found === undefined) return 400;
  const { host } = found;
  if (host === undefined) return httpVersionMinor === 0 ? undefined : 400;
  return hostSyntax.test(host) ? undefined : 400;
}

/** The host; nothing at all when a field that stands for one thing is there twice. */
function singletons(rawHeaders: readonly string[]): { host: string | undefined } | undefined {
  let host: string | undefined;
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    // Most fields are told apart by their length alone.
    const bit = name.length === 4 ? 1 : name.length === 13 ? 2 : name.length === 12 ? 4 : 0;
    if (bit === 0 || name.toLowerCase() !== onlyOnce[bit]) continue;
    // A second one is an attack or a mistake (RFC 9110 section 5.3, RFC 9112 section 3.2).
    if ((seen & bit) !== 0) return undefined;
    seen |= bit;
    if (bit === 1) host = rawHeaders[index + 1] as string;
  }
  return { host };
}

const onlyOnce: Readonly<Record<number, string>> = {
  1: "host",
  2: "authorization",
  4: "content-type",
};
