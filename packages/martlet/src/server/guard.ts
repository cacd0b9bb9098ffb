/**
 * What HTTP forbids and node:http lets through: refused before there is an exchange, so that nothing
 * behind it has to choose between two hosts or two credentials.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";

/** How many header fields a request may have. */
const maxFields = 100;
/** A registered name or address with a port (RFC 3986 section 3.2.2), or nothing. */
const hostSyntax = /^(?:(?:[\w.~%-]+|\[[\da-f:.]+\])(?::(?<port>\d{0,5}))?)?$/i;

/** The status with which a request is refused for what its head says; `undefined` when it is fine. */
export function refusedHead(message: IncomingMessage): 400 | 431 | 505 | undefined {
  const { rawHeaders, httpVersionMajor, httpVersionMinor } = message;
  if (httpVersionMajor !== 1) return 505;
  if (rawHeaders.length > maxFields * 2) return 431;
  const hosts = valuesOf(rawHeaders, "host");
  if (hosts.length === 0) return httpVersionMinor === 0 ? undefined : 400;
  // A second one of these is an attack or a mistake (RFC 9110 section 5.3, RFC 9112 section 3.2).
  const isRepeated =
    hosts.length > 1 ||
    valuesOf(rawHeaders, "authorization").length > 1 ||
    valuesOf(rawHeaders, "content-type").length > 1;
  return isRepeated || !isHost(hosts[0] as string) ? 400 : undefined;
}

function isHost(text: string): boolean {
  const found = hostSyntax.exec(text);
  return found !== null && Number(found.groups?.["port"] ?? 0) <= 65_535;
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const each = rawHeaders[index] as string;
    if (each.length === name.length && each.toLowerCase() === name) {
      values.push(rawHeaders[index + 1] as string);
    }
  }
  return values;
}
