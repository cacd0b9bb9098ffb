/**
 * Problems: what goes wrong in a way that the client is told, as RFC 9457 problem details.
 *
 * @module
 */
import type { Flat, Output, Shape } from "./standard.ts";

/** What a problem may carry beside its extension members. */
export interface ProblemOptions {
  /** What is wrong in this one case, for people. Never put anything secret here. */
  readonly detail?: string;
  /** A URI of this one occurrence (RFC 9457 section 3.1.5). */
  readonly instance?: string;
  /** Response headers, such as `retry-after`, in lower case; a list for one that is sent several times. */
  readonly headers?: ProblemHeaders;
  readonly cause?: unknown;
}

/** The response headers of a problem, by lower-case name. */
export type ProblemHeaders = Readonly<Record<string, string | readonly string[]>>;

/** The members of a problem on the wire (RFC 9457 section 3.1). `code` tells problems apart. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly [extension: string]: unknown;
}

/**
 * A problem to answer with: thrown, or returned from a handler that declares it in `throws`.
 *
 * @example
 * ```ts
 * import { HttpProblem, NotFound } from "martlet";
 *
 * const error = new NotFound({}, { detail: "No such page." });
 * expect(error).toBeInstanceOf(HttpProblem);
 * expect(error.status).toBe(404);
 * ```
 */
export class HttpProblem<
  Status extends number = number,
  Code extends string = string,
  Extension = unknown,
> extends Error {
  override readonly name: string = "HttpProblem";
  readonly status: Status;
  readonly code: Code;
  readonly title: string;
  /** The extension members, which stand beside the standard ones on the wire. */
  readonly extension: Extension;
  readonly instance: string | undefined;
  readonly detail: string | undefined;
  readonly headers: ProblemHeaders;

  constructor(
    kind: { readonly status: Status; readonly code: Code; readonly title: string },
    extension: Extension,
    options: ProblemOptions = {},
  ) {
    super(
      options.detail ?? kind.title,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.status = kind.status;
    this.code = kind.code;
    this.title = kind.title;
    this.extension = extension;
    this.detail = options.detail;
    this.instance = options.instance;
    this.headers = options.headers ?? {};
  }
}

/** A declared problem: the class that {@link problem} makes. */
export interface ProblemClass<Status extends number, Code extends string, Extension> {
  readonly status: Status;
  readonly code: Code;
  readonly title: string;
  /** The schemas of the extension members. */
  readonly shape: Shape;
  new (...args: ProblemArguments<Extension>): HttpProblem<Status, Code, Extension>;
}

/** What a problem is made with; one without extension members needs nothing. */
export type ProblemArguments<Extension> = keyof Extension extends never
  ? [extension?: Extension, options?: ProblemOptions]
  : [extension: Extension, options?: ProblemOptions];

/** Any declared problem. */
export interface AnyProblem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly shape: Shape;
  new (extension: never, options?: ProblemOptions): HttpProblem;
}

/**
 * Declares a problem: its status, the code that clients tell it by, and its extension members.
 *
 * @example
 * ```ts
 * import { problem } from "martlet";
 * import { z } from "zod";
 *
 * const OutOfStock = problem(409, "out-of-stock", { left: z.int() });
 * const error = new OutOfStock({ left: 2 }, { detail: "Only 2 are left." });
 * expect(error.extension.left).toBe(2);
 * ```
 */
export function problem<
  const Status extends number,
  const Code extends string,
  S extends Shape = {},
>(
  status: Status,
  code: Code,
  shape?: S,
  options: { readonly title?: string } = {},
): ProblemClass<Status, Code, Flat<{ [K in keyof S]: Output<S[K]> }>> {
  type Extension = Flat<{ [K in keyof S]: Output<S[K]> }>;
  const title = options.title ?? sentence(code);
  return class extends HttpProblem<Status, Code, Extension> {
    static readonly status = status;
    static readonly code = code;
    static readonly title = title;
    static readonly shape: Shape = shape ?? {};
    override readonly name = code;

    constructor(...[extension, problemOptions]: ProblemArguments<Extension>) {
      // Only a problem without extension members may leave them out.
      super({ status, code, title }, extension ?? ({} as Extension), problemOptions);
    }
  };
}

/** `"item-not-found"` gives `"Item not found"`. */
function sentence(code: string): string {
  const words = code.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One thing wrong with the input. */
export interface Issue {
  /** Where, from the outside in: `["query", "limit"]`, `["body", "items", 0, "price"]`. */
  readonly loc: readonly (string | number)[];
  /** A stable word for what is wrong: `"missing"`, `"int_parsing"`, `"string_too_short"`, … */
  readonly code: string;
  /** What is wrong, for people. Holds nothing of the value that was sent. */
  readonly message: string;
  /** The limits that the value breaks: `{ min: 1 }`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The request cannot be understood: 400. */
export const BadRequest: ProblemClass<400, "bad-request", {}> = problem(400, "bad-request");
/** The body is not what its media type says: 400. */
export const MalformedBody: ProblemClass<400, "malformed-body", {}> = problem(
  400,
  "malformed-body",
);
/** No, or no valid, credentials: 401. */
export const Unauthorized: ProblemClass<401, "unauthorized", {}> = problem(401, "unauthorized");
/** The credentials do not allow this: 403. */
export const Forbidden: ProblemClass<403, "forbidden", {}> = problem(403, "forbidden");
/** There is nothing at this path: 404. */
export const NotFound: ProblemClass<404, "not-found", {}> = problem(404, "not-found");
/** The path does not take this method; the `allow` header lists those it does: 405. */
export const MethodNotAllowed: ProblemClass<405, "method-not-allowed", {}> = problem(
  405,
  "method-not-allowed",
);
/** The body comes in too slowly: 408. */
export const RequestTimeout: ProblemClass<408, "request-timeout", {}> = problem(
  408,
  "request-timeout",
);
/** The body, or a part of it, is larger than the limit: 413. */
export const ContentTooLarge: ProblemClass<413, "content-too-large", {}> = problem(
  413,
  "content-too-large",
);
/** The body's media type is none that the route takes: 415. */
export const UnsupportedMediaType: ProblemClass<415, "unsupported-media-type", {}> = problem(
  415,
  "unsupported-media-type",
);
/** A failure of the server, told without its cause: 500. */
export const InternalError: ProblemClass<500, "internal", {}> = problem(
  500,
  "internal",
  undefined,
  {
    title: "Internal server error",
  },
);
/** The server cannot answer now; `retry-after` says when to try again: 503. */
export const Unavailable: ProblemClass<503, "unavailable", {}> = problem(503, "unavailable");

/**
 * Input that does not fit what the route declares: 422, with every issue found.
 *
 * @example
 * ```ts
 * import { InvalidInput } from "martlet";
 *
 * const issue = { loc: ["query", "q"], code: "missing", message: "This is required." };
 * const error = new InvalidInput({ errors: [issue] });
 * expect(error.status).toBe(422);
 * ```
 */
export class InvalidInput extends HttpProblem<
  422,
  "invalid-input",
  { readonly errors: readonly Issue[] }
> {
  static readonly status = 422;
  static readonly code = "invalid-input";
  static readonly title = "Invalid input";
  static readonly shape: Shape = {};
  override readonly name = "invalid-input";

  constructor(extension: { readonly errors: readonly Issue[] }, options: ProblemOptions = {}) {
    const count = extension.errors.length;
    const detail = `${count} issue${count === 1 ? "" : "s"} in the request.`;
    super(InvalidInput, extension, { detail, ...options });
  }
}
