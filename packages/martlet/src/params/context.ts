/**
 * What the framework itself offers to handlers and dependencies: declared in `use` like any other
 * dependency, so that nothing is ambient.
 *
 * @module
 */
import type { Background, BodySource, HttpSource, ResponseDraft } from "../source.ts";
import type { Param } from "./param.ts";

/** The request itself: method, path, headers, cookies. */
export const request: Param<BodySource, HttpSource> = offered(
  // Whatever is read from is a whole request; that of a socket has no body in it.
  (source) => source as BodySource,
);

/** Status, headers and cookies of the answer. */
export const response: Param<ResponseDraft, HttpSource> = offered((source) => source.response);

/** Adds work to do after the answer is sent: `background(() => sendMail(user))`. */
export const background: Param<Background, HttpSource> = offered((source) => source.background);

/** Aborted when the client has gone, the deadline is over or the server stops. */
export const signal: Param<AbortSignal, HttpSource> = offered((source) => source.signal);

/** The security scopes that are required here, outermost first: `["items", "items:write"]`. */
export const scopes: Param<readonly string[], unknown> = {
  kind: "scopes",
  phase: "call",
  describe: () => {},
  compile: (_name, compiler) => {
    const required = compiler.scopes;
    return () => required;
  },
};

function offered<Value>(pick: (source: HttpSource) => Value): Param<Value, HttpSource> {
  return { kind: "context", phase: "call", describe: () => {}, compile: () => pick };
}
