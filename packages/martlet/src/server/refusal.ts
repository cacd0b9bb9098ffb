/**
 * Refusals: what a client is told whose bytes are no request, before there is an exchange.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { type Answer, type App, HttpProblem } from "../index.ts";
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

/** A problem that ends its connection, told as the application tells problems. */
export function refusal(app: App<unknown>, status: number): Answer {
  const code = codes[status] as string;
  const title = http.STATUS_CODES[status] as string;
  const problem = new HttpProblem(
    { status, code, title },
    {},
    { headers: { connection: "close" } },
  );
  return app.refuse(problem);
}

/** Answers what is no HTTP with a problem and closes the connection. */
export function refuseConnection(
  app: App<unknown>,
  error: NodeJS.ErrnoException,
  socket: Duplex,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = refusal(app, statuses[error.code ?? ""] ?? 400);
  const text = typeof body === "string" ? body : "";
  const fields = { ...headers, "content-length": Buffer.byteLength(text) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join("")}\r\n${text}`);
  // A peer that never closes its side would hold the connection.
  setTimeout(() => socket.destroy(), 1000).unref();
}
