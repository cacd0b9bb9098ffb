/**
 * Signatures: the sections in which a callable declares its names, and the types that follow from
 * them. Sections in, flat out: the function gets one object with every declared name.
 *
 * @module
 */
import type { AnyProblem, HttpProblem, ProblemClass } from "./errors.ts";
import type { FileParam } from "./params/file.ts";
import type { Param } from "./params/param.ts";
import type { BodySource, HttpSource } from "./source.ts";
import type { AnySchema, Fields, Flat, Input, Output, Shape } from "./standard.ts";

/** File fields by name. */
export interface Files {
  readonly [name: string]: FileParam<unknown, unknown>;
}

/** Parameters by name, as `use` and `security` take them: dependencies, and whatever else reads. */
export interface Use {
  readonly [name: string]: Param<unknown, never>;
}

/**
 * The sections of a signature, each a record from names to what is declared. `query`, `header`,
 * `cookie` and `form` take one object schema too, whose fields are the names; `body` takes a record of
 * schemas too, which are the members of one object.
 *
 * | section    | declares                                   | the function gets             |
 * | ---------- | ------------------------------------------ | ----------------------------- |
 * | `path`     | placeholders of the path                   | the value, read by its schema |
 * | `query`    | values of the query string                 | the value, read by its schema |
 * | `header`   | headers; `ifMatch` is `if-match`           | the value, read by its schema |
 * | `cookie`   | cookies                                    | the value, read by its schema |
 * | `body`     | the body, by one schema                    | `body`                        |
 * | `form`     | fields of a form                           | the value, read by its schema |
 * | `files`    | files of a form                            | the file                      |
 * | `security` | credentials, read before all else          | the credential                |
 * | `use`      | dependencies                               | what they return              |
 */
export interface Sections<PS, QS, HS, CS, B, FS, FF, X, U> {
  readonly path?: PS;
  readonly query?: QS;
  readonly header?: HS;
  readonly cookie?: CS;
  readonly body?: B;
  readonly form?: FS;
  readonly files?: FF;
  readonly security?: X;
  readonly use?: U;
}

/** Sections whose types are no longer of interest. */
export type AnySections = Sections<Shape, Fields, Fields, Fields, Fields, Fields, Files, Use, Use>;

/** What a dependency is to the types; the runtime knows it as a callable. */
export interface Dependency<
  Value,
  Wire = {},
  Errors = never,
  Path = never,
  Source = unknown,
> extends Param<Value, Source> {
  readonly "~t": Value;
  readonly "~w": Wire;
  readonly "~e": Errors;
  readonly "~p": Path;
  /** This dependency, asked for security scopes; what it uses sees them through `scopes`. */
  readonly scopes: (...scopes: readonly string[]) => Dependency<Value, Wire, Errors, Path, Source>;
}

/** The value of one entry of `use` or `security`. */
export type ValueOf<X> = X extends { readonly "~t": infer V }
  ? V
  : X extends Param<infer V, never>
    ? V
    : never;

type UnionOf<U, K extends string> = {
  [N in keyof U]: U[N] extends { readonly [k in K]: infer V } ? V : never;
}[keyof U];

/** The problems of the dependencies in a `use` section. */
export type ErrorsOf<U> = UnionOf<U, "~e">;

/** The placeholders that the dependencies in a `use` section read. */
export type PathsOf<U> = UnionOf<U, "~p">;

type UnionToIntersection<U> = (U extends unknown ? (each: U) => void : never) extends (
  all: infer I,
) => void
  ? I
  : never;

type Merge<W> = [W] extends [never] ? {} : UnionToIntersection<W>;

type Outputs<S> = S extends AnySchema ? Output<S> : { readonly [K in keyof S]: Output<S[K]> };
type Inputs<S> = S extends AnySchema ? Input<S> : { [K in keyof S]: Input<S[K]> };
/** The names that a section gives to the function. */
type Names<S> = S extends AnySchema ? keyof Output<S> : keyof S;
type Values<U> = { readonly [K in keyof U]: ValueOf<U[K]> };
type Sent<FF> = {
  [K in keyof FF]: FF[K] extends FileParam<unknown, infer S> ? S : never;
};

/** Makes the names that accept `undefined` optional. */
type Optional<T> = Flat<
  { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as undefined extends T[K] ? K : never]?: T[K];
  }
>;

/** What the function receives: every declared name, flat. */
export type Arguments<PS, QS, HS, CS, B, FS, FF, X, U> = Flat<
  Outputs<PS> &
    Outputs<QS> &
    Outputs<HS> &
    Outputs<CS> &
    Outputs<FS> &
    Values<FF> &
    Values<X> &
    Values<U> &
    ([B] extends [never] ? {} : B extends AnySchema ? { readonly body: Output<B> } : Outputs<B>)
>;

/** What a caller sends: the same names without credentials, dependencies' values or cookies. */
export type Wire<PS, QS, HS, B, FS, FF, U> = Optional<
  Inputs<PS> &
    Inputs<QS> &
    Inputs<HS> &
    Inputs<FS> &
    Sent<FF> &
    ([B] extends [never] ? {} : B extends AnySchema ? { body: Input<B> } : Inputs<B>) &
    Merge<UnionOf<U, "~w">>
>;

/** Names that stand in more than one section. */
export type Twice<PS, QS, HS, CS, B, FS, FF, X, U> = Repeated<
  keyof PS,
  Names<QS>,
  Names<HS>,
  Names<CS>,
  [B] extends [never] ? never : B extends AnySchema ? "body" : keyof B,
  Names<FS>,
  keyof FF,
  keyof X,
  keyof U
>;

type Repeated<P, Q, H, C, B, F, FF, X, U> =
  | (Q & P)
  | (H & (P | Q))
  | (C & (P | Q | H))
  | (F & (P | Q | H | C))
  | (FF & (P | Q | H | C | F))
  | (X & (P | Q | H | C | F | FF))
  | (U & (P | Q | H | C | F | FF | X))
  | (B & (P | Q | H | C | F | FF | X | U));

/** Refuses a signature in which a name is declared twice, and names it. */
export type RefuseTwice<Name> = [Name] extends [never]
  ? unknown
  : { readonly "declared twice": Name };

/** The source that the entries of a `use` section need: the intersection of what each needs. */
export type SourceOf<U> = {
  [N in keyof U]: U[N] extends Param<unknown, infer S> ? (source: S) => void : never;
}[keyof U] extends (source: infer S) => void
  ? S
  : unknown;

/** The source that sections need: of requests, and those of bodies. */
export type SourceOfSections<Names, Bodies, U> = [Bodies] extends [never]
  ? [Names] extends [never]
    ? SourceOf<U>
    : HttpSource & SourceOf<U>
  : BodySource & SourceOf<U>;

/**
 * A declared problem as the function may return it: what an {@link HttpProblem} has, the code first
 * so that the message about an undeclared one ends in its code.
 */
interface DeclaredProblem<Code, Status, Extension> extends Pick<
  HttpProblem,
  "name" | "title" | "headers"
> {
  readonly code: Code;
  readonly status: Status;
  readonly extension: Extension;
}

/** The problems that the function may return. */
export type Returned<E> =
  E extends ProblemClass<infer S, infer C, infer X> ? DeclaredProblem<C, S, X> : never;

/** The placeholders of a path: `"/orgs/{orgId}/{file*}"` gives `"orgId" | "file"`. */
export type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Bare}*` ? Bare : Name) | PathNames<Rest>
  : never;

/** What a generator yields or a function returns, without the problems it may return. */
export type Provided<V> =
  Awaited<V> extends AsyncGenerator<infer T> | Generator<infer T>
    ? T
    : Exclude<Awaited<V>, HttpProblem>;

/** The problems that a signature declares. */
export type Throws<E extends AnyProblem> = readonly E[];
