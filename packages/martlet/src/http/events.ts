/**
 * Server-sent events as a representation: a connection on which a server says what happens.
 *
 * @module
 */
import { Unavailable } from "../errors.ts";
import type { JsonSchema } from "../openapi/document.ts";
import { Invalid } from "../params/param.ts";
import { isSchema, validator } from "../schema.ts";
import type { AnySchema, Shape } from "../standard.ts";
import {
  type EventModels,
  type EventParts,
  eventText,
  type ReceivedEvents,
  type SentEvent,
} from "./event.ts";
import { EventStream } from "./event-stream.ts";
import { itemsIn } from "./items.ts";
import { jsonText } from "./json-text.ts";
import { openStream, yielded } from "./opening.ts";
import { type ContentDescriber, type Representation, ResponseMismatch } from "./representation.ts";
import { isStreamed, mapped, type Streamed } from "./stream.ts";

/** What a stream of events may be told. */
export interface EventsOptions {
  /**
   * After how many milliseconds without an event a comment is sent, so that proxies keep the
   * connection and a client that is gone is found; 0 for never.
   *
   * @default 15000
   */
  readonly heartbeat?: number;
}

/** How long the first event is waited for before the headers go out, in milliseconds. */
const patience = 500;

const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  // nginx would hold events back until it has a page of them.
  "x-accel-buffering": "no",
};

/**
 * A stream of server-sent events, `text/event-stream`, which browsers read with `EventSource`. The
 * handler is a generator that yields events: `{ data }` for one model, `{ event, data }` for several.
 * The data is checked and filtered by its model and sent as JSON.
 *
 * The answer begins with the first event, or after half a second: a problem that is thrown before has
 * its own status. What goes wrong later cuts the connection and is reported. Once the server begins to
 * stop, the generator is ended and the stream with it, so that clients connect to another.
 *
 * @example
 * ```ts
 * import { events, get, martlet } from "martlet";
 * import { z } from "zod";
 *
 * const Price = z.object({ symbol: z.string(), price: z.number() });
 * const Halt = z.object({ symbol: z.string() });
 * const watch = get("/prices", { returns: events({ price: Price, halt: Halt }) }, async function* () {
 *   yield { event: "price", data: { symbol: "MRT", price: 7.5 }, id: "1" };
 *   yield { event: "halt", data: { symbol: "MRT" }, id: "2" };
 * });
 * const response = await martlet({ watch }).fetch(new Request("http://localhost/prices"));
 * expect(await response.text()).toContain('event: halt\nid: 2\ndata: {"symbol":"MRT"}\n\n');
 * ```
 */
export function events<M extends EventModels>(
  models: M,
  { heartbeat = 15_000 }: EventsOptions = {},
): Representation<Streamed<SentEvent<M>>, AsyncIterable<ReceivedEvents<M>>> {
  return {
    describe: (describer) => itemsIn("text/event-stream", itemOf(models, describer)),
    compile: ({ route }) => {
      const write = writer(models, route);
      return (value, status, request) => {
        if (!isStreamed(value)) throw new TypeError(`${route} returned nothing to iterate over`);
        const stream = new EventStream(mapped(yielded(value), write), heartbeat);
        request.exchange.whenStopping?.(() => {
          void stream.return().catch(() => undefined);
          // Whatever the generator waits for ends too.
          request.abort(new Unavailable({}, { detail: "The server is stopping." }));
        });
        return openStream(stream, { status, headers, request, patience });
      };
    },
  };
}

/** An event as it comes from a handler, its types no longer of interest. */
interface AnyEvent extends EventParts {
  readonly data?: unknown;
  readonly raw?: string;
}

/** Prepares the text of what a handler yields. */
function writer(models: EventModels, route: string): (item: unknown) => Promise<string> {
  const write = dataWriters(models, route);
  return async (item) => {
    const event = item as AnyEvent | null | undefined;
    if (typeof event !== "object" || event === null) throw noEvent(route);
    const { comment, event: name, id, retry, raw } = event;
    const text = "data" in event ? await write(name, event.data) : raw;
    const isSilent = text === undefined && name === undefined;
    if (text === undefined && (!isSilent || Object.keys(event).length === 0)) throw noEvent(route);
    return eventText({ comment, event: name, id, retry, text });
  };
}

function noEvent(route: string): TypeError {
  return new TypeError(`${route} yielded no event: neither \`data\` nor \`raw\` is there`);
}

type WriteData = (name: string | undefined, data: unknown) => Promise<string>;

/** Prepares the JSON of data, for the model of each name. */
function dataWriters(models: EventModels, route: string): WriteData {
  const one = (model: AnySchema): ((data: unknown) => Promise<string>) => {
    const validate = validator(model, ["response", "data"]);
    const write = jsonText(model);
    return async (data) => {
      const result = await validate(data);
      if (result instanceof Invalid) throw new ResponseMismatch(route, result.issues);
      return write(result);
    };
  };
  if (isSchema(models)) {
    const write = one(models);
    return (_name, data) => write(data);
  }
  const byName = new Map(Object.entries(models as Shape).map(([name, each]) => [name, one(each)]));
  return async (name = "message", data) => {
    const write = byName.get(name);
    if (write === undefined) throw new TypeError(`${route} yielded an event without a model`);
    return write(data);
  };
}

/** One event, as OpenAPI 3.2 tells it (section 4.14.5): its data is JSON inside of text. */
function itemOf(models: EventModels, { schema }: ContentDescriber): JsonSchema {
  const told = (model: AnySchema): JsonSchema => ({
    type: "string",
    contentMediaType: "application/json",
    contentSchema: schema(model),
  });
  const fields = {
    type: "object",
    properties: {
      event: { type: "string" },
      data: { type: "string" },
      id: { type: "string" },
      retry: { type: "integer", minimum: 0 },
    },
  };
  if (isSchema(models)) {
    return { ...fields, properties: { ...fields.properties, data: told(models) } };
  }
  const kinds = Object.entries(models as Shape).map(([name, model]) => ({
    properties: { event: { const: name }, data: told(model) },
    required: ["event", "data"],
  }));
  return { ...fields, oneOf: kinds };
}
