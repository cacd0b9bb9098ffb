/**
 * Representations: how what a handler returns is written, and what the document says of it.
 *
 * @module
 */
import type { Issue } from "../errors.ts";
import type { Content, JsonSchema } from "../openapi/document.ts";
import type { AnySchema, MaybePromise } from "../standard.ts";
import type { Answer } from "./answer.ts";
import type { Codec } from "../source.ts";
import type { HttpRequest } from "./request.ts";

/**
 * What stands in `returns` where an outcome is more than a model as JSON: a stream, a page, bytes.
 *
 * `Value` is what the handler returns, `Sent` what the client gets.
 */
export interface Representation<in Value, out Sent> {
  /** What the handler may return; for the types alone. */
  readonly "~value"?: (value: Value) => void;
  /** What a typed client gets; for the types alone. */
  readonly "~sent"?: Sent;
  /** Tells the document the content of the response. Called once for each document. */
  readonly describe: (describer: ContentDescriber) => Content;
  /** Prepares the writer. Called once for each route, at start. */
  readonly compile: (place: RepresentationPlace) => Write;
}

/** A representation whose types are no longer of interest. */
export type AnyRepresentation = Representation<never, unknown>;

/** What a representation may ask of the document that is being written. */
export interface ContentDescriber {
  /** The JSON Schema of what a model gives: a reference where the model has a name. */
  readonly schema: (model: AnySchema) => JsonSchema;
  /** The codecs of the application. */
  readonly codecs: readonly Codec[];
}

/** Where a representation is used. */
export interface RepresentationPlace {
  /** The route, for messages: `"GET /items"`. */
  readonly route: string;
  readonly codecs: readonly Codec[];
}

/** Writes what the handler returned. Throws {@link ResponseMismatch} where it does not fit. */
export type Write = (value: unknown, status: number, request: HttpRequest) => MaybePromise<Answer>;

/** Whether a value is a representation. */
export function isRepresentation(value: unknown): value is AnyRepresentation {
  return typeof value === "object" && value !== null && "describe" in value && "compile" in value;
}

/**
 * A value that does not fit the model that the route declares: the server's failure, answered as
 * 500 without a word of the value.
 *
 * @example
 * ```ts
 * import { ResponseMismatch } from "martlet";
 *
 * const mismatch = new ResponseMismatch("GET /items/{id}", [
 *   { loc: ["response", "price"], code: "missing", message: "This is required." },
 * ]);
 * expect(mismatch.message).toContain("response.price");
 * ```
 */
export class ResponseMismatch extends Error {
  override readonly name = "ResponseMismatch";
  readonly issues: readonly Issue[];

  constructor(route: string, issues: readonly Issue[]) {
    const lines = issues.map((each) => `  ${each.loc.join(".")}: ${each.message}`);
    super(`${route} returned what its response model refuses:\n${lines.join("\n")}`);
    this.issues = issues;
  }
}
