/**
 * Requests and answers of node:http as exchanges.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, type Exchange, type IncomingBody, RequestTimeout } from "../index.ts";

/** The least that a body must bring in one period, in bytes, lest the client only holds the socket. */
const leastBytes = 1000;
/** How long a period of a body is, in milliseconds. */
const period = 8000;

/** A request of node:http. */
export class NodeExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly #message: IncomingMessage;
  #body: IncomingBody | undefined;

  constructor(message: IncomingMessage) {
    this.method = message.method ?? "GET";
    this.target = message.url ?? "/";
    this.rawHeaders = message.rawHeaders;
    this.#message = message;
  }

  get address(): string | undefined {
    return this.#message.socket.remoteAddress;
  }

  get body(): IncomingBody | undefined {
    if (this.#body !== undefined || announced(this.rawHeaders) === 0) return this.#body;
    const message = this.#message;
    this.#body = {
      bytes: (limit) => readAll(message, limit),
      stream: () => watched(message),
    };
    return this.#body;
  }
}

/** The bytes of the body that the headers announce (RFC 9112 section 6); infinite when chunked. */
export function announced(rawHeaders: readonly string[]): number {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 17 && name.toLowerCase() === "transfer-encoding") return Infinity;
    if (name.length === 14 && name.toLowerCase() === "content-length") {
      return Number(rawHeaders[index + 1]);
    }
  }
  return 0;
}

function readAll(message: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const pace = watchPace((error) => settle(() => reject(error)));
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      pace.add(chunk.length);
      if (size > limit) settle(() => resolve(undefined));
      else chunks.push(chunk);
    };
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    const onClose = (): void => settle(() => reject(new Error("The client has gone")));
    const settle = (then: () => void): void => {
      pace.stop();
      message.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      then();
    };
    message.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

async function* watched(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  const pace = watchPace((error) => message.destroy(error));
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      pace.add(chunk.length);
      yield chunk;
    }
  } finally {
    pace.stop();
  }
}

interface Pace {
  readonly add: (bytes: number) => void;
  readonly stop: () => void;
}

/** Fails a body that comes in too slowly: a rate, not a fixed time, lets slow lines finish. */
function watchPace(fail: (error: Error) => void): Pace {
  let received = 0;
  const timer = setInterval(() => {
    if (received < leastBytes) {
      fail(
        new RequestTimeout(
          {},
          { detail: "The body comes in too slowly.", headers: { connection: "close" } },
        ),
      );
    }
    received = 0;
  }, period);
  return { add: (bytes) => void (received += bytes), stop: () => clearInterval(timer) };
}

/** Sends an answer. */
export function sendAnswer(answer: Answer, response: ServerResponse): void {
  const { status, headers, body } = answer;
  if (typeof body === "string" || body instanceof Uint8Array) {
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    response.writeHead(status, withLength(headers, length));
    response.end(body);
  } else if (body === null) {
    const length =
      mayHaveLength(status) && !("content-length" in headers) ? withLength(headers, 0) : headers;
    response.writeHead(status, length as Record<string, string | string[]>);
    response.end();
  } else {
    response.writeHead(status, headers as Record<string, string | string[]>);
    void sendStream(body, response);
  }
}

function withLength(
  headers: Answer["headers"],
  length: number,
): Record<string, string | string[] | number> {
  return { ...(headers as Record<string, string | string[]>), "content-length": length };
}

function mayHaveLength(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304;
}

/** Sends chunks as they come, no faster than the client takes them; a failure cuts the connection. */
async function sendStream(
  body: AsyncIterable<Uint8Array | string>,
  response: ServerResponse,
): Promise<void> {
  try {
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch (error) {
    response.destroy(error instanceof Error ? error : new Error("The stream failed"));
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}
