import type { CredentialOptions } from "./credential.ts";
import { type TokenCredential, tokenCredential } from "./token.ts";

/** What a bearer token may be told. */
export interface BearerOptions extends CredentialOptions {
  /** What kind of token it is, for people: `"JWT"`. */
  readonly format?: string;
  /** The authentication schemes that are taken. @default ["Bearer"] */
  readonly prefixes?: readonly string[];
}

/**
 * A bearer token (RFC 6750): `Authorization: Bearer <token>`. One in the query or a form is never
 * looked at.
 *
 * @example
 * ```ts
 * import { dependency } from "martlet";
 * import { bearer, InvalidToken } from "martlet/auth";
 *
 * const token = bearer({ format: "JWT" });
 * const caller = dependency({ security: { token }, throws: [InvalidToken] }, ({ token: sent }) =>
 *   sent === "sesame" ? { name: "Ali" } : token.refuse(),
 * );
 * expect(caller.kind).toBe("dependency");
 * expect(token.refuse().headers["www-authenticate"]).toEqual(['Bearer error="invalid_token"']);
 * ```
 */
export function bearer(options: BearerOptions = {}): TokenCredential {
  const { name = "bearer", format, prefixes = ["Bearer"] } = options;
  const bearerFormat = format !== undefined && { bearerFormat: format };
  const scheme = { type: "http", scheme: "bearer", ...bearerFormat };
  return tokenCredential({ name, scheme, prefixes }, options);
}
