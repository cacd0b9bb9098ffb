/**
 * The one interface that every kind of parameter implements.
 *
 * A signature is a record of names; each name becomes one `Param`. A route, a dependency, a job and
 * a command are all a signature and a function, so whatever a `Param` can do, each of them can do.
 *
 * @module
 */
import type { AnyProblem, Issue } from "../errors.ts";
import type { FaultCode } from "../fault.ts";
import type { Operation } from "../openapi/document.ts";
import type { Scope } from "../scope.ts";

/**
 * When a parameter is read: all credentials of a plan come first; then the body and all plain input,
 * in one validation; then the results of dependencies, each as its callable is called.
 */
export type Phase = "credentials" | "body" | "input" | "call";

/** Reads one value, once per call. Returns {@link Invalid} to report bad input; throws a problem. */
export type Read<Value, Source> = (
  source: Source,
  scope: Scope,
) => Value | Invalid | Promise<Value | Invalid>;

/**
 * A declared parameter.
 *
 * `Source` is what it must be able to read from: a query parameter needs an HTTP request, a command
 * option needs `argv`. It is contravariant, so a callable that declares both needs a source that is
 * both, and TypeScript refuses a query parameter in a command.
 */
export interface Param<out Value, in Source> {
  readonly kind: string;
  readonly phase: Phase;
  /** Whether the value is a record of which the function gets each member by its name. */
  readonly spreads?: boolean;
  /** Tells the OpenAPI operation of this parameter. Called once, at start. */
  readonly describe: (name: string, operation: Operation, compiler: Compiler) => void;
  /** Prepares the reader. Called once for each plan: do the slow work here. */
  readonly compile: (name: string, compiler: Compiler) => Read<Value, Source>;
}

/** What a parameter may ask of the plan that is being compiled. */
export interface Compiler {
  /**
   * Reserves the result of another callable, which is then called before this one. `name` is what
   * it is called here, for messages about a callable without a name of its own.
   */
  readonly slot: (callable: AnyCallable, name: string) => (scope: Scope) => unknown;
  /** What all parameters of one kind in one plan share, made by the first that asks. */
  readonly shared: <T>(key: symbol, create: () => T) => T;
  /** The security scopes that are required of the callable being compiled, outermost first. */
  readonly scopes: readonly string[];
  /** Declares a problem that reading the parameter may end in, as a callable does in `throws`. */
  readonly throws: (kind: AnyProblem) => void;
  /** Reports a developer's mistake; the trail that led to it is added. */
  readonly fault: (code: FaultCode, message: string, hint?: string) => void;
}

/** How long the result of a callable lives, and when its clean-up runs. */
export type Lifetime = "app" | "request" | "handler";

/** A callable whose types are no longer of interest: what the plan works on. */
export interface AnyCallable {
  readonly name: string;
  readonly params: Params;
  readonly run: (args: never) => unknown;
  readonly scope: Lifetime;
  /** Whether one call shares one result among all who ask. */
  readonly cache: boolean;
  /** Whether it runs together with its neighbours that say the same. */
  readonly concurrent?: boolean;
  /** The problems it may throw, for the document and the client. */
  readonly throws: readonly unknown[];
  /** The security scopes that it is asked for. */
  readonly requires: readonly string[];
  /** Runs all that comes after it in a call: what is declared later, and the function itself. */
  readonly around?: Around<never, never>;
  /** What it was derived from by `.scopes(…)`; an override of that one replaces it too. */
  readonly origin?: AnyCallable;
}

/**
 * Stands around the rest of a call: what `next` runs is over when it returns, or its promise is
 * settled. Goes on by calling `next`, again if the rest shall be tried anew, or throws.
 */
export type Around<Value, Source> = (value: Value, next: () => unknown, source: Source) => unknown;

/** The parameters of a callable by name, their types no longer of interest. */
export type Params = Readonly<Record<string, Param<unknown, never>>>;

/**
 * Bad input. Returned, not thrown: the plan collects the issues of all parameters.
 *
 * @example
 * ```ts
 * import { type HttpSource, Invalid, type Param } from "martlet";
 *
 * const missing = new Invalid([
 *   { loc: ["header", "x-tenant"], code: "missing", message: "This is required." },
 * ]);
 * const tenant: Param<string, HttpSource> = {
 *   kind: "tenant",
 *   phase: "input",
 *   describe: () => {},
 *   compile: () => (source) => source.header("x-tenant") ?? missing,
 * };
 * expect(tenant.phase).toBe("input");
 * ```
 */
export class Invalid {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    this.issues = issues;
  }
}
