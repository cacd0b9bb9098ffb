/**
 * Tokens: credentials under the scheme `Bearer` (RFC 6750), and the problems of tokens that are not
 * good enough.
 *
 * @module
 */
import { type HttpProblem, problem, type ProblemClass, type SecurityScheme } from "../index.ts";
import {
  alone,
  authorization,
  credential,
  type Credential,
  type CredentialOptions,
  refusal,
  type RefusalOptions,
} from "./credential.ts";

/** The token is expired, revoked, forged or malformed: 401 (RFC 6750 section 3.1). */
export const InvalidToken: ProblemClass<401, "invalid-token", {}> = problem(401, "invalid-token");
/** The token is valid, and does not allow this: 403 (RFC 6750 section 3.1). */
export const InsufficientScope: ProblemClass<403, "insufficient-scope", {}> = problem(
  403,
  "insufficient-scope",
);

/** A token as it was sent: whether it is any good is for a dependency to say. */
export interface TokenCredential extends Credential<string> {
  /** The problem for a valid token without the scopes that are needed. Return it, or throw it. */
  readonly forbid: (
    scopes: readonly string[],
    options?: RefusalOptions,
  ) => HttpProblem<403, "insufficient-scope", {}>;
}

/** What a token is made of. */
export interface TokenParts {
  readonly name: string;
  readonly scheme: SecurityScheme;
  /** The authentication schemes that are taken. @default ["Bearer"] */
  readonly prefixes?: readonly string[];
}

/** Makes a credential of tokens. */
export function tokenCredential(
  { name, scheme, prefixes = ["Bearer"] }: TokenParts,
  options: CredentialOptions,
): TokenCredential {
  const { missing, invalid = missing ?? InvalidToken } = options;
  const [prefix = "Bearer"] = prefixes;
  const told = credential({
    ways: alone(name, scheme, options),
    challenges: [{ scheme: prefix }],
    refused: ({ detail }) => [{ scheme: prefix, parameters: invalidToken(detail) }],
    find: (source) => authorization(source, prefixes),
    ...(missing && { missing }),
    invalid,
  });
  return {
    ...told,
    forbid: (scopes, { detail = "The token does not allow this." } = {}) => {
      const parameters = { error: "insufficient_scope", scope: scopes.join(" ") };
      return refusal(InsufficientScope, [{ scheme: prefix, parameters }], detail);
    },
  };
}

function invalidToken(detail: string | undefined): Readonly<Record<string, string>> {
  return { error: "invalid_token", ...(detail !== undefined && { error_description: detail }) };
}
