/**
 * Answers as the client hands them out: a success or a failure, told apart by `ok`.
 *
 * @module
 */
import type { Json } from "./json.ts";
import type { AlwaysPossible, Declared } from "./problem.ts";

/** A success: one of the statuses that the route declares, with its data. */
export interface Success<Status extends number, Data> {
  readonly ok: true;
  readonly status: Status;
  /**
   * The body: JSON is parsed, text is a string, a stream of items is an async iterable of them,
   * anything else a `Blob`; `undefined` if there is none.
   */
  readonly data: Data;
  readonly headers: Headers;
}

/** A failure: a problem of the route, one that is always possible, or no answer at all. */
export interface Failure<Problem> {
  readonly ok: false;
  /** The status of the answer; 0 when there was none. */
  readonly status: number;
  /** What is wrong; its `code` tells problems apart. */
  readonly error: Problem;
  readonly headers: Headers;
}

/** What a call gives, from the outcomes by status and the declared problems of its route. */
export type ClientAnswer<Outcomes, Problems> =
  | Successes<Outcomes>
  | Failure<Declared<Problems> | AlwaysPossible>;

type Successes<O> = { [S in keyof O & number]: SuccessOf<S, O[S]> }[keyof O & number];

/** Statuses from 400 on are failures, also those that a route lists among its outcomes. */
type SuccessOf<S extends number, Data> = number extends S
  ? Success<S, Arrived<Data>>
  : `${S}` extends `4${string}` | `5${string}`
    ? never
    : Success<S, S extends 204 | 205 | 304 ? undefined : Arrived<Data>>;

/** Data as it arrives: what comes item by item is still on its way. */
type Arrived<Data> =
  Data extends AsyncIterable<infer Item> ? AsyncIterable<Json<Item>> : Json<Data>;
