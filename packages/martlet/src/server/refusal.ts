/**
 * Refusals: what a client is told whose bytes are no request, before there is an exchange.
 *
 * @module
 */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const codes: Readonly<Record<number, string>> = {
  400: "bad-request",
  408: "request-timeout",
  431: "header-too-large",
};

/** Answers a client error with a problem and closes the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statuses[error.code ?? ""] ?? 400;
  const code = codes[status] as string;
  const title = STATUS_CODES[status] as string;
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, code });
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      "content-type: application/problem+json",
      `content-length: ${body.length}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
