/**
 * `martlet/auth`: credentials in signatures.
 *
 * @module
 */
export { apiKey, type ApiKeyOptions } from "./api-key.ts";
export { type BasicCredentials, type BasicOptions, httpBasic } from "./basic.ts";
export { bearer, type BearerOptions } from "./bearer.ts";
export type { Challenge } from "./challenge.ts";
export { all, type AllOf, any, type Credentials, type OneOf } from "./combination.ts";
export {
  type BareProblem,
  type Credential,
  type CredentialOptions,
  type NamedScheme,
  optional,
  type RefusalKinds,
  type RefusalOptions,
  type Way,
} from "./credential.ts";
export { type DigestOptions, httpDigest } from "./digest.ts";
export { mutualTls, type MutualTlsOptions } from "./mutual-tls.ts";
export {
  type CodeFlow,
  type ImplicitFlow,
  oauth2,
  oauth2Code,
  type OAuth2CodeOptions,
  type OAuth2Flows,
  type OAuth2Options,
  oauth2Password,
  type OAuth2PasswordOptions,
  openIdConnect,
  type OpenIdConnectOptions,
  type ScopeTexts,
  type TokenFlow,
} from "./oauth2.ts";
export {
  lenientOAuth2PasswordForm,
  type LenientOAuth2PasswordForm,
  oauth2PasswordForm,
  type OAuth2PasswordForm,
} from "./password-form.ts";
export { InsufficientScope, InvalidToken, type TokenCredential } from "./token.ts";
