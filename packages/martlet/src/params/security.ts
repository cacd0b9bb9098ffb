/**
 * Credentials: what a caller proves itself with, read before anything else of the request, and told
 * to OpenAPI as a security scheme.
 *
 * @module
 */
import { BadRequest, Unauthorized } from "../errors.ts";
import type { SecurityScheme } from "../openapi/document.ts";
import type { HttpSource } from "../source.ts";
import type { Param } from "./param.ts";

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

/** What a bearer token may be told. */
export interface BearerOptions extends CredentialOptions {
  /** What kind of token it is, for people: `"JWT"`. */
  readonly format?: string;
  /** The authentication schemes that are taken. @default ["Bearer"] */
  readonly prefixes?: readonly string[];
}

/**
 * A bearer token (RFC 6750): `Authorization: Bearer <token>`.
 *
 * @example
 * ```ts
 * import { bearer, dependency } from "martlet";
 *
 * const caller = dependency({ security: { token: bearer({ format: "JWT" }) } }, ({ token }) => token);
 * expect(caller.kind).toBe("dependency");
 * ```
 */
export function bearer(options: BearerOptions = {}): Credential<string> {
  const { name = "bearer", format, prefixes = ["Bearer"], description } = options;
  return credential({
    scheme: {
      name,
      description: {
        type: "http",
        scheme: "bearer",
        ...(format !== undefined && { bearerFormat: format }),
        ...(description !== undefined && { description }),
      },
    },
    challenge: prefixes[0] ?? "Bearer",
    find: (source) => authorization(source, prefixes),
  });
}

/** Where OAuth2's password flow asks for tokens. */
export interface OAuth2PasswordOptions extends CredentialOptions {
  /** The address that gives tokens, relative to the document's server: `"/token"`. */
  readonly tokenUrl: string;
  /** The scopes there are, each with what it allows. */
  readonly scopes?: Readonly<Record<string, string>>;
}

/**
 * A bearer token that the docs page can ask for itself, with user name and password (RFC 6749
 * section 4.3).
 *
 * @example
 * ```ts
 * import { get, oauth2Password } from "martlet";
 *
 * const token = oauth2Password({ tokenUrl: "/token", scopes: { "items:read": "Read items" } });
 * const me = get("/me", { security: { token } }, ({ token }) => ({ token }));
 * expect(me.path).toBe("/me");
 * ```
 */
export function oauth2Password(options: OAuth2PasswordOptions): Credential<string> {
  const { name = "oauth2", tokenUrl, scopes = {}, description } = options;
  return credential({
    scheme: {
      name,
      description: {
        type: "oauth2",
        flows: { password: { tokenUrl, scopes } },
        ...(description !== undefined && { description }),
      },
    },
    challenge: "Bearer",
    find: (source) => authorization(source, ["Bearer"]),
  });
}

/** Where an API key stands: exactly one of the three. */
export interface ApiKeyOptions extends CredentialOptions {
  readonly header?: string;
  readonly query?: string;
  readonly cookie?: string;
}

/**
 * A key in a header, the query or a cookie.
 *
 * @example
 * ```ts
 * import { apiKey } from "martlet";
 *
 * const key = apiKey({ header: "x-api-key" });
 * expect(key.scheme.description["in"]).toBe("header");
 * ```
 */
export function apiKey(options: ApiKeyOptions): Credential<string> {
  const { header, query, cookie, name = "apiKey", description } = options;
  const place = header !== undefined ? "header" : query !== undefined ? "query" : "cookie";
  const key = header?.toLowerCase() ?? query ?? cookie;
  if (key === undefined) throw new TypeError("apiKey() needs a header, a query or a cookie name");
  const values = (source: HttpSource): readonly string[] | undefined => {
    if (place === "header") return source.headerValues(key);
    return place === "query" ? source.query.get(key) : source.cookies.get(key);
  };
  return credential({
    scheme: {
      name,
      description: {
        type: "apiKey",
        in: place,
        name: header ?? key,
        ...(description !== undefined && { description }),
      },
    },
    challenge: "ApiKey",
    find: (source) => single(values(source), key) || undefined,
  });
}

/** A user name and a password. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * HTTP Basic authentication, in UTF-8 (RFC 7617).
 *
 * @example
 * ```ts
 * import { get, httpBasic } from "martlet";
 *
 * const login = get("/login", { security: { user: httpBasic() } }, ({ user }) => user.username);
 * expect(login.path).toBe("/login");
 * ```
 */
export function httpBasic(
  options: CredentialOptions & { readonly realm?: string } = {},
): Credential<BasicCredentials> {
  const { name = "basic", realm = "api", description } = options;
  return credential({
    scheme: {
      name,
      description: {
        type: "http",
        scheme: "basic",
        ...(description !== undefined && { description }),
      },
    },
    challenge: `Basic realm="${realm}", charset="UTF-8"`,
    find: (source) => decodeBasic(authorization(source, ["Basic"])),
  });
}

/**
 * A credential that may be missing: the value is `undefined` then.
 *
 * @example
 * ```ts
 * import { bearer, get, optional } from "martlet";
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

interface CredentialParts<Value> {
  readonly scheme: Credential<Value>["scheme"];
  /** The `WWW-Authenticate` challenge (RFC 9110 section 11.6.1). */
  readonly challenge: string;
  readonly find: (source: HttpSource) => Value | undefined;
}

function credential<Value>({ scheme, challenge, find }: CredentialParts<Value>): Credential<Value> {
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
function authorization(source: HttpSource, schemes: readonly string[]): string | undefined {
  const value = single(source.headerValues("authorization"), "authorization");
  const blank = value?.indexOf(" ") ?? -1;
  if (value === undefined || blank < 0) return undefined;
  const scheme = value.slice(0, blank).toLowerCase();
  if (!schemes.some((each) => each.toLowerCase() === scheme)) return undefined;
  return value.slice(blank + 1).trim() || undefined;
}

/** Two credentials of one kind are no credential: which one counts would be anybody's guess. */
function single(values: readonly string[] | undefined, name: string): string | undefined {
  if (values !== undefined && values.length > 1) {
    throw new BadRequest({}, { detail: `"${name}" was sent more than once.` });
  }
  return values?.[0];
}

function decodeBasic(text: string | undefined): BasicCredentials | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const pair = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const colon = pair.indexOf(":");
    if (colon < 0) return undefined;
    return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
