/**
 * What the body parameters of one plan share: who reads the body, and how large it may be.
 *
 * @module
 */
import { byteSize } from "../size.ts";
import type { Codec, FileLimits, FormLimits } from "../source.ts";
import type { Compiler } from "./param.ts";

/** Bytes of a JSON body, or of all text fields of a form, unless the route says otherwise: 1 MiB. */
const defaultBodyLimit = 1024 * 1024;

/** What a request to a route may have at the most: bytes, or text such as `"1MB"` or `"1MiB"`. */
export interface RouteLimits {
  /** The body, or all text fields of a form together. @default "1MiB" */
  readonly body?: number | string;
  /** One text field of a form. @default `body` */
  readonly field?: number | string;
  /** A whole form. @default what its fields and files may have together, and 256 KiB for what frames them */
  readonly form?: number | string;
  /** The files of a form that are held in memory: what is beyond is written to disk. @default "1MiB" */
  readonly memory?: number | string;
}

/** The limits of one plan's body, filled in while it compiles. */
export interface BodyLimits extends FormLimits {
  /** What bodies are read by, beside JSON. */
  readonly codecs: readonly Codec[];
  readonly files: Record<string, FileLimits>;
  readonly json: Set<string>;
}

/** The limits that all body parameters of the plan share. */
export function limitsOf(compiler: Compiler): BodyLimits {
  return compiler.shared(limitsKey, () => limitsFrom({}, []));
}

/** The limits of a route, and the codecs that read its body, for its plan. */
export function bodyLimits(
  limits: RouteLimits = {},
  codecs: readonly Codec[] = [],
): ReadonlyMap<symbol, unknown> {
  return new Map([[limitsKey, limitsFrom(limits, codecs)]]);
}

function limitsFrom(
  { body = defaultBodyLimit, field, form, memory }: RouteLimits,
  codecs: readonly Codec[],
): BodyLimits {
  return {
    text: byteSize(body),
    field: bytesOf(field),
    form: bytesOf(form),
    memory: bytesOf(memory),
    codecs,
    files: {},
    json: new Set(),
  };
}

function bytesOf(size: number | string | undefined): number | undefined {
  return size === undefined ? undefined : byteSize(size);
}

/** Claims the body for one use; a plan that has two uses for it is at fault. */
export function takeBody(use: BodyUse, compiler: Compiler): void {
  const taken = compiler.shared(takenKey, (): { by: BodyUse | undefined } => ({ by: undefined }));
  // A form's fields and files are one body, and so are the members of an object; no two others are.
  if (taken.by !== undefined && (use !== taken.by || use === "body")) {
    compiler.fault(
      "M006",
      `The request has two bodies: ${bodyWords[taken.by]} and ${bodyWords[use]}`,
      "Put both into one model, or read one of them from the query.",
    );
  }
  taken.by = use;
}

/** How a parameter reads the body. */
export type BodyUse = "body" | "members" | "form";

const bodyWords: Readonly<Record<BodyUse, string>> = {
  body: "a body",
  members: "members of a body",
  form: "a form",
};

const limitsKey = Symbol("body limits");
const takenKey = Symbol("body taken");
