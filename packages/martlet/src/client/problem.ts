/**
 * Problems as the client receives them: what the server declares, what every server may say, and
 * what goes wrong before a server has said anything.
 *
 * @module
 */
import type { Issue, ProblemClass } from "../index.ts";
import type { Json } from "./json.ts";

/** The members that every problem has (RFC 9457 section 3.1); `code` tells problems apart. */
export interface ProblemBody<Status extends number, Code extends string> {
  readonly type: string;
  /** What kind of problem this is, for people. */
  readonly title: string;
  readonly status: Status;
  readonly code: Code;
  /** What is wrong in this one case, for people. */
  readonly detail?: string;
  readonly instance?: string;
}

/** Input that does not fit, with every issue found. */
export interface InvalidInputBody extends ProblemBody<422, "invalid-input"> {
  readonly errors: readonly Issue[];
}

/** No answer at all: the network failed, time was over or the caller aborted. */
export interface Unreachable extends ProblemBody<0, "unreachable"> {
  readonly reason: "network" | "timeout" | "aborted";
  /** What `fetch` threw. */
  readonly cause: unknown;
}

/** An answer that is neither a success nor a problem document: a proxy's error page, for one. */
export interface UnexpectedAnswer extends ProblemBody<number, "unexpected-answer"> {
  /** The body: parsed if it is JSON, else text or a `Blob`. */
  readonly body: unknown;
}

/** The problems that no route declares and any call may end with. */
export type AlwaysPossible =
  | ProblemBody<400, "bad-request">
  | ProblemBody<400, "malformed-body">
  | ProblemBody<401, "unauthorized">
  | ProblemBody<404, "not-found">
  | ProblemBody<405, "method-not-allowed">
  | ProblemBody<413, "content-too-large">
  | ProblemBody<415, "unsupported-media-type">
  | InvalidInputBody
  | ProblemBody<500, "internal">
  | ProblemBody<503, "unavailable">
  | Unreachable
  | UnexpectedAnswer;

/** A declared problem as it arrives: its extension members stand beside the others. */
export type Declared<E> =
  E extends ProblemClass<infer Status, infer Code, infer Extension>
    ? keyof Extension extends never
      ? ProblemBody<Status, Code>
      : ProblemBody<Status, Code> & { readonly [K in keyof Extension]: Json<Extension[K]> }
    : never;
