/**
 * What the body parameters of one plan share: who reads the body, and how large it may be.
 *
 * @module
 */
import type { FileLimits } from "../source.ts";
import type { Compiler } from "./param.ts";

/** Bytes of a JSON body, or of all text fields of a form, unless the route says otherwise: 1 MiB. */
const defaultBodyLimit = 1024 * 1024;

/** The limits of one plan's body, filled in while it compiles. */
export interface BodyLimits {
  text: number;
  readonly files: Record<string, FileLimits>;
}

/** The limits that all body parameters of the plan share. */
export function limitsOf(compiler: Compiler): BodyLimits {
  return compiler.shared(limitsKey, () => ({ text: defaultBodyLimit, files: {} }));
}

/** A limit of the text of a body, for the plan of one route. */
export function bodyLimit(text: number | undefined): ReadonlyMap<symbol, unknown> {
  const limits: BodyLimits = { text: text ?? defaultBodyLimit, files: {} };
  return new Map([[limitsKey, limits]]);
}

/** Claims the body for one use; a plan that has two uses for it is at fault. */
export function takeBody(use: BodyUse, compiler: Compiler): void {
  const taken = compiler.shared(takenKey, (): { by: BodyUse | undefined } => ({ by: undefined }));
  // A form's fields and files are one body; a second JSON body cannot be read.
  if (taken.by !== undefined && (use === "body" || taken.by === "body")) {
    compiler.fault(
      "M006",
      `The request has two bodies: a ${taken.by} and a ${use}`,
      "Put both into one model, or read one of them from the query.",
    );
  }
  taken.by = use;
}

/** How a parameter reads the body. */
export type BodyUse = "body" | "form";

const limitsKey = Symbol("body limits");
const takenKey = Symbol("body taken");
