/**
 * Standard Schema, the contract that every schema library speaks (https://standardschema.dev,
 * version 1), reduced to what Martlet uses, and the types that are read off a schema.
 *
 * @module
 */

/** A schema of any library that follows Standard Schema. */
export interface Schema<Input = unknown, Output = Input> {
  readonly "~standard": StandardProps<Input, Output>;
}

/** The members of a schema's `~standard` property. */
interface StandardProps<Input, Output> {
  readonly version: 1;
  readonly vendor: string;
  readonly validate: (
    value: unknown,
    options?: never,
  ) => StandardResult<Output> | Promise<StandardResult<Output>>;
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** What a schema's `validate` answers: the value, or what is wrong with it. */
type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing wrong with a value, as a schema library tells it. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The least that the types need to know of a schema: cheaper to compare than {@link Schema}. */
export interface AnySchema {
  readonly "~standard": {
    readonly types?: { readonly input: unknown; readonly output: unknown } | undefined;
  };
}

/** A record of schemas, one for each name: a section of a signature. */
export interface Shape {
  readonly [name: string]: AnySchema;
}

/** What a section declares: a schema for each name, or one model whose fields are the names. */
export type Fields = Shape | AnySchema;

/** What a schema gives: the value after validation. */
export type Output<S> = S extends { readonly _zod: { readonly output: infer O } }
  ? O
  : S extends {
        readonly "~standard": { readonly types?: { readonly output: infer O } | undefined };
      }
    ? O
    : never;

/** What a schema takes: the value before validation. */
export type Input<S> = S extends { readonly _zod: { readonly input: infer I } }
  ? I
  : S extends { readonly "~standard": { readonly types?: { readonly input: infer I } | undefined } }
    ? I
    : never;

/** Spells out an intersection as one object, so that editors show its members. */
export type Flat<T> = { [K in keyof T]: T[K] } & {};

/** A value, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>;
