/**
 * What becomes of a type on its way through JSON.
 *
 * @module
 */

/** An intersection as one object, so that editors and messages show its members. */
export type Flat<T> = { [K in keyof T]: T[K] } & {};

type Kept = string | number | boolean | bigint | null | undefined;
type Dropped = symbol | ((...args: never[]) => unknown);

/**
 * A type as it arrives after `JSON.stringify` and `JSON.parse`: a `Date` is text, a function is
 * nothing. What JSON keeps as it is stays the same type. Worked out member by member, as each is
 * looked at.
 */
export type Json<T> = T extends Kept
  ? T
  : T extends { readonly toJSON: (...args: never[]) => infer Text }
    ? Text
    : T extends Dropped
      ? undefined
      : T extends object
        ? { [K in keyof T]: Json<T[K]> }
        : T;
