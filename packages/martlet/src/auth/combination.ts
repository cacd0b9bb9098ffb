/**
 * Combinations: one of several credentials, or several together, in the request as in the document.
 *
 * @module
 */
import type { ValueOf } from "../index.ts";
import { credential, type Credential, type RefusalKinds, type Way } from "./credential.ts";

/** Credentials by the names that their values get. */
export interface Credentials {
  readonly [name: string]: Credential<unknown>;
}

/** The value of one of several credentials, under its name; the other names have none. */
export type OneOf<C> = {
  [K in keyof C]: { readonly [N in K]: ValueOf<C[N]> } & {
    readonly [N in Exclude<keyof C, K>]?: undefined;
  };
}[keyof C];

/** The values of credentials, by name or in order. */
export type AllOf<C> = { readonly [K in keyof C]: ValueOf<C[K]> };

/**
 * One of several credentials: the first that is there. A record tells which one it was; without names
 * the value is that of whichever it is. A caller without any is told how to present each.
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { any, apiKey, bearer } from "martlet/auth";
 *
 * const caller = any({ token: bearer(), key: apiKey({ header: "x-api-key" }) });
 * const me = get("/me", { security: { caller } }, ({ caller }) =>
 *   caller.token === undefined ? { key: caller.key } : { token: caller.token },
 * );
 * const text = any(bearer(), apiKey({ header: "x-api-key" }));
 * expect([me.path, text.ways.length]).toEqual(["/me", 2]);
 * ```
 */
export function any<C extends Credentials>(
  credentials: C,
  options?: RefusalKinds,
): Credential<OneOf<C>>;
export function any<C extends readonly [Credential<unknown>, ...Credential<unknown>[]]>(
  ...credentials: C
): Credential<ValueOf<C[number]>>;
export function any(...given: readonly unknown[]): Credential<unknown> {
  const { named, options, isNamed } = read(given);
  return credential({
    ...options,
    ways: named.flatMap(([, each]) => each.ways),
    challenges: named.flatMap(([, each]) => each.challenges),
    find: (source) => {
      for (const [name, each] of named) {
        const value = each.find(source);
        if (value !== undefined) return isNamed ? { [name]: value } : value;
      }
      return undefined;
    },
  });
}

/**
 * Several credentials together: without one of them the caller is refused. The value is a record of
 * theirs, or without names a list.
 *
 * @throws {TypeError} when there are more than 64 ways to present them
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { all, any, apiKey, bearer } from "martlet/auth";
 *
 * const partner = all({ app: apiKey({ header: "x-app" }), token: bearer() });
 * const caller = any({ partner, key: apiKey({ header: "x-api-key", name: "staffKey" }) });
 * const me = get("/me", { security: { caller } }, ({ caller }) => caller.partner?.app ?? caller.key);
 * expect([me.path, caller.ways.length]).toEqual(["/me", 2]);
 * ```
 */
export function all<C extends Credentials>(
  credentials: C,
  options?: RefusalKinds,
): Credential<AllOf<C>>;
export function all<const C extends readonly [Credential<unknown>, ...Credential<unknown>[]]>(
  ...credentials: C
): Credential<AllOf<C>>;
export function all(...given: readonly unknown[]): Credential<unknown> {
  const { named, options, isNamed } = read(given);
  return credential({
    ...options,
    ways: named.reduce<readonly Way[]>((ways, [, each]) => product(ways, each.ways), [[]]),
    challenges: named.flatMap(([, each]) => each.challenges),
    find: (source) => {
      const values = named.map(([name, each]) => [name, each.find(source)] as const);
      if (values.some(([, value]) => value === undefined)) return undefined;
      return isNamed ? Object.fromEntries(values) : values.map(([, value]) => value);
    },
  });
}

interface Named {
  readonly named: readonly (readonly [name: string, credential: Credential<unknown>])[];
  readonly options: RefusalKinds;
  readonly isNamed: boolean;
}

/** Reads the arguments: a record with its options, or credentials one by one. */
function read(given: readonly unknown[]): Named {
  const isNamed = !isCredential(given[0]);
  // What is no credential is a record of them, by the types; what else it may be is told below.
  const named = Object.entries((isNamed ? (given[0] ?? {}) : given) as Credentials);
  if (named.length === 0) throw new TypeError("There is no credential among these");
  for (const [name, each] of named) {
    if (isCredential(each)) continue;
    throw new TypeError(`"${name}" is no credential; an optional one is optional(any({ … }))`);
  }
  return { named, options: isNamed ? (given[1] ?? {}) : {}, isNamed };
}

function isCredential(value: unknown): value is Credential<unknown> {
  return typeof (value as Partial<Credential<unknown>> | undefined)?.find === "function";
}

/** How many ways one credential may have. */
const maxWays = 64;

function product(before: readonly Way[], ways: readonly Way[]): readonly Way[] {
  if (before.length * ways.length > maxWays) {
    throw new TypeError(`These credentials can be presented in more than ${maxWays} ways`);
  }
  return before.flatMap((each) => ways.map((way) => [...each, ...way]));
}
