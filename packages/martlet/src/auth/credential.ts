/**
 * Credentials: what a caller proves itself with, read before anything else of the request, and told
 * to the document as security schemes.
 *
 * @module
 */
import {
  BadRequest,
  type Compiler,
  type CredentialWay,
  type HttpProblem,
  type HttpSource,
  type Param,
  type ProblemClass,
  type SecurityScheme,
  Unauthorized,
} from "../index.ts";
import { type Challenge, writeChallenge } from "./challenge.ts";

/** A credential that a signature names in `security`. Never an argument of the client's call. */
export interface Credential<Value> extends Param<Value, HttpSource> {
  /** The ways to present it, of which one is enough. */
  readonly ways: readonly Way[];
  readonly challenges: readonly Challenge[];
  /** What the caller sent, `undefined` when nothing. */
  readonly find: (source: HttpSource) => Value | undefined;
  /** The problem for a credential that is there and not valid. Return it, or throw it. */
  readonly refuse: (options?: RefusalOptions) => HttpProblem;
}

/** Security schemes that are presented together. */
export type Way = readonly NamedScheme[];

/** A security scheme by the name that it has in the OpenAPI document. */
export interface NamedScheme {
  readonly name: string;
  readonly scheme: SecurityScheme;
}

/** What a caller is told of a credential that is refused. */
export interface RefusalOptions {
  /** What is wrong, for people; never what would help to guess. */
  readonly detail?: string;
}

/** A problem that is told without anything of its own: no extension members. */
export type BareProblem = ProblemClass<number, string, {}>;

/** How callers are refused. A problem named here is told in the document. */
export interface RefusalKinds {
  /** What a caller without the credential is told. @default Unauthorized */
  readonly missing?: BareProblem;
  /**
   * What `refuse()` gives. Declare it in `throws` where you use it.
   *
   * @default `missing`; for tokens `InvalidToken`
   */
  readonly invalid?: BareProblem;
}

/** What every credential may be told. */
export interface CredentialOptions extends RefusalKinds {
  /** The scheme's name in the OpenAPI document. */
  readonly name?: string;
  readonly description?: string;
}

/** What a credential is made of. */
export interface CredentialParts<Value> extends RefusalKinds {
  readonly ways: readonly Way[];
  readonly challenges: readonly Challenge[];
  /** The challenges for one that is refused. @default `challenges` */
  readonly refused?: (options: RefusalOptions) => readonly Challenge[];
  readonly find: (source: HttpSource) => Value | undefined;
}

/** Makes a credential: without it the caller is refused, and told what is wanted. */
export function credential<Value>(parts: CredentialParts<Value>): Credential<Value> {
  const { ways, challenges, find, missing = Unauthorized, invalid = missing } = parts;
  const { refused = () => challenges } = parts;
  return {
    kind: "security",
    phase: "credentials",
    ways,
    challenges,
    find,
    refuse: (options = {}) =>
      refusal(invalid, refused(options), options.detail ?? "The credentials are not valid."),
    describe: (_name, operation, { scopes }) => operation.credential(asked(ways, scopes)),
    compile: (_name, compiler) => {
      compiler.throws(missing);
      countWays(ways.length, compiler);
      return (source) => {
        const value = find(source);
        if (value !== undefined) return value;
        throw refusal(missing, challenges, "Credentials are needed.");
      };
    },
  };
}

/**
 * A credential that may be missing: the value is `undefined` then.
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { bearer, optional } from "martlet/auth";
 *
 * const home = get("/", { security: { token: optional(bearer()) } }, ({ token }) => ({
 *   known: token !== undefined,
 * }));
 * expect(home.path).toBe("/");
 * ```
 */
export function optional<Value>({
  kind,
  phase,
  ways,
  find,
}: Credential<Value>): Param<Value | undefined, HttpSource> {
  return {
    kind,
    phase,
    describe: (_name, operation, { scopes }) => operation.credential([...asked(ways, scopes), []]),
    compile: (_name, compiler) => {
      countWays(ways.length + 1, compiler);
      return find;
    },
  };
}

function asked(ways: readonly Way[], scopes: readonly string[]): readonly CredentialWay[] {
  return ways.map((way) => way.map((each) => ({ ...each, scopes })));
}

/** A problem with a challenge for each scheme that would do. */
export function refusal<Status extends number, Code extends string>(
  kind: ProblemClass<Status, Code, {}>,
  challenges: readonly Challenge[],
  detail: string,
): HttpProblem<Status, Code, {}> {
  const written = [...new Set(challenges.map(writeChallenge))];
  return new kind({}, { detail, headers: { "www-authenticate": written } });
}

/** How many ways one operation may have in the document. */
const maxWays = 64;
const waysKey = Symbol("ways of an operation");

/** Every credential multiplies the ways of its route: a fault where nobody would read them all. */
function countWays(ways: number, compiler: Compiler): void {
  const total = compiler.shared(waysKey, () => ({ count: 1 }));
  if (total.count <= maxWays && total.count * ways > maxWays) {
    compiler.fault(
      "M019",
      `The credentials can be presented in more than ${maxWays} ways`,
      "Ask for fewer alternatives, or let dependencies choose between them.",
    );
  }
  total.count *= ways;
}

/** The credentials of the `Authorization` header under one of the schemes, any case. */
export function authorization(source: HttpSource, schemes: readonly string[]): string | undefined {
  const value = single(source.headerValues("authorization"), "authorization");
  const blank = value?.indexOf(" ") ?? -1;
  if (value === undefined || blank < 0) return undefined;
  const scheme = value.slice(0, blank).toLowerCase();
  if (!schemes.some((each) => each.toLowerCase() === scheme)) return undefined;
  return value.slice(blank + 1).trim() || undefined;
}

/** Two credentials of one kind are no credential: which one counts would be anybody's guess. */
export function single(values: readonly string[] | undefined, name: string): string | undefined {
  if (values !== undefined && values.length > 1) {
    throw new BadRequest({}, { detail: `"${name}" was sent more than once.` });
  }
  return values?.[0];
}

/** The one way of a credential that stands alone. */
export function alone(
  name: string,
  scheme: SecurityScheme,
  { description }: CredentialOptions,
): readonly Way[] {
  return [[{ name, scheme: { ...scheme, ...(description !== undefined && { description }) } }]];
}
