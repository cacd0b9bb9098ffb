/**
 * `martlet/auth`: credentials in signatures.
 *
 * @module
 */
export { apiKey, type ApiKeyOptions } from "./api-key.ts";
export { type BasicCredentials, httpBasic } from "./basic.ts";
export { bearer, type BearerOptions } from "./bearer.ts";
export { type Credential, type CredentialOptions, optional } from "./credential.ts";
export { oauth2Password, type OAuth2PasswordOptions } from "./oauth2.ts";
