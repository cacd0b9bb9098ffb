/**
 * Answers on their way out through node:http.
 *
 * @module
 */
import type { ServerResponse } from "node:http";
import { type Answer, isStream } from "../index.ts";
import { readPast } from "./node-body.ts";
import { announced } from "./node-exchange.ts";

/** What the sending of an answer depends on. */
export interface SendOptions {
  /** How slowly an unwanted body may come in: see `bodyPeriod`. Milliseconds. */
  readonly period: number;
  /** How long a client may take nothing of an answer, in milliseconds. */
  readonly stall: number;
  /** Whether the client still waits for the word to send its body, and may never send it. */
  readonly isBodyHeldBack: boolean;
}

/** How much of a body that nobody wants is read past, so that the connection can be used again. */
const smallBody = 65_536;
/** How long a connection lingers on which an unwanted body is still coming, in milliseconds. */
const lingering = 2000;

/** Sends an answer. The body of the request may not have been read. */
export function sendAnswer(answer: Answer, response: ServerResponse, options: SendOptions): void {
  const { req } = response;
  // A request without a body may not be complete yet when its answer is there at once.
  const rest = req.complete ? 0 : announced(req);
  if (rest === 0) write(answer, response, options);
  else if (rest <= smallBody && !options.isBodyHeldBack && response.shouldKeepAlive) {
    readPast(req, options.period);
    write(answer, response, options);
  } else linger(answer, response, options);
}

/**
 * Ends the connection with the answer, but not before the client had time to read it: closed while
 * bytes come in, a connection is reset, and takes the answer with it.
 */
function linger(answer: Answer, response: ServerResponse, options: SendOptions): void {
  const last = answer.with({ connection: "close" });
  if (isStream(last.body)) return write(last, response, options);
  const { req } = response;
  response.writeHead(last.status, headersOf(last, req.method));
  if (last.body === null || req.method === "HEAD") response.flushHeaders();
  else response.write(typeof last.body === "string" ? Buffer.from(last.body) : last.body);
  const end = (): void => {
    clearTimeout(timer);
    req.off("end", end).off("close", end);
    response.end();
  };
  const timer = setTimeout(end, lingering);
  req.on("end", end).on("close", end).resume();
}

function write(answer: Answer, response: ServerResponse, { stall }: SendOptions): void {
  const { body } = answer;
  response.writeHead(answer.status, headersOf(answer, response.req.method));
  if (isStream(body)) void sendStream(body, response, stall);
  else {
    // Joined to text, node:http would write the headers as UTF-8 too.
    const isJoined = typeof body === "string" && !answer.isAscii;
    response.end(isJoined ? Buffer.from(body) : (body ?? undefined));
    // node:http cuts a connection whose time is over, and sets another time once all is sent.
    if (response.writableNeedDrain) response.socket?.setTimeout(stall);
  }
}

type Headers = Record<string, string | string[] | number>;

/** The headers with the length of a body that is there as a whole. */
function headersOf({ status, headers, body }: Answer, method: string | undefined): Headers {
  const all = headers as Headers;
  if (isStream(body)) return all;
  if (body !== null) return { ...all, "content-length": Buffer.byteLength(body) };
  // What HEAD leaves out may be of any length: nothing is told of what is not known.
  const mayHaveLength = method !== "HEAD" && status !== 204 && status !== 304;
  return mayHaveLength && !("content-length" in all) ? { ...all, "content-length": 0 } : all;
}

/** Sends chunks as they come, no faster than the client takes them; a failure cuts the connection. */
async function sendStream(
  body: AsyncIterable<Uint8Array | string>,
  response: ServerResponse,
  stall: number,
): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  // A source that waits for its next chunk is told at once that the client has gone.
  const stop = (): void => void iterator.return?.().catch(() => undefined);
  response.once("close", stop);
  // A client learns that there is an answer also where the first chunk is long in coming.
  const early = setImmediate(() => response.flushHeaders());
  try {
    for await (const chunk of { [Symbol.asyncIterator]: () => iterator }) {
      clearImmediate(early);
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response, stall);
    }
    response.off("close", stop).end();
  } catch (error) {
    const cause = error instanceof Error ? error : new Error("The stream failed");
    // What came before it still goes out: node:http sends at the end of a turn.
    setImmediate(() => cut(response, cause));
  } finally {
    clearImmediate(early);
  }
}

/** Ends a connection in the middle of an answer. */
function cut(response: ServerResponse, cause: Error): void {
  // Without chunks (HTTP/1.0), only a reset tells a client that it has not got all.
  if (!response.chunkedEncoding) response.socket?.resetAndDestroy();
  response.destroy(cause);
}

function drained(response: ServerResponse, stall: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.socket?.setTimeout(0);
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.socket?.setTimeout(stall);
    response.on("drain", done).on("close", done);
  });
}
