/**
 * Messages of sockets: read and checked on their way in, filtered by their model on their way out.
 *
 * @module
 */
import { InvalidInput, type Issue, MalformedBody } from "../errors.ts";
import { parseJsonText } from "../http/json.ts";
import { jsonText } from "../http/json-text.ts";
import { ResponseMismatch } from "../http/representation.ts";
import type { Frame, MessageKind } from "../http/upgrade.ts";
import { Invalid } from "../params/param.ts";
import { validator } from "../schema.ts";
import type { AnySchema, MaybePromise } from "../standard.ts";
import { type Closing, policyViolation, unsupportedData } from "./socket-close.ts";
import { messageKind } from "./socket-data.ts";

/** A message that is refused, and with it its connection. */
export class RefusedMessage {
  readonly closing: Closing;

  constructor(closing: Closing) {
    this.closing = closing;
  }
}

/** Reads the messages of a model; gives a {@link RefusedMessage} for one that does not fit. */
export function messageReader(
  model: AnySchema | undefined,
): (frame: Frame) => MaybePromise<unknown> {
  const kind = messageKind(model);
  const validate = model && validator(model, ["message"], "json");
  return (frame) => {
    const isText = typeof frame === "string";
    if (isText === (kind === "binary")) return new RefusedMessage(unsupportedData(kind));
    if (!isText || kind !== "json" || validate === undefined) return frame;
    const value = parsed(frame);
    if (value instanceof RefusedMessage) return value;
    const result = validate(value);
    return result instanceof Promise ? result.then(settled) : settled(result);
  };
}

function settled(result: unknown): unknown {
  return result instanceof Invalid ? refusal(result.issues) : result;
}

function parsed(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (error instanceof MalformedBody) {
      return refusal([{ loc: ["message"], code: "malformed", message: "This is not valid JSON." }]);
    }
    if (!(error instanceof InvalidInput)) throw error;
    const [{ loc, ...issue }] = error.extension.errors as [Issue];
    return refusal([{ ...issue, loc: ["message", ...loc.slice(1)] }]);
  }
}

function refusal(issues: readonly Issue[]): RefusedMessage {
  return new RefusedMessage(policyViolation(issues));
}

/** Writes the messages of a model. Throws {@link ResponseMismatch} for one that does not fit. */
export function messageWriter(
  route: string,
  model: AnySchema | undefined,
): (message: unknown) => MaybePromise<Frame> {
  const kind = messageKind(model);
  if (model === undefined || kind !== "json") return (message) => plain(route, message, kind);
  const validate = validator(model, ["message"]);
  const write = jsonText(model);
  const settle = (result: unknown): string => {
    if (result instanceof Invalid) throw new ResponseMismatch(route, result.issues);
    return write(result);
  };
  return (message) => {
    const result = validate(message);
    return result instanceof Promise ? result.then(settle) : settle(result);
  };
}

function plain(route: string, message: unknown, kind: MessageKind): Frame {
  const fits = kind === "binary" ? message instanceof Uint8Array : typeof message === "string";
  if (fits) return message as Frame;
  const wanted = kind === "binary" ? "These must be bytes." : "This must be text.";
  throw new ResponseMismatch(route, [{ loc: ["message"], code: "type", message: wanted }]);
}
