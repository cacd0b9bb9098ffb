/**
 * The errors of connections: lost, refused, or not to be had in time.
 *
 * @module
 */
import { PoolExhausted, TransactionTimeout } from "../own-errors.ts";
import type { ForeignError, Reading } from "./reading.ts";

const lost: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  // mysql2
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  // postgres.js
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
]);

/** What `pg` and `mysql2` say of a connection that is over, for want of a code. */
const words =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|Cannot use a pool after)|not queryable|connection is in closed state|Connection lost/i;

/** Reads an error of a connection. */
export function connectionError(error: ForeignError): Reading | undefined {
  const { code, message } = error;
  if (error instanceof PoolExhausted || message === "timeout exceeded when trying to connect") {
    return { kind: "pool-exhausted" };
  }
  if (error instanceof TransactionTimeout) return { kind: "statement-timeout" };
  const isLost = (typeof code === "string" && lost.has(code)) || words.test(message);
  return isLost ? { kind: "connection-lost" } : undefined;
}
