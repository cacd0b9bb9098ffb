/**
 * `martlet/security`: middleware between browsers and the application.
 *
 * @module
 */
export { cors, type CorsOptions } from "./cors.ts";
export { type HstsOptions, securityHeaders, type SecurityHeadersOptions } from "./headers.ts";
export { BadHost, trustedHosts } from "./hosts.ts";
export { HttpsRequired, httpsRedirect, type HttpsRedirectOptions } from "./https.ts";
export type { Origins } from "./origins.ts";
export type { HttpsOptions } from "./scheme.ts";
