/**
 * Why there is no project.
 *
 * @module
 */

/** An expected failure, told to who called. */
export interface Refusal {
  readonly refused: RefusalCode;
  /** What is wrong and what to do, in sentences. */
  readonly message: string;
}

/** What a program can tell failures apart by. */
export type RefusalCode =
  | "bad-arguments"
  | "bad-name"
  | "not-empty"
  | "not-a-directory"
  | "in-the-way"
  | "not-written";

/** Makes a refusal. */
export function refusal(refused: RefusalCode, message: string): Refusal {
  return { refused, message };
}
