/**
 * OAuth2 and OpenID Connect, as the document tells them: the flows by which the docs page and other
 * tools come by a token. The token itself is a bearer token.
 *
 * @module
 */
import type { CredentialOptions } from "./credential.ts";
import { type TokenCredential, tokenCredential } from "./token.ts";

/** The scopes there are, each with what it allows. */
export type ScopeTexts = Readonly<Record<string, string>>;

/** What flows have in common. Addresses are absolute, or relative to the document's server. */
interface FlowOptions {
  /** The scopes there are, each with what it allows. @default {} */
  readonly scopes?: ScopeTexts;
  /** The address that gives new tokens for a refresh token. @default the `tokenUrl` */
  readonly refreshUrl?: string;
}

/** A flow that asks for tokens at one address. */
export interface TokenFlow extends FlowOptions {
  /** The address that gives tokens: `"/token"`. */
  readonly tokenUrl: string;
}

/** The flow by way of another page, which comes back with a code (RFC 6749 section 4.1). */
export interface CodeFlow extends TokenFlow {
  /** The page where people agree. */
  readonly authorizationUrl: string;
}

/** The flow that comes back with a token (RFC 6749 section 4.2): no new API should have it. */
export interface ImplicitFlow extends FlowOptions {
  readonly authorizationUrl: string;
}

/** The flows of one scheme. */
export interface OAuth2Flows {
  readonly authorizationCode?: CodeFlow;
  readonly clientCredentials?: TokenFlow;
  readonly password?: TokenFlow;
  readonly implicit?: ImplicitFlow;
}

/** A bearer token by any flows of OAuth2. */
export interface OAuth2Options extends CredentialOptions {
  readonly flows: OAuth2Flows;
}

/** A bearer token by user name and password. */
export interface OAuth2PasswordOptions extends CredentialOptions, TokenFlow {}

/** A bearer token by way of another page. */
export interface OAuth2CodeOptions extends CredentialOptions, CodeFlow {}

/**
 * A bearer token that tools come by through one or more flows of OAuth2 (RFC 6749).
 *
 * @example
 * ```ts
 * import { oauth2 } from "martlet/auth";
 *
 * const token = oauth2({
 *   flows: { clientCredentials: { tokenUrl: "/token", scopes: { "items:read": "Read items" } } },
 * });
 * expect(token.ways[0]?.[0]?.scheme.type).toBe("oauth2");
 * ```
 */
export function oauth2(options: OAuth2Options): TokenCredential {
  const { name = "oauth2" } = options;
  const flows = Object.entries(options.flows).map(
    ([kind, flow]: [string, FlowOptions]) =>
      [kind, { ...flow, scopes: flow.scopes ?? {} }] as const,
  );
  return tokenCredential(
    { name, scheme: { type: "oauth2", flows: Object.fromEntries(flows) } },
    options,
  );
}

/**
 * A bearer token that the docs page can ask for itself, with user name and password (RFC 6749
 * section 4.3). OAuth 2.1 has dropped the flow: it is for the API's own applications.
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { oauth2Password } from "martlet/auth";
 *
 * const token = oauth2Password({ tokenUrl: "/token", scopes: { "items:read": "Read items" } });
 * const me = get("/me", { security: { token } }, ({ token }) => ({ token }));
 * expect(me.path).toBe("/me");
 * ```
 */
export function oauth2Password(options: OAuth2PasswordOptions): TokenCredential {
  const { tokenUrl, refreshUrl, scopes = {}, ...rest } = options;
  const flow = { tokenUrl, ...(refreshUrl !== undefined && { refreshUrl }), scopes };
  return oauth2({ ...rest, flows: { password: flow } });
}

/**
 * A bearer token that the docs page fetches by way of another page, with PKCE (RFC 6749 section 4.1,
 * RFC 7636).
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { oauth2Code } from "martlet/auth";
 *
 * const token = oauth2Code({
 *   authorizationUrl: "https://id.example/authorize",
 *   tokenUrl: "https://id.example/token",
 *   scopes: { "items:read": "Read items" },
 * });
 * const me = get("/me", { security: { token } }, ({ token }) => ({ token }));
 * expect(me.path).toBe("/me");
 * ```
 */
export function oauth2Code(options: OAuth2CodeOptions): TokenCredential {
  const { authorizationUrl, tokenUrl, refreshUrl, scopes = {}, ...rest } = options;
  const refresh = refreshUrl !== undefined && { refreshUrl };
  const flow = { authorizationUrl, tokenUrl, ...refresh, scopes };
  return oauth2({ ...rest, flows: { authorizationCode: flow } });
}

/** Where an OpenID Connect provider tells of itself. */
export interface OpenIdConnectOptions extends CredentialOptions {
  /** The address of the discovery document: `https://id.example/.well-known/openid-configuration`. */
  readonly url: string;
}

/**
 * A bearer token of an OpenID Connect provider. The value is the token as it was sent: a dependency
 * checks it.
 *
 * @example
 * ```ts
 * import { get } from "martlet";
 * import { openIdConnect } from "martlet/auth";
 *
 * const token = openIdConnect({ url: "https://id.example/.well-known/openid-configuration" });
 * const me = get("/me", { security: { token } }, ({ token }) => ({ token }));
 * expect(me.path).toBe("/me");
 * ```
 */
export function openIdConnect(options: OpenIdConnectOptions): TokenCredential {
  const { name = "openIdConnect", url } = options;
  return tokenCredential(
    { name, scheme: { type: "openIdConnect", openIdConnectUrl: url } },
    options,
  );
}
