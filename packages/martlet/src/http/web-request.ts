/**
 * Requests and answers as the web's own `Request` and `Response`, for what speaks nothing else.
 *
 * @module
 */
import { Answer, isBodyless } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import type { HttpRequest } from "./request.ts";

/** The address that a client asked for, as far as the request tells: `"http://shop.example"`. */
export function originOf({ scheme = "http", rawHeaders }: Exchange): string {
  const index = rawHeaders.findIndex((each, at) => at % 2 === 0 && /^host$/i.test(each));
  const host = index < 0 ? "" : (rawHeaders[index + 1] ?? "");
  return `${scheme}://${/^[\w.:[\]-]+$/.test(host) ? host : "localhost"}`;
}

/** A request as a web `Request`; its body can be read once, here or there. */
export function webRequest(request: HttpRequest): Request {
  const { method, exchange, path, search, signal } = request;
  const headers = new Headers();
  for (let index = 0; index < exchange.rawHeaders.length; index += 2) {
    headers.append(exchange.rawHeaders[index] as string, exchange.rawHeaders[index + 1] as string);
  }
  const target = search === "" ? path : `${path}?${search}`;
  const body = exchange.body && streamOf(exchange.body.stream());
  return new Request(`${originOf(exchange)}${target}`, {
    method,
    headers,
    signal,
    // A stream is sent while the answer may already come.
    ...(body !== undefined && { body, duplex: "half" }),
  });
}

function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** A web `Response` as an answer. */
export function answerOf(response: Response): Answer {
  const { status, headers, body } = response;
  const told: Record<string, string | readonly string[]> = Object.fromEntries(headers);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) told["set-cookie"] = cookies;
  return new Answer(status, told, isBodyless(status) ? null : body);
}
