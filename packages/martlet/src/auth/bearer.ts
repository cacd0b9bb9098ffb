import {
  authorization,
  credential,
  type Credential,
  type CredentialOptions,
} from "./credential.ts";

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
 * import { dependency } from "martlet";
 * import { bearer } from "martlet/auth";
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
