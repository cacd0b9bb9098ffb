/**
 * The types of what goes out by a model: what the program hands over, and what is sent. They are what
 * the model takes and gives, but for codecs, which stand the other way round in an answer.
 *
 * @module
 */
import type { Flat, Input, Output } from "./standard.ts";

/** What the program hands over to be answered by a model: for a codec, what it decodes to. */
export type Given<S> = HasCodec<S> extends false ? Input<S> : Turned<S, "given">;

/** What is sent of a model: for a codec, what it encodes to. */
export type Answered<S> = HasCodec<S> extends false ? Output<S> : Turned<S, "sent">;

/**
 * Whether a schema holds a codec, looked for six levels deep. Most hold none: that has to be told with
 * as few steps as can be, for every route asks.
 */
type HasCodec<S, Depth extends number = 6> = Depth extends 0
  ? false
  : S extends { readonly shape: infer Shape }
    ? HasCodec<Shape[keyof Shape], Less[Depth]>
    : S extends { readonly element: infer Item }
      ? HasCodec<Item, Less[Depth]>
      : S extends { readonly _zod: { readonly def: { readonly innerType: infer Inner } } }
        ? HasCodec<Inner, Less[Depth]>
        : S extends { readonly options: readonly (infer Option)[] }
          ? HasCodec<Option, Less[Depth]>
          : S extends { readonly valueType: infer Value }
            ? HasCodec<Value, Less[Depth]>
            : S extends { readonly _zod: { readonly def: Turning } }
              ? true
              : false;

type Less = [0, 0, 1, 2, 3, 4, 5];

/** What marks the definition of a codec, and of a model that is answered by another one. */
type Turning =
  | { readonly reverseTransform: (...args: never[]) => unknown }
  | { readonly answer: unknown };

/** The two ends of an answer: the program's and the client's. */
type End = "given" | "sent";

/** Only worked out for schemas that hold a codec. */
type Turned<S, E extends End> = S extends { readonly _zod: { readonly def: infer D } }
  ? D extends { readonly type: "pipe"; readonly in: infer In; readonly out: infer Out }
    ? Piped<D, E, { in: In; out: Out }>
    : D extends { readonly type: "object"; readonly shape: infer Shape }
      ? Members<Shape, E>
      : D extends { readonly type: "array"; readonly element: infer Item }
        ? Turned<Item, E>[]
        : D extends { readonly type: "record"; readonly valueType: infer Value }
          ? Record<string, Turned<Value, E>>
          : D extends { readonly type: "union"; readonly options: readonly (infer Option)[] }
            ? Option extends unknown
              ? Turned<Option, E>
              : never
            : D extends { readonly type: infer Type; readonly innerType: infer Inner }
              ? Turned<Inner, E> | Nothing<Type, E>
              : Plain<S, E>
  : Plain<S, E>;

type Plain<S, E extends End> = { given: Input<S>; sent: Output<S> }[E];

/** The ends of a pipe: where it can be turned, or has an answer of its own, they change places. */
type Piped<D, E extends End, Ends extends { in: unknown; out: unknown }> = D extends {
  readonly answer: infer Answer;
}
  ? { given: Turned<Ends["out"], E>; sent: Turned<Answer, E> }[E]
  : Extract<Ends["in" | "out"], Transforming> extends never
    ? { given: Turned<Ends["out"], E>; sent: Turned<Ends["in"], E> }[E]
    : { given: Turned<Ends["in"], E>; sent: Turned<Ends["out"], E> }[E];

interface Transforming {
  readonly _zod: { readonly def: { readonly type: "transform" } };
}

/** What a wrapper adds to what it holds. */
type Nothing<Type, E extends End> = Type extends "nullable"
  ? null
  : Type extends "optional"
    ? undefined
    : Type extends "default" | "prefault"
      ? { given: undefined; sent: never }[E]
      : never;

type Members<Shape, E extends End> = Flat<
  { -readonly [K in keyof Shape as MayLack<Shape[K], E, never, K>]: Turned<Shape[K], E> } & {
    -readonly [K in keyof Shape as MayLack<Shape[K], E, K, never>]?: Turned<Shape[K], E>;
  }
>;

/** One of two answers: whether a member may be left out at one end. */
type MayLack<S, E extends End, Yes, No> = S extends { readonly _zod: Lacking[E] } ? Yes : No;

interface Lacking {
  readonly given: { readonly optin: "optional" | "defaulted" };
  readonly sent: { readonly optout: "optional" };
}
