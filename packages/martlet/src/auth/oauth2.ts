import {
  authorization,
  credential,
  type Credential,
  type CredentialOptions,
} from "./credential.ts";

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
 * import { get } from "martlet";
 * import { oauth2Password } from "martlet/auth";
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
