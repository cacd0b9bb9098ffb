/**
 * Origins: where the statements of an engine come from.
 *
 * @module
 */

/** Where a statement comes from, as far as that was looked at. */
export interface Origin {
  /** The place in the code that made it, `"src/items.ts:12:5"`; `undefined` where it is not known. */
  readonly place: string | undefined;
  /** Whether it may be made as often as one likes. */
  readonly mayRepeat: boolean;
}
