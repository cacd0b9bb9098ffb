/**
 * Refusals: what a client is told whose bytes are no request, before there is an exchange.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { Answer } from "../index.ts";
import { http } from "./node-http.ts";

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const codes: Readonly<Record<number, string>> = {
  400: "bad-request",
  408: "request-timeout",
  413: "content-too-large",
  417: "expectation-failed",
  431: "header-too-large",
  505: "version-not-supported",
};

/** A problem that ends its connection. */
export function refusal(status: number): Answer {
  return new Answer(status, headers, bodyOf(status));
}

const headers = {
  "content-type": "application/problem+json",
  "cache-control": "no-store",
  connection: "close",
} as const;

function bodyOf(status: number): string {
  const code = codes[status] as string;
  const title = http.STATUS_CODES[status] as string;
  return JSON.stringify({ type: `/problems/${code}`, title, status, code });
}

/** Answers what is no HTTP with a problem and closes the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statuses[error.code ?? ""] ?? 400;
  const body = bodyOf(status);
  const fields = { ...headers, "content-length": body.length };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
  // A peer that never closes its side would hold the connection.
  setTimeout(() => socket.destroy(), 1000).unref();
}
