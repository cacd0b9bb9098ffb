/**
 * The web's `Request` and `Response` in front of an application: how Bun, Deno, workers and tests
 * call it.
 *
 * @module
 */
import type { MaybePromise } from "../standard.ts";
import { type Answer, isBodyless, isStream } from "./answer.ts";
import { joined } from "./chunks.ts";
import type { Exchange, IncomingBody } from "./exchange.ts";
import { HttpRequest } from "./request.ts";

/**
 * A web request as the exchange of a server adapter.
 *
 * @example
 * ```ts
 * import { exchangeOf } from "martlet";
 *
 * const exchange = exchangeOf(new Request("http://localhost/items?limit=5"));
 * expect(exchange.target).toBe("/items?limit=5");
 * ```
 */
export function exchangeOf(request: Request, address?: string): Exchange {
  const start = request.url.indexOf("/", request.url.indexOf("://") + 3);
  const rawHeaders: string[] = [];
  for (const [name, value] of request.headers) rawHeaders.push(name, value);
  // A request that no server has received has its host in the address alone.
  if (!request.headers.has("host")) rawHeaders.push("host", hostOf(request.url));
  return {
    method: request.method,
    target: start < 0 ? "/" : request.url.slice(start),
    scheme: request.url.startsWith("https:") ? "https" : "http",
    rawHeaders,
    body: request.body === null ? undefined : bodyOf(request.body),
    address,
  };
}

function hostOf(url: string): string {
  return /^[^:]*:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(url)?.[1] ?? "";
}

function bodyOf(body: ReadableStream<Uint8Array>): IncomingBody {
  return {
    stream: () => chunksOf(body),
    bytes: async (limit) => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of chunksOf(body)) {
        size += chunk.length;
        if (size > limit) return undefined;
        chunks.push(chunk);
      }
      return joined(chunks, size);
    },
  };
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    void discard(reader).catch(() => undefined);
  }
}

/** How many bytes of a body that nobody wants are read past, before its source is told to stop. */
const readPast = 8 * 1024 * 1024;

/** Lets go of a body. Node fills the stream of a form eagerly, and fails when it is cut short. */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let left = readPast; left > 0;) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.length;
  }
  await reader.cancel();
}

/** Where a request runs whose platform ends a worker once it has answered. */
export interface WebContext {
  /** Keeps the worker until the work is done. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** The context among what a platform hands in beside a request: `(request, env, context)`. */
function contextOf(platform: readonly unknown[]): WebContext | undefined {
  return platform.find(
    (each): each is WebContext =>
      typeof each === "object" &&
      each !== null &&
      "waitUntil" in each &&
      typeof each.waitUntil === "function",
  );
}

/** Answers a web request; a client that goes before there is an answer aborts the request. */
export async function answerWeb(
  request: Request,
  handle: (request: HttpRequest) => MaybePromise<Answer>,
  platform: readonly unknown[] = [],
): Promise<Response> {
  let forget: (() => void) | undefined;
  const whenGone = (tell: () => void): void => {
    request.signal.addEventListener("abort", tell);
    forget = () => request.signal.removeEventListener("abort", tell);
  };
  const incoming = new HttpRequest({ ...exchangeOf(request), whenGone });
  try {
    const answer = await handle(incoming);
    keepWork(incoming, contextOf(platform));
    return responseOf(answer, incoming);
  } finally {
    // Deno aborts the signal of every request, also once it is answered.
    forget?.();
  }
}

/** Lets a platform wait for the work after an answer. */
function keepWork(request: HttpRequest, context: WebContext | undefined): void {
  const { finish } = request;
  if (finish === undefined || context === undefined) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  request.finish = () => {
    const work = finish();
    resolve(work);
    return work;
  };
  context.waitUntil(promise);
}

/**
 * An answer as a web response; what waits for it to be sent runs once its body has been read.
 *
 * @example
 * ```ts
 * import { exchangeOf, HttpRequest, responseOf, text } from "martlet";
 *
 * const request = new HttpRequest(exchangeOf(new Request("http://localhost/")));
 * expect(await responseOf(text("pong"), request).text()).toBe("pong");
 * ```
 */
export function responseOf(answer: Answer, request: HttpRequest): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const each of [value].flat()) headers.append(name, each);
  }
  const { status, body } = answer;
  if (isStream(body) && !isBodyless(status)) {
    return new Response(streamOf(body, request), { status, headers });
  }
  void finish(request);
  if (isStream(body)) answer.cancel();
  const sent = isStream(body) || isBodyless(status) ? null : body;
  // The types of the web want to know that no other thread shares the bytes.
  return new Response(sent as string | Uint8Array<ArrayBuffer> | null, { status, headers });
}

async function finish(request: HttpRequest): Promise<void> {
  // The answer is handed over first: nothing that waits for it may run before.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await request.finish?.();
}

function streamOf(
  body: AsyncIterable<Uint8Array | string>,
  request: HttpRequest,
): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done === true) {
          controller.close();
          await finish(request);
        } else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
      } catch (error) {
        controller.error(error);
        await finish(request);
      }
    },
    async cancel() {
      request.abort(new Error("The client has gone"));
      // Whoever left does not wait for what the stream has to tidy up.
      void iterator.return?.().catch(() => undefined);
      void finish(request);
    },
  });
}
