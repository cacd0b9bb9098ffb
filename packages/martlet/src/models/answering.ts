/**
 * Models that are answered by another schema than they are read by: the mark that the core looks for.
 *
 * @module
 */
import type * as core from "zod/v4/core";
import * as z from "zod";

/**
 * A schema that reads as `Read` does, and is answered by `Answer`, which takes what the program has.
 */
export type Answering<Read extends core.$ZodType, Answer extends core.$ZodType> = Read & {
  readonly _zod: { readonly def: { readonly answer: Answer } };
};

/** Marks a pipe; what it is cloned into (`.meta()`, `.describe()`) keeps the mark. */
export function answering<Read extends z.ZodPipe, Answer extends core.$ZodType>(
  read: Read,
  answer: Answer,
): Answering<Read, Answer> {
  const def = { ...read._zod.def, answer };
  // A definition may have members of its own; clones copy all of them.
  return clone(read, def) as Answering<Read, Answer>;
}

const clone = z.core.clone as (schema: core.$ZodType, def: unknown) => core.$ZodType;
