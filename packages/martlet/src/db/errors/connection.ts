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
  "POOL_NONEONLINE",
  // postgres.js
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
]);

/** What `pg` and `mysql2` say of a connection that is over, for want of a code. */
const words =
  /^(?:Connection terminated|timeout expired$|Client has encountered a connection error|Client was closed|Query read timeout$|Cannot use a pool after|Pool is closed\.$|Can't write in closed state)|not queryable$|connection is in closed state$/;

/** What they say when there is none to be had. */
const exhausted: ReadonlySet<string> = new Set([
  "timeout exceeded when trying to connect",
  "No connections available.",
  "Queue limit reached.",
]);

/** Reads an error of a connection. */
export function connectionError(error: ForeignError): Reading | undefined {
  const { code, message } = error;
  if (error instanceof PoolExhausted || exhausted.has(message)) {
    return { kind: "pool-exhausted" };
  }
  if (error instanceof TransactionTimeout) return { kind: "statement-timeout" };
  const isLost = (typeof code === "string" && lost.has(code)) || words.test(message);
  return isLost ? { kind: "connection-lost" } : undefined;
}
