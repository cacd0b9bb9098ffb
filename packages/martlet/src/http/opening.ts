/**
 * Openings: a stream is answered once its first chunk is there, so that what goes wrong before has
 * an answer of its own.
 *
 * @module
 */
import { HttpProblem } from "../errors.ts";
import { Answer, type AnswerHeaders } from "./answer.ts";
import type { HttpRequest } from "./request.ts";
import { type Chunk, iteratorOf, type Streamed } from "./stream.ts";

/** What a stream is answered with. */
export interface Opening {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly request: HttpRequest;
  /** How long the first chunk is waited for, in milliseconds. @default until the deadline */
  readonly patience?: number;
}

/** The items that a handler yields; a problem that its generator returns is thrown. */
export function yielded<T>(source: Streamed<T>): AsyncIterator<T> {
  const iterator = iteratorOf(source);
  return {
    next: async () => {
      const result = await iterator.next();
      if (result.done === true && result.value instanceof HttpProblem) throw result.value;
      return result;
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
}

/** Answers with a stream. Throws what is thrown before its first chunk. HEAD starts no source. */
export async function openStream(chunks: AsyncIterator<Chunk>, opening: Opening): Promise<Answer> {
  const { status, headers, request, patience } = opening;
  if (request.method === "HEAD") return new Answer(status, headers, bodyOf(chunks));
  const before = request.draft?.status;
  const first = chunks.next();
  const end = (): Promise<unknown> => Promise.resolve(chunks.return?.()).catch(() => undefined);
  const leave = (): void => void end();
  if (request.signal.aborted) leave();
  request.signal.addEventListener("abort", leave);
  try {
    await (patience === undefined ? first : within(patience, first));
  } catch (error) {
    await end();
    throw error;
  } finally {
    request.signal.removeEventListener("abort", leave);
  }
  // What a generator sets before its first chunk is a part of the answer, as with any handler.
  const late = request.draft?.status;
  const settled = late === undefined || late === before ? status : late;
  return new Answer(settled, headers, bodyOf(chunks, first));
}

function bodyOf(
  chunks: AsyncIterator<Chunk>,
  first?: Promise<IteratorResult<Chunk>>,
): AsyncIterable<Chunk> {
  let left = first;
  // It may never be read: then nobody need hear that it failed.
  left?.catch(() => undefined);
  const iterator: AsyncIterator<Chunk> = {
    next: () => {
      const next = left ?? chunks.next();
      left = undefined;
      return next;
    },
    return: async () => (await chunks.return?.()) ?? { done: true, value: undefined },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Waits for `work`, but no longer than so many milliseconds. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, milliseconds);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
