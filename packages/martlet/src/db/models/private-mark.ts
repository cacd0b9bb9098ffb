/**
 * The mark of a column that is the program's alone.
 *
 * @module
 */

/** Two copies of the package have to agree on what is private. */
export const privateMark: unique symbol = Symbol.for("martlet.private") as never;

/** Whether a column is marked. */
export function isPrivate(column: object): boolean {
  return privateMark in column;
}
