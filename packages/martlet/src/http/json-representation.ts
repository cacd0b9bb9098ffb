/**
 * JSON, the representation of what has no other: a model that filters and checks, then JSON or what
 * one of the application's codecs writes.
 *
 * @module
 */
import type { Answered, Given } from "../answer-type.ts";
import { Invalid } from "../params/param.ts";
import { validator } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import { Answer, jsonHeaders } from "./answer.ts";
import type { Codec } from "../source.ts";
import { preferred } from "./codec.ts";
import { jsonText } from "./json-text.ts";
import { omission, type Omission } from "./omission.ts";
import {
  type Representation,
  type RepresentationPlace,
  ResponseMismatch,
  type Write,
} from "./representation.ts";
import type { HttpRequest } from "./request.ts";

/** What JSON may be told. */
export interface JsonOptions {
  /** Which members are left out, at any depth. @default none */
  readonly omit?: Omission;
}

/**
 * A model as JSON, without the members that need not be sent: those that are `null`, those that have
 * their default, or those that the handler did not set.
 *
 * @example
 * ```ts
 * import { get, json, martlet } from "martlet";
 * import { z } from "zod";
 *
 * const Item = z.object({ name: z.string(), tax: z.number().default(10) });
 * const read = get("/", { returns: json(Item, { omit: "unset" }) }, () => ({ name: "Foo" }));
 * const app = martlet({ read });
 * const response = await app.fetch(new Request("http://localhost/"));
 * expect(await response.json()).toEqual({ name: "Foo" });
 * ```
 */
export function json<M extends AnySchema>(
  model: M,
  options: JsonOptions = {},
): Representation<Given<M>, Partially<Answered<M>>> {
  return jsonOf(model, options);
}

/** What is left of a value when members may be left out of it. */
export type Partially<T> = T extends readonly (infer Item)[]
  ? Partially<Item>[]
  : T extends object
    ? { [K in keyof T]?: Partially<T[K]> }
    : T;

/** JSON of a model, or of whatever comes where there is no model. */
export function jsonOf(
  model: AnySchema | undefined,
  { omit }: JsonOptions = {},
): Representation<unknown, never> {
  return {
    describe: ({ schema, codecs }) => {
      const told = model === undefined ? {} : schema(model);
      const types = ["application/json", ...codecs.map((each) => each.mediaType)];
      return Object.fromEntries(types.map((each) => [each, { schema: told }]));
    },
    compile: (place) => writer(model, omit, place),
  };
}

function writer(
  model: AnySchema | undefined,
  omit: Omission | undefined,
  { route, codecs }: RepresentationPlace,
): Write {
  const validate = model && validator(model, ["response"]);
  const leaveOut = omit && model && omission(omit, model);
  const write = answerOf(model, codecs);
  if (validate === undefined) return write;
  const kept = (result: unknown, value: unknown): unknown => {
    if (result instanceof Invalid) throw new ResponseMismatch(route, result.issues);
    return leaveOut === undefined ? result : leaveOut(result, value);
  };
  return (value, status, request) => {
    const result = validate(value);
    return result instanceof Promise
      ? result.then((late: unknown) => write(kept(late, value), status, request))
      : write(kept(result, value), status, request);
  };
}

type Writer = (value: unknown, status: number, request: HttpRequest) => Answer;

/** Writes values that have been validated. */
function answerOf(model: AnySchema | undefined, codecs: readonly Codec[]): Writer {
  const write = jsonText(model);
  const plain: Writer = (value, status) => new Answer(status, jsonHeaders, write(value));
  if (codecs.length === 0) return plain;
  return (value, status, request) => {
    const codec = preferred(request.header("accept"), codecs);
    const vary = { vary: "accept" };
    if (codec === undefined) return plain(value, status, request).with(vary);
    return new Answer(status, { "content-type": codec.mediaType, ...vary }, codec.encode(value));
  };
}
