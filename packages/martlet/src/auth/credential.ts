/**
 * Credentials: what a caller proves itself with, read before anything else of the request, and told
 * to the document as a security scheme.
 *
 * @module
 */
import {
  BadRequest,
  type HttpSource,
  type Param,
  type SecurityScheme,
  Unauthorized,
} from "../index.ts";

/** A credential that a signature names in `security`. Never an argument of the client's call. */
export interface Credential<Value> extends Param<Value, HttpSource> {
  /** The scheme's name and description in the OpenAPI document. */
  readonly scheme: { readonly name: string; readonly description: SecurityScheme };
  /** What the caller sent, `undefined` when nothing. */
  readonly find: (source: HttpSource) => Value | undefined;
}

/** What every credential may be told. */
export interface CredentialOptions {
  /** The scheme's name in the OpenAPI document. */
  readonly name?: string;
  readonly description?: string;
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
export function optional<Value>(inner: Credential<Value>): Credential<Value | undefined> {
  const { scheme, find } = inner;
  return {
    ...inner,
    describe: (_name, operation, { scopes }) =>
      operation.credential(scheme.name, scheme.description, { scopes, optional: true }),
    compile: () => find,
  };
}

/** What a credential is made of. */
export interface CredentialParts<Value> {
  readonly scheme: Credential<Value>["scheme"];
  /** The `WWW-Authenticate` challenge (RFC 9110 section 11.6.1). */
  readonly challenge: string;
  readonly find: (source: HttpSource) => Value | undefined;
}

/** Makes a credential: without it the caller is told 401, and what is wanted. */
export function credential<Value>({
  scheme,
  challenge,
  find,
}: CredentialParts<Value>): Credential<Value> {
  return {
    kind: "security",
    phase: "credentials",
    scheme,
    find,
    describe: (_name, operation, { scopes }) =>
      operation.credential(scheme.name, scheme.description, { scopes, optional: false }),
    compile: () => (source) => {
      const value = find(source);
      if (value !== undefined) return value;
      throw new Unauthorized(
        {},
        { detail: "Credentials are needed.", headers: { "www-authenticate": challenge } },
      );
    },
  };
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
