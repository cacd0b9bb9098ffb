/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): what a handler
 * yields, what a client gets, and the text between them.
 *
 * @module
 */
import type { Answered, Given } from "../answer-type.ts";
import type { AnySchema, Shape } from "../standard.ts";

/** What any event may have. */
export interface EventFields {
  /**
   * What a client that lost its connection sends as `Last-Event-ID`, to go on from there. One line,
   * in ASCII: a header has no other text.
   */
  readonly id?: string | undefined;
  /** How long the client waits before it connects again, in whole milliseconds. */
  readonly retry?: number | undefined;
  /** Text that no client shows to anybody. */
  readonly comment?: string | undefined;
}

/** An event of one of several kinds, with data that its model checks and filters, sent as JSON. */
export interface NamedEvent<Name extends string, Data> extends EventFields {
  readonly event: Name;
  readonly data: Data;
  readonly raw?: never;
}

/** An event of the one kind there is. */
export interface PlainEvent<Data> extends EventFields {
  /** @default "message" */
  readonly event?: string | undefined;
  readonly data: Data;
  readonly raw?: never;
}

/** An event with text that is sent as it is: `{ raw: "[DONE]" }`. */
export interface RawEvent extends EventFields {
  /** @default "message" */
  readonly event?: string | undefined;
  readonly raw: string;
  readonly data?: never;
}

/** Fields alone, of which clients tell nobody: a comment, another `retry`, an `id` to remember. */
export interface SilentEvent extends EventFields {
  readonly event?: never;
  readonly data?: never;
  readonly raw?: never;
}

/** The models of events: one, or one for each name. */
export type EventModels = AnySchema | Shape;

/** What a handler yields. */
export type SentEvent<M> = DataEvents<M> | RawEvent | SilentEvent;

type DataEvents<M> = M extends AnySchema
  ? PlainEvent<Given<M>>
  : { [K in keyof M & string]: NamedEvent<K, Given<M[K]>> }[keyof M & string];

/** An event as a client gets it. */
export interface ReceivedEvent<Name extends string, Data> {
  readonly event: Name;
  /** The data; the text itself where that is no JSON, as `raw` may be. */
  readonly data: Data;
  /** The last `id` that the stream has told; empty before there is one. */
  readonly id: string;
}

/** The events that a client gets. */
export type ReceivedEvents<M> = M extends AnySchema
  ? ReceivedEvent<string, Answered<M>>
  : { [K in keyof M & string]: ReceivedEvent<K, Answered<M[K]>> }[keyof M & string];

/** What an event is written from. */
export interface EventParts extends EventFields {
  readonly event?: string | undefined;
  /** The data as text. */
  readonly text?: string | undefined;
}

const lineBreak = /\r\n|[\r\n]/;

/**
 * The text of an event (section 9.2.5), with the blank line that ends it.
 *
 * @throws {TypeError} when a field holds what would end it, or begin another
 */
export function eventText({ comment, event, id, retry, text }: EventParts): string {
  let lines = "";
  for (const each of linesOf(comment)) lines += `: ${each}\n`;
  if (event !== undefined) lines += `event: ${oneLine("event", event)}\n`;
  if (id !== undefined) lines += `id: ${oneLine("id", id)}\n`;
  if (retry !== undefined) lines += `retry: ${whole(retry)}\n`;
  for (const each of linesOf(text)) lines += `data: ${each}\n`;
  return `${lines}\n`;
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(lineBreak);
}

function oneLine(field: string, value: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (typeof value === "string" && !/[\u0000\r\n]/.test(value)) return value;
  throw new TypeError(`The ${field} of an event must be text of one line, without NUL`);
}

function whole(retry: number): number {
  if (Number.isSafeInteger(retry) && retry >= 0) return retry;
  throw new TypeError("The retry of an event must be a whole number of milliseconds");
}
